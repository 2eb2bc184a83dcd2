"""One's own data, and the erasure of somebody's: what goes, what stays, and that what stays is valid."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from itti import cli
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.audit.tables import Event
from itti.commands import user as commands
from itti.mail.service import Letter, Recipient, post
from itti.mail.tables import OutgoingMail
from itti.privacy.exporting import WITHHELD, pointing
from itti.privacy.service import pseudonym
from tests.itti.assessments.story import Story, tell
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import World
from tests.itti.expect import problem

PAGE: Final = Path(__file__).parents[3] / "docs" / "personal-data.md"
_NAMES_SOMEBODY: Final = re.compile(r"(user|actor|author|assessor|reviewer|hearer|recipient)_id|\w+_by_id")


@pytest.fixture
def story(world: World, monkeypatch: pytest.MonkeyPatch) -> Story:
    """A certified assessment whose assessor has left since."""
    use_quick_press(monkeypatch)
    told = tell(world).under_review()
    told.step(told.reviewer, "approve")
    return told


def closed(story: Story, person: User) -> None:
    assert story.api(story.office).post(f"/people/{person.id}/closure").status_code == 200


def test_the_page_names_every_column() -> None:
    text = PAGE.read_text("utf-8")
    personal = set(re.findall(r"^\| `(\w+\.\w+)` \|", text, re.MULTILINE))
    other = {
        f"{table}.{column}"
        for table, columns in re.findall(r"^\| `(\w+)` \| (.+) \|$", text, re.MULTILINE)
        for column in re.findall(r"`(\w+)`", columns)
    }
    rows = re.findall(r"^\| `([\w.]+)` \|", text, re.MULTILINE)
    assert sorted(rows) == sorted(set(rows)), "a row stands twice"
    columns = {str(column) for table in SQLModel.metadata.tables.values() for column in table.c}
    assert not personal & other
    assert personal | other == columns
    assert {name for name in WITHHELD if name != "event.salt"} <= personal


def test_everybody_gets_their_own_data_whole_and_without_secrets(story: Story) -> None:
    answer = story.api(story.assessor).get("/me/data")
    assert answer.status_code == 200
    assert "personal-data.json" in answer.headers["content-disposition"]
    held: dict[str, Any] = answer.json()
    assert held["user_account"][0]["email"] == story.assessor.email
    assert {row["move"] for row in held["move"]} == {"start", "submit"}
    assert held["assessment"][0]["as"] == ["assessor_id"]
    assert len(held["answer"]) == 20
    assert {row["action"] for row in held["event"]} >= {"assessment.moved"}
    assert not {"password_hash", "token_hash", "frozen", "salt"} & set(re.findall(r'"(\w+)":', answer.text))
    assert story.owner.email not in answer.text
    assert story.api(None).get("/me/data").status_code == 401
    page = story.world.browser(story.assessor)
    assert "/account/data" in page.get("/account").text
    assert page.get("/account/data").json().keys() == held.keys() | {"sign_in"}


def test_what_points_to_people_is_found_in_the_tables_themselves() -> None:
    found = {table.name: pointers for table, pointers in pointing()}
    assert found["assessment"] == ["assessor_id", "reviewer_id", "hearer_id"]
    assert found["event"] == ["actor_id"]
    for table in SQLModel.metadata.tables.values():
        named = {
            column.name
            for column in table.c
            if re.search(r"(user|actor|author|assessor|reviewer|hearer)_id", column.name)
        }
        assert named <= set(found.get(table.name, ())), table.name


def test_erased_is_who_somebody_was_and_not_what_they_did(story: Story) -> None:
    person, office = story.assessor, story.api(story.office)
    story.world.write(lambda session: post(session, Act(None), Recipient.of(person), Letter("test")))
    problem(office.post(f"/people/{person.id}/erasure"), 409, "account-still-open")
    closed(story, person)
    done = office.post(f"/people/{person.id}/erasure")
    assert done.status_code == 200
    name = pseudonym(person.id)
    assert done.json()["name"] == name
    problem(office.post(f"/people/{person.id}/erasure"), 409, "already-erased")
    with story.world.database.reading() as session:
        assert not session.exec(select(OutgoingMail).where(OutgoingMail.recipient_id == person.id)).all()
        _nowhere(session, person.email)
        _nowhere(session, person.name, but={"preparation.frozen"})
        erased = session.exec(select(Event).where(Event.action == "user.erased")).one()
        assert erased.subject_id == str(person.id)
    number = story.read(story.office)["certificate"]
    assert story.api(None).get(f"/certificates/{number}").json()["state"] == "valid"
    page = story.world.browser(story.office).get(story.path).text
    assert name in page
    assert person.name not in page


def _nowhere(session: Session, text: str, but: set[str] = set()) -> None:  # noqa: B006 - never changed
    """That a text stands in no column of any table, however it is stored."""
    stored = json.dumps(text)[1:-1]
    for table in SQLModel.metadata.tables.values():
        for column in table.c:
            if str(column) in but or isinstance(column.type, sa.LargeBinary):
                continue
            held = sa.cast(column, sa.Text)
            found = sa.or_(held.contains(text, autoescape=True), held.contains(stored, autoescape=True))
            count = session.execute(sa.select(sa.func.count()).select_from(table).where(found)).scalar_one()
            assert count == 0, f"{text} stands in {column}"


def test_who_may_erase(story: Story) -> None:
    closed(story, story.owner)
    for person in (story.assessor, story.reviewer, story.world.create_user(Role.FACTORY)):
        problem(story.api(person).post(f"/people/{story.owner.id}/erasure"), 403, "wrong-role")
    problem(story.api(None).post(f"/people/{story.owner.id}/erasure"), 401, "sign-in-needed")
    problem(story.api(story.office).post(f"/people/{story.id}/erasure"), 404, "user-unknown")
    office = story.world.browser(story.office)
    page = f"/factories/{story.factory.id}"
    assert f"/people/{story.owner.id}/erasure" in office.get(page).text
    answer = office.post(f"/people/{story.owner.id}/erasure")
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    shown = office.get(page).text
    assert "Personal data erased" in shown
    assert f"/people/{story.owner.id}/erasure" not in shown


def test_as_commands(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "settings", lambda: story.world.settings)
    monkeypatch.setenv("ITTI_LANGUAGE", "en")
    email = story.assessor.email
    assert cli.main(["user", "export", email]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert cli.main(["user", "export", email, "--output", str(tmp_path / "data.json")]) == 0
    assert json.loads((tmp_path / "data.json").read_text("utf-8")) == shown
    assert cli.main(["user", "erase", email]) == 0
    assert pseudonym(story.assessor.id) in capsys.readouterr().out
    assert cli.main(["user", "export", email]) == 2
