"""Tries every door of the application as every kind of person, changing nothing."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx2
from pydantic import SecretStr
from sqlmodel import Session, select
from starlette.testclient import TestClient

from itti.accounts import links
from itti.accounts import service as accounts
from itti.accounts.scopes import Scope
from itti.accounts.service import NewUser
from itti.accounts.tables import ApiToken, Purpose, Role, SignIn, User
from itti.accreditation.tables import Accreditation
from itti.acts import Act
from itti.app import create_app
from itti.assessments.schemas import CommentInput
from itti.assessments.tables import Comment
from itti.evidence.tables import Evidence
from itti.footprints import partners
from itti.footprints import service as footprints
from itti.footprints.schemas import InventoryInput, PartnerInput
from itti.footprints.tables import EventName, FootprintEvent, FootprintMessage
from itti.http.limits import AttemptLimit
from itti.independence.schemas import EngagementInput
from itti.independence.service import engage
from itti.independence.tables import Engagement, Tie
from itti.machines import service as machines
from itti.machines.schemas import MachineInput
from itti.mail.service import Letter, Recipient, post
from itti.passkeys.tables import Passkey
from itti.providers.tables import LinkedIdentity
from itti.queue.rows import JobState
from itti.results.tables import ResultExport
from itti.seconds.schemas import ChooseInput
from itti.seconds.service import choose
from itti.settings import Provider
from itti.webhooks import service as webhooks
from itti.webhooks.schemas import WebhookInput
from tests.itti.assessments.story import DIGEST, Story, plan, tell
from tests.itti.conftest import PASSWORD, World, make_settings
from tests.itti.footprints.stage import INVENTORY, PRODUCT, declared

_REFUSED: Final = frozenset({401, 403, 404})
_LET_IN: Final = frozenset({200, 201, 202, 204, 303, 409, 412, 415, 422})
"""What follows once it is settled that somebody may: done, or something else than the person is in the way."""

_OUTSIDE: Final = ("/sign-in?", "/verify")
"""Where pages send those who may not see them."""


@dataclass(frozen=True, order=True)
class Door:
    """One method of one route."""

    path: str
    method: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def doors() -> list[Door]:
    """Every door there is, found in the application itself."""
    app = create_app(make_settings(Path("nowhere")))
    return sorted(set(_doors(app.router.routes, "")))


def _doors(routes: list[Any], prefix: str) -> Iterator[Door]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _doors(inner.routes, prefix + route.include_context.prefix)
        else:
            for method in getattr(route, "methods", None) or ():
                if method not in {"HEAD", "OPTIONS"}:
                    yield Door(prefix + route.path, method)


@dataclass
class Stage:
    """An assessment returned to its assessor, an earlier certificate of the same factory, and everybody around."""

    clients: Mapping[str, tuple[TestClient, TestClient]]
    """What somebody is to the assessment → their clients of the API and of the pages, signed in."""

    names: Mapping[str, str]
    """Parameters of paths → what they stand for."""

    document: Mapping[str, Any]
    """The description of the API: where bodies come from."""

    def tried(self, door: Door, who: str) -> httpx2.Response:
        """The answer to somebody at a door; the database has to be one that keeps nothing."""
        path = re.sub(r"\{(\w+)(:\w+)?\}", lambda found: self._name(door.path, found[1]), door.path)
        return self.clients[who][not door.path.startswith("/api/")].request(door.method, path, **self._sent(door))

    def lets_in(self, door: Door, who: str) -> bool:
        """Whether somebody may open a door."""
        answer = self.tried(door, who)
        if answer.status_code in _REFUSED:
            return False
        assert answer.status_code in _LET_IN, f"{door} as {who}: {answer.status_code} says neither yes nor no"
        return not (answer.is_redirect and answer.headers["location"].startswith(_OUTSIDE))

    def _name(self, path: str, parameter: str) -> str:
        """What a parameter stands for; some say something else below another path."""
        for beginning, names in _ELSEWHERE.items():
            if path.startswith(beginning) and parameter in names:
                return self.names[names[parameter]]
        return self.names[parameter]

    def _sent(self, door: Door) -> dict[str, Any]:
        """A request that nothing is wrong with but, perhaps, who sends it."""
        given = SENT.get(str(door))
        if given is not None:
            return given(self.names)
        if door.method == "GET" or not door.path.startswith("/api/"):
            return {}
        operation = self.document["paths"][door.path][door.method.lower()]
        words = operation.get("requestBody")
        return {} if words is None else {"json": self._example(words["content"]["application/json"]["schema"])}

    def _example(self, schema: Mapping[str, Any]) -> Any:
        if "$ref" in schema:
            return self._example(self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
        if "examples" in schema and schema.get("type") != "object":
            return schema["examples"][0]
        if schema.get("type") == "object" and "properties" in schema:
            if "examples" in schema:
                return schema["examples"][0]
            required = schema.get("required", ())
            return {name: self._example(words) for name, words in schema["properties"].items() if name in required}
        return schema.get("examples", [None])[0]


def _tagged(tag: str, /, **body: object) -> Callable[[Mapping[str, str]], dict[str, Any]]:
    return lambda names: {"json": body, "headers": {"If-Match": names[tag]}}


def _form(**fields: str) -> Callable[[Mapping[str, str]], dict[str, Any]]:
    """Fields of a page's form; ``@name`` stands for what the stage calls so."""
    return lambda names: {"data": {key: names.get(text[1:], text) for key, text in fields.items()}}


