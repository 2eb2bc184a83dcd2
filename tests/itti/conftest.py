"""A real application on a real, migrated database for every test; people, bodies and factories by one call each."""

from __future__ import annotations

import functools
import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from itti import database
from itti.accounts import service as accounts
from itti.accounts.sessions import cookie_name
from itti.accounts.tables import Role, User
from itti.accreditation.tables import Accreditation, AssessmentBody
from itti.acts import Act
from itti.app import create_app
from itti.certificates.office import Office
from itti.database import Database
from itti.factories.tables import Factory, Sector
from itti.papers import approval
from itti.papers.service import work_off
from itti.settings import PasswordCost, Settings
from reports.report import Form
from tests.itti import engines, postgres
from tests.itti.asking import Client

PASSWORD: Final = "a password for tests alone"
FAMILY: Final = "itti"
ORIGIN: Final = "http://testserver"

RowT = TypeVar("RowT")
ResultT = TypeVar("ResultT")
_numbers = itertools.count(1)


def make_settings(folder: Path, **changes: Any) -> Settings:
    """Settings for a test: everything in ``folder``, cheap password hashes, no environment, papers by hand."""
    values: dict[str, Any] = {
        "data_folder": folder,
        "secret": "a secret for tests alone",
        "password_cost": PasswordCost.CHEAP,
        "sqlite_durable": False,
        "base_url": ORIGIN,
        "paper_workers": 0,
        "due_minutes": 0,
        "reply_days": 0,
        "record_seconds": 0,
        "webhook_hands": 0,
        "export_worker": False,
        "independence_months": 0,
        "rotation_after": 0,
    }
    made = Settings.__new__(Settings)  # checked as ever, but its own way in asks the environment for each: slow
    Settings.__pydantic_validator__.validate_python(values | changes, self_instance=made)
    return made


@pytest.fixture(autouse=True)
def _whole_reports_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Order no short reports, which go the same way, unless a test or the one certificate of a run asks for them."""
    monkeypatch.setattr(approval, "PAPERS", tuple(each for each in approval.PAPERS if each[0] is Form.FULL))


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    """All databases of a run share what SQLAlchemy compiled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "make_engine", engines.sharing(database.make_engine))
        yield


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an SQLite database made by the migrations, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    database.upgrade(make_settings(folder))
    return folder


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    """A PostgreSQL server of this test run, with a migrated template database."""
    with postgres.running() as server:
        address = server.create("itti_template")
        database.upgrade(make_settings(tmp_path_factory.mktemp("unused"), database_url=address))
        engines.know(database.make_engine(address))
        yield server