def _file(_names: Mapping[str, str]) -> dict[str, Any]:
    return {"files": {"file": ("note.txt", io.BytesIO(b"seen on the floor"), "text/plain")}}


def _code(_names: Mapping[str, str]) -> dict[str, Any]:
    return {"json": {"code": "123456"}}


def _carried(names: Mapping[str, str]) -> dict[str, Any]:
    return {"json": {"from": names["source"], "which": "assessed"}}


_ELSEWHERE: Final = {
    "/assessments/{identifier}/papers": {"identifier": "source"},
    "/api/v1/assessments/{assessment_id}/papers": {"assessment_id": "source"},
    "/messages/": {"identifier": "message_id"},
    "/api/v1/certificates/status-lists/": {"name": "year"},
    "/api/v1/footprint-partners/": {"message_id": "footprint_message_id"},
    "/api/pact/": {"identifier": "footprint_id"},
    "/footprint-partners/": {"message_id": "footprint_message_id"},
    "/colleagues/": {"user_id": "colleague_id"},
    "/language/": {"code": "language"},
}
_FACTORY: Final = {
    "name": "A mill",
    "licence": "IL-1-2",
    "sector": "food",
    "region": "Abu Dhabi",
}
_ANSWER: Final = {"level": 3, "reason": "Seen."}
_PASSWORD: Final = {"current": PASSWORD, "new": "another password for tests"}