@pytest.fixture
def settings(tmp_path: Path, migrated: Path) -> Settings:
    """Settings of this test, with a fresh migrated SQLite database."""
    folder = tmp_path / "data"
    shutil.copytree(migrated, folder)
    return make_settings(folder)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def both_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of this test, once with SQLite and once with PostgreSQL, each fresh and migrated."""
    if request.param == "sqlite":
        found: Settings = request.getfixturevalue("settings")
        return found
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return make_settings(tmp_path, database_url=server.create(f"test_{next(_numbers)}", "itti_template"))


@dataclass
class World:
    """An application, its database, and ways to put people and things there without going through the door."""

    app: FastAPI
    settings: Settings
    running: TestClient
    """The client that started the application; all others share its event loop, as they would one server's."""

    @property
    def database(self) -> Database:
        """The application's database."""
        found: Database = self.app.state.database
        return found

    def write(self, work: Callable[[Session], ResultT]) -> ResultT:
        """The result of ``work`` in a transaction of its own."""
        with self.database.writing() as session:
            return work(session)

    def make_papers(self) -> int:
        """Make all papers that wait, as a worker would, and return how many."""
        return work_off(self.database, Office(self.settings))

    def create_user(
        self,
        role: Role = Role.PROGRAMME,
        *,
        body: AssessmentBody | None = None,
        factory: Factory | None = None,
        at: datetime | None = None,
        **changes: Any,
    ) -> User:
        """A person with :data:`PASSWORD`; assessors and factory people get a body or factory where none is given."""
        number = next(_numbers)
        if role is Role.ASSESSOR and body is None:
            body = self.create_body()
        if role is Role.FACTORY and factory is None:
            factory = self.create_factory()
        values = {
            "email": f"person{number}@example.org",
            "name": f"Person {number}",
            "role": role,
            "password": PASSWORD,
            "body_id": body.id if body else None,
            "factory_id": factory.id if factory else None,
        }
        new = accounts.NewUser(**(values | changes))
        act = Act(actor=None, at=at or datetime.now(UTC))
        opened = self.write(lambda session: accounts.create_user(session, act, self.settings, new))
        return opened.user

    def create_body(self, **changes: Any) -> AssessmentBody:
        """An assessment body, accredited for :data:`FAMILY` for a long time."""
        number = next(_numbers)
        values: dict[str, Any] = {
            "name": f"Body {number}",
            "registration": f"AB-{number}",
            "created_at": datetime.now(UTC),
        }
        body = self.add(AssessmentBody(**(values | changes)))
        self.accredit_body(body)
        return body

    def accredit_body(self, body: AssessmentBody, family: str = FAMILY, **changes: Any) -> Accreditation:
        """An accreditation of ``body``, valid for twenty years around today."""
        today = date.today()  # noqa: DTZ011 - days, not moments
        values: dict[str, Any] = {
            "body_id": body.id,
            "family": family,
            "valid_from": today - timedelta(days=3650),
            "valid_until": today + timedelta(days=3650),
            "created_at": datetime.now(UTC),
        }
        return self.add(Accreditation(**(values | changes)))

    def create_factory(self, **changes: Any) -> Factory:
        """A factory."""
        number = next(_numbers)
        values: dict[str, Any] = {
            "name": f"Factory {number}",
            "licence": f"IL-{number}",
            "sector": Sector.FOOD,
            "region": "Abu Dhabi",
            "employees": 120,
            "created_at": datetime.now(UTC),
        }
        return self.add(Factory(**(values | changes)))

    def create_assessor(self, *, body: AssessmentBody | None = None, family: str = FAMILY, **changes: Any) -> User:
        """An assessor accredited for ``family`` since last year and for another year."""
        user = self.create_user(Role.ASSESSOR, body=body, **changes)
        self.accredit(user, family)
        return user

    def accredit(self, user: User, family: str = FAMILY, **changes: Any) -> Accreditation:
        """An accreditation of ``user``, valid from a year ago for two years, under a body that is accredited too."""
        if family != FAMILY:
            self._let_body_have(user, family)
        today = date.today()  # noqa: DTZ011 - days, not moments
        values: dict[str, Any] = {
            "user_id": user.id,
            "family": family,
            "valid_from": today - timedelta(days=365),
            "valid_until": today + timedelta(days=365),
            "created_at": datetime.now(UTC),
        }
        return self.add(Accreditation(**(values | changes)))

    def _let_body_have(self, user: User, family: str) -> None:
        with self.database.reading() as session:
            body = session.get_one(AssessmentBody, user.body_id)
            held = select(Accreditation).where(Accreditation.body_id == body.id, Accreditation.family == family)
            found = session.exec(held).first()
        if found is None:
            self.accredit_body(body, family)

    def add(self, row: RowT) -> RowT:
        """Store a row and return it."""
        self.write(lambda session: session.add(row))
        return row

    def token(self, user: User, at: datetime | None = None) -> str:
        """A bearer token of ``user``, issued at ``at``."""

        def issue(session: Session) -> str:
            act = Act(actor=session.get(User, user.id), at=at or datetime.now(UTC))
            return accounts.issue_token(session, act, self.settings, "test").secret

        return self.write(issue)

    def sign_in_secret(self, user: User, at: datetime | None = None) -> str:
        """The secret of a browser session of ``user``, begun at ``at``."""

        def start(session: Session) -> str:
            act = Act(actor=session.get(User, user.id), at=at or datetime.now(UTC))
            return accounts.start_sign_in(session, act, self.settings)

        return self.write(start)

    def api(self, user: User | None = None, token: str | None = None) -> TestClient:
        """A client of the API (addresses without ``/api/v1``) with a token of ``user``; without: a stranger."""
        client = Client(self.app, base_url=f"{ORIGIN}/api/v1")
        client.portal = self.running.portal
        if user is not None:
            token = self.token(user)
        if token is not None:
            client.headers["Authorization"] = f"Bearer {token}"
        return client

    def browser(self, user: User | None = None) -> TestClient:
        """A client of the pages that behaves like a browser; with ``user`` signed in by cookie. Redirects stay."""
        client = Client(self.app, base_url=ORIGIN, follow_redirects=False)
        client.portal = self.running.portal
        client.headers.update({"Accept": "text/html", "Sec-Fetch-Site": "same-origin"})
        if user is not None:
            client.cookies.set(cookie_name(self.settings), self.sign_in_secret(user))
        return client


@contextmanager
def running_world(settings: Settings) -> Iterator[World]:
    """The application, started."""
    app = create_app(settings, _doors())
    app.__dict__["openapi"] = description  # the same for all, and it takes longer to make than most tests
    with Client(app, base_url=ORIGIN) as client:
        yield World(app, settings, client)


@functools.cache
def _doors() -> list[BaseRoute]:
    """The routes of the application, the same whatever its settings.

    FastAPI takes each endpoint apart when the first request of an *application* comes by, which costs more than most
    tests; the outcome stays with the routes. What a request needs of its own application it finds in its scope.
    """
    return create_app(make_settings(Path("nowhere"))).router.routes


@functools.cache
def description() -> dict[str, Any]:
    """The description of the API."""
    app = create_app(make_settings(Path("nowhere")), _doors())
    return app.openapi()


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    """The application on SQLite."""
    with running_world(settings) as made:
        yield made


@pytest.fixture
def both_worlds(both_settings: Settings) -> Iterator[World]:
    """The application, once on SQLite and once on PostgreSQL."""
    with running_world(both_settings) as made:
        yield made


@pytest.fixture
def client(world: World) -> TestClient:
    """A stranger at the API."""
    return world.api()


@pytest.fixture
def api(world: World) -> Callable[..., TestClient]:
    """:meth:`World.api`."""
    return world.api


@pytest.fixture
def create_user(world: World) -> Callable[..., User]:
    """:meth:`World.create_user`."""
    return world.create_user


@pytest.fixture
def create_body(world: World) -> Callable[..., AssessmentBody]:
    """:meth:`World.create_body`."""
    return world.create_body


@pytest.fixture
def create_factory(world: World) -> Callable[..., Factory]:
    """:meth:`World.create_factory`."""
    return world.create_factory