SENT: Final[Mapping[str, Callable[[Mapping[str, str]], dict[str, Any]]]] = {
    "PUT /api/v1/assessment-bodies/{body_id}": _tagged("body_tag", name="A body", registration="AB-9"),
    "PUT /api/v1/factories/{factory_id}": _tagged("factory_tag", **_FACTORY, employees=9),
    "POST /api/v1/factories": lambda _: {"json": {**_FACTORY, "employees": 9}},
    "PUT /api/v1/assessments/{assessment_id}/answers/{question}": _tagged("answer_tag", **_ANSWER),
    "PUT /assessments/{identifier}/answers/{question}": _tagged("answer_tag", **_ANSWER),
    "POST /api/v1/assessments/{assessment_id}/answers/{question}/looked-at": _tagged("answer_tag"),
    "POST /api/v1/assessments/{assessment_id}/answers/{question}/evidence": _file,
    "POST /assessments/{identifier}/answers/{question}/evidence": _file,
    "POST /assessments/{identifier}/answers/{question}/evidence/links": _form(evidence="@evidence_id"),
    "POST /assessments/{identifier}/answers/{question}/notes": _form(kind="walk", seen_on="2026-01-05", text="Seen."),
    "POST /api/v1/evidence/{evidence_id}/revisions": _file,
    "POST /evidence/{evidence_id}/revisions": _file,
    "POST /evidence/{evidence_id}/note": _form(seen_on="2026-01-05", text="Seen."),
    "POST /api/v1/assessments/{assessment_id}/carry-over": _carried,
    "POST /api/v1/assessments/{assessment_id}/carry-over/preview": _carried,
    "POST /api/v1/assessments/{assessment_id}/work-package/answers": lambda names: {
        "json": {
            "batch_id": names["assessment_id"],
            "digest": names["digest"],
            "answers": [{"question": names["question"], "base": 1, "answer": _ANSWER}],
        }
    },
    "POST /api/v1/assessments/{assessment_id}/moves": _tagged("assessment_tag", move="submit"),
    "POST /api/v1/comments/{comment_id}/resolution": _tagged("comment_tag"),
    "DELETE /api/v1/comments/{comment_id}/resolution": _tagged("comment_tag"),
    "POST /assessments/{identifier}/comments": lambda _: {"data": {"comment-maintenance": "Seen."}},
    "POST /api/v1/second-assessments": lambda names: {
        "json": {"assessment_id": names["assessment_id"], "reason": "New assessor."}
    },
    "POST /api/v1/second-assessments/{choice_id}/assignment": lambda names: {
        "json": {"assessor_id": names["user_id"], "planned_for": "2099-01-01"}
    },
    "POST /second-assessments": _form(assessment_id="@assessment_id", reason="New assessor."),
    "POST /api/v1/machines": lambda names: {
        "json": {"name": "x", "scopes": ["assessments:read"], "assessor_id": names["assessor_id"]}
    },
    "POST /machines": _form(
        **{"name": "x", "scope.assessments:read": "1", "secret_days": "9", "assessor_id": "@assessor_id"}
    ),
    "POST /machines/{machine_id}/secrets": _form(overlap_hours="1", secret_days="9"),
    "POST /api/v1/oauth/token": _form(grant_type="client_credentials", client_id="@machine_id", client_secret="@key"),
    "POST /api/v1/oauth/revocation": _form(token="x", client_id="@machine_id", client_secret="@key"),
    "POST /api/pact/auth/token": _form(
        grant_type="client_credentials", client_id="@partner_client", client_secret="@partner_key"
    ),
    "POST /api/pact/3/events": lambda _: {
        "content": b"{}",
        "headers": {"Content-Type": "application/cloudevents+json"},
    },
    "POST /footprint-partners": _form(name="Builders"),
    "POST /footprints/{footprint_id}/partners": _form(none=""),
    "POST /api/v1/footprints": lambda _: {"json": {"footprint": declared()}},
    "POST /api/v1/footprint-partners": lambda _: {"json": {"name": "Builders"}},
    "POST /api/v1/footprint-partners/{partner_id}/requests": lambda _: {"json": {}},
    "POST /api/v1/tokens": lambda names: {"json": {"email": names["email"], "password": PASSWORD, "label": "x"}},
    "POST /api/v1/me/password": lambda _: {"json": _PASSWORD},
    "POST /api/v1/verifications": _file,
    "POST /verify": _file,
    "GET /set-password": lambda names: {"params": {"link": names["link"]}},
    "POST /set-password": _form(link="@link", new=PASSWORD),
    "POST /api/v1/passwords": lambda names: {"json": {"link": names["link"], "new": PASSWORD}},
    "POST /forgotten-password": _form(email="@email"),
    "POST /sign-in": _form(email="@email", password=PASSWORD),
    "POST /account/password": _form(**_PASSWORD),
    "POST /account/time": _form(time_zone="Asia/Dubai", calendar="with-islamic"),
    "POST /account/tokens": lambda _: {"data": {"label": "tablet", "days": "9", "scope.events:read": "1"}},
    "POST /api/v1/me/second-factor": lambda _: {"json": {"password": PASSWORD}},
    "POST /api/v1/me/second-factor/confirmation": _code,
    "POST /api/v1/me/second-factor/recovery-codes": _code,
    "POST /api/v1/me/second-factor/removal": _code,
    "POST /api/v1/webhooks/{webhook_id}/replay": lambda _: {
        "json": {"since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"}
    },
    "POST /result-exports": _form(questionnaire="itti 1.0.0"),
    "PUT /api/v1/webhooks/{webhook_id}": lambda _: {
        "json": {"address": "https://example.com/itti"},
        "headers": {"If-Match": '"1"'},
    },
    "POST /webhooks": _form(address="https://example.com/itti"),
    "POST /webhooks/{webhook_id}/change": _form(address="https://example.com/itti", version="1"),
    "POST /webhooks/{webhook_id}/replay": _form(first="2026-01-01", last="2026-01-02"),
    "POST /account/second-factor": _form(password=PASSWORD),
    "POST /account/passkeys": _form(name="key", ticket="none", credential="{}"),
    "POST /sign-in/passkey": _form(ticket="none", credential="{}"),
    "POST /prove": _form(ticket="none", credential="{}"),
    "POST /api/v1/me/proof": lambda _: {"json": {"ticket": "none", "credential": {}}},
    "POST /accreditations/{accreditation_id}/withdrawal": _form(reason="Moved on.", assessor="@assessor_id"),
    "POST /accreditations/{accreditation_id}/suspensions": _form(since="2099-01-01", reason="A complaint."),
    "POST /accreditations/{accreditation_id}/reinstatement": _form(reason="Settled."),
    "POST /bodies/{body_id}/accreditations": _form(family="itti", valid_from="2098-01-01", valid_until="2098-12-31"),
    "POST /api/v1/assessments/{assessment_id}/declarations": lambda _: {"json": {"ties": []}},
    "POST /assessments/{identifier}/declaration": _form(none="1"),
    "PUT /api/v1/assessments/{assessment_id}/targets": _tagged("targets_tag", targets=[]),
    "POST /assessments/{identifier}/targets": _form(note=""),
    "POST /api/v1/factories/{factory_id}/engagements": lambda names: {
        "json": {"user_id": names["assessor_id"], "tie": "advised"}
    },
    "POST /factories/{factory_id}/engagements": _form(holder="@holder", tie="advised"),
    "POST /engagements/{engagement_id}/strike": _form(reason="Somebody of the same name."),
    "POST /assessments/{identifier}/moves": _form(move="withdraw", note="Planned twice."),
    "POST /assessments/{identifier}/review": _form(move="return", note="Look again."),
    "POST /certificates/{number}/revocation": _form(reason="Two meters did not exist."),
    "GET /assessments/{identifier}/carry-over/{source}": lambda _: {"params": {"which": "assessed"}},
    "POST /assessments/{identifier}/carry-over/{source}": lambda _: {"params": {"which": "assessed"}},
}
"""Doors whose request is not simply the example of the description."""


def staged(world: World) -> Stage:
    """The stage."""
    elsewhere = Provider(
        name="Elsewhere",
        issuer="https://elsewhere.example",
        client_id="itti",
        client_secret=SecretStr("secret"),
        authorize_url="https://elsewhere.example/in",
        token_url="https://elsewhere.example/token",
        userinfo_url="https://elsewhere.example/me",
    )
    sending = {
        "mail_host": "127.0.0.1",
        "mail_sender": "office@programme.example",
        "providers": {"elsewhere": elsewhere},
    }
    world.app.state.settings = world.settings.model_copy(update=sending)
    world.app.state.recovery_limit = AttemptLimit(100)
    story = tell(world)
    story.under_review().step(story.reviewer, "approve")
    number = story.read(story.office)["certificate"]
    again = Story(
        world,
        story.office,
        story.assessor,
        story.reviewer,
        story.owner,
        story.factory,
        plan(world, story.factory, story.assessor, story.office),
    )
    remark = CommentInput(question="maintenance", text="Of which line?", demands_change=True)
    again.under_review().step(again.reviewer, "return", note="Look again.", comments=[remark])
    question = "maintenance"
    attached = again.api(again.assessor).post(
        again.evidence_path(question), files={"file": ("log.txt", io.BytesIO(b"a log"), "text/plain")}
    )
    people = {
        "stranger": None,
        "office": story.office,
        "assessor": story.assessor,
        "reviewer": story.reviewer,
        "other assessor": world.create_assessor(name="Somebody else"),
        "factory": story.owner,
        "other factory": world.create_user(Role.FACTORY),
    }

    long_ago = world.create_assessor(name="Long ago")

    def collect(session: Session) -> dict[str, str]:
        token = ApiToken  # one of the owner's
        to = Recipient("a@b.example", "A")
        message = post(session, Act(None), to, Letter("test"))
        assert message is not None
        accreditation = session.exec(select(Accreditation).where(Accreditation.user_id == story.assessor.id)).first()
        assert accreditation is not None
        evidence = session.exec(select(Evidence).where(Evidence.assessment_id == again.id)).first()
        owned = session.exec(select(token).where(token.user_id == story.owner.id)).first()
        begun = session.exec(select(SignIn).where(SignIn.user_id == story.owner.id)).first()
        invited = accounts.create_user(
            session, Act(None), world.settings, NewUser("new@b.example", "New", Role.PROGRAMME, invited=True)
        ).user
        made = links.make(session, Act(None), world.settings, invited, Purpose.INVITATION)
        machine = MachineInput(name="Tablets", scopes=[Scope.ASSESSMENTS_READ])
        given = machines.register(session, Act(session.get(User, story.assessor.id)), world.settings, machine)
        return {
            "link": made.path.partition("=")[2],
            "machine_id": str(given.shown.machine.id),
            "key": given.secret,
            "colleague_id": str(invited.id),
            "message_id": str(message.id),
            "engagement_id": str(_engaged(session, story, long_ago).id),
            "accreditation_id": str(accreditation.id),
            "comment_id": str(session.exec(select(Comment.id).where(Comment.assessment_id == again.id)).one()),
            "comment_tag": '"1"',
            "choice_id": str(_chosen(session, story)),
            "evidence_id": str(evidence.id) if evidence else "",
            "token_id": str(owned.id) if owned else "",
            "session_id": str(begun.id) if begun else "",
            "identity_id": str(_identity(session, story).id),
            "passkey_id": str(_passkey(session, story).id),
            "export_id": str(_export(session, story)),
            **_webhook(session, story),
            **_footprint(session, story),
        }

    story.api(story.owner)
    world.sign_in_secret(story.owner)
    names = {
        **world.write(collect),
        "assessment_id": str(again.id),
        "identifier": str(again.id),
        "factory_id": str(story.factory.id),
        "body_id": str(story.assessor.body_id),
        "assessor_id": str(story.assessor.id),
        "holder": f"user:{story.assessor.id}",
        "user_id": str(story.owner.id),
        "number": number,
        "revision": "1",
        "family": "itti",
        "version": "1.0.0",
        "digest": DIGEST,
        "question": question,
        "name": question,
        "item": "line-1",
        "email": story.office.email,
        "source": str(story.id),
        "form": "csv",
        "code": "stale",
        "language": "ar",
        "provider": "elsewhere",
        "year": number.split("-")[1],
        "targets_tag": '"0"',
    }
    assert attached.status_code < 300, attached.text
    office = story.api(story.office)
    for name, path in (
        ("assessment_tag", again.path),
        ("answer_tag", f"{again.path}/answers/{question}"),
        ("factory_tag", f"/factories/{story.factory.id}"),
        ("body_tag", f"/assessment-bodies/{story.assessor.body_id}"),
    ):
        names[name] = office.get(path).headers["etag"]
    document = world.api().get("http://testserver/api/v1/openapi.json").json()
    clients = {who: (_at_root(world.api(person)), world.browser(person)) for who, person in people.items()}
    return Stage(clients, names, document)


def _at_root(client: TestClient) -> TestClient:
    client.base_url = httpx2.URL("http://testserver")
    return client


def _passkey(session: Session, story: Story) -> Passkey:
    """One of the owner's."""
    made = Passkey(
        user_id=story.owner.id,
        credential="AAAA",
        public_key="",
        sign_count=0,
        name="key",
        synchronised=False,
        created_at=datetime.now(UTC),
    )
    session.add(made)
    session.flush()
    return made


def _footprint(session: Session, story: Story) -> dict[str, str]:
    """One of the factory's, and a partner that was told of it."""
    act, settings = Act(story.owner), story.world.settings.model_copy(update={"webhook_private": True})
    partner = PartnerInput(name="Builders", base_url="http://127.0.0.1:9")
    made = partners.enter(session, act, settings, partner)
    inventory = InventoryInput.model_validate({"inventory": INVENTORY, "product": PRODUCT})
    row = footprints.compute(session, act, inventory, "en").row
    footprints.share(session, act, row.id, [made.partner.id])
    message = session.exec(select(FootprintMessage.id)).one()
    event = FootprintEvent(
        partner_id=made.partner.id,
        source="https://partner.example",
        event="1",
        name=EventName.PUBLISHED,
        content=json.dumps({"data": {"pfIds": [str(row.id)]}}),
        received_at=datetime.now(UTC),
    )
    session.add(event)
    session.flush()
    return {
        "partner_id": str(made.partner.id),
        "partner_client": str(made.partner.machine_id),
        "partner_key": made.secret or "",
        "footprint_id": str(row.id),
        "footprint_message_id": str(message),
        "event_id": str(event.id),
    }


def _export(session: Session, story: Story) -> UUID:
    """Figures that the office has had exported."""
    made = ResultExport(
        state=JobState.DONE,
        next_try=datetime.now(UTC),
        family="itti",
        version="1.0.0",
        asked_by=story.office.id,
        created_at=datetime.now(UTC),
        parquet=b"PAR1",
        dictionary=b"{}",
    )
    session.add(made)
    session.flush()
    return made.id


def _webhook(session: Session, story: Story) -> dict[str, str]:
    """One of the factory's, with something delivered."""
    act, private = Act(story.owner), story.world.settings.model_copy(update={"webhook_private": True})
    given = WebhookInput(address="http://127.0.0.1:9/")
    made = webhooks.add(session, act, private, given).webhook
    return {"webhook_id": str(made.id), "delivery_id": str(webhooks.test(session, act, made.id).id)}


def _identity(session: Session, story: Story) -> LinkedIdentity:
    """One of the owner's."""
    made = LinkedIdentity(user_id=story.owner.id, provider="elsewhere", subject="owner", created_at=datetime.now(UTC))
    session.add(made)
    session.flush()
    return made


def _engaged(session: Session, story: Story, person: User) -> Engagement:
    """An entry of the office about somebody who is in nobody's way."""
    act = Act(session.get(User, story.office.id))
    new = EngagementInput(user_id=person.id, tie=Tie.ADVISED, until=date(2001, 1, 1))
    return engage(session, act, story.factory.id, new)


def _chosen(session: Session, story: Story) -> UUID:
    """An assessment that the office has chosen for a second one."""
    act = Act(session.get(User, story.office.id))
    return choose(session, act, ChooseInput(assessment_id=story.id, reason="A new assessor.")).id
