"""Issuing: what the certificate says, and what becomes of the one before it."""

import dataclasses
import hashlib
import io
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from itti.acts import Act
from itti.assessments import service
from itti.assessments.schemas import AnswerGiven
from itti.assessments.tables import Assessment, Phase
from itti.audit.tables import Event
from itti.certificates import jobs
from itti.certificates.errors import PressFailed
from itti.certificates.office import Office
from itti.certificates.tables import Certificate, CertificateFile
from itti.papers import settling
from itti.papers.freezing import Frozen
from itti.papers.tables import Preparation
from questionnaires import load
from reports.report import Report
from scoring import Scorecard
from tests.itti.assessments.story import REASON, Story, plan, tell
from tests.itti.certificates.conftest import Certified
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import World


def attached(pdf: bytes, name: str) -> dict[str, Any]:
    """A file inside a paper."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        found: dict[str, Any] = json.loads(document.attachments[name].get_file().read_bytes())
    return found


def test_what_it_says(certified: Certified) -> None:
    story = certified.story
    with certified.world.database.reading() as session:
        row = session.exec(select(Certificate)).one()
        files = session.exec(select(CertificateFile)).all()
        one = session.get(Assessment, story.id)
    assert one is not None
    assert (row.family, row.definition_version, row.digest) == (one.family, one.definition_version, one.digest)
    assert (row.index_value, row.factory_name, row.standing) == ("3.00", "Gulf Foods LLC", "demonstration")
    card = Scorecard.from_json(row.scorecard.encode())
    assert card.complete
    assert card.headline.value == row.index_value
    assert hashlib.sha256(row.scorecard.encode()).hexdigest() == row.scorecard_sha256
    assert {(file.form.value, file.language) for file in files} == set(product(["report", "short"], ["en", "ar"]))

    says = attached(certified.english, "certificate.json")
    assert (says["number"], says["factory"], says["value"]) == (certified.number, "Gulf Foods LLC", "3.00")
    assert (says["issued_on"], says["expires_on"]) == (row.issued_on.isoformat(), row.expires_on.isoformat())
    answers = attached(certified.english, "answers.json")
    assert answers == json.loads(row.answers)
    assert answers["answers"]["maintenance"]["reason"] == REASON
    assert len(answers["answers"]["maintenance"]["evidence"]) == 1
    assert hashlib.sha256(row.answers.encode()).hexdigest() == says["answers_sha256"]


def test_it_is_on_the_record(certified: Certified) -> None:
    with certified.world.database.reading() as session:
        event = session.exec(select(Event).where(Event.action == "certificate.issued")).one()
    assert event.details["number"] == certified.number
    assert event.actor_id == certified.story.reviewer.id


@pytest.fixture
def quick_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers in no time, where the register is looked at and not what it keeps."""
    use_quick_press(monkeypatch)


def again(certified: Certified) -> str:
    """Assess the same factory again, up to the next certificate; returns its number."""
    old = certified.story
    new: Story = dataclasses.replace(old, id=plan(certified.world, old.factory, old.assessor, old.office))
    new.step(new.owner, "start-self-assessment")
    new.answer_all(new.owner, Phase.SELF, 5)
    new.started().answer_all(new.assessor, level=4)
    new.step(new.assessor, "submit")
    new.step(new.reviewer, "take-review")
    return str(new.moved(new.reviewer, "approve")["certificate"])


@pytest.mark.usefixtures("quick_press")
def test_next_certificate_of_the_factory(certified: Certified) -> None:
    number = again(certified)
    assert number == certified.number[:-1] + "2"
    first = certified.world.api().get(certified.path).json()
    assert (first["state"], first["superseded_by"]) == ("superseded", number)
    second = certified.world.api().get(f"/certificates/{number}").json()
    assert (second["state"], second["index"]) == ("valid", "4.00")
    with certified.world.database.reading() as session:
        event = session.exec(select(Event).where(Event.action == "certificate.superseded")).one()
    assert event.details == {"number": certified.number, "by": number}


@pytest.mark.usefixtures("quick_press")
def test_a_report_knows_all_certificates_before_it(certified: Certified) -> None:
    """Those that are expired or superseded too; one that was revoked counts for nothing."""
    numbers = [certified.number, again(certified), again(certified)]
    office = certified.story.api(certified.story.office)
    assert office.post(f"/certificates/{numbers[1]}/revocation", json={"reason": "Forged."}).status_code == 200
    last = again(certified)
    with certified.world.database.reading() as session:
        preparation = session.exec(select(Preparation).where(Preparation.number == last)).one()
        rows = session.exec(select(Certificate, Assessment).join(Assessment)).all()
    submitted = {row.number: one.assessed_on(certified.world.settings.zone) for row, one in rows}
    report = Frozen.of(preparation).report
    assert report.previous_value == "4.00"
    assert [(each.on, each.value, each.version) for each in report.history] == [
        (submitted[numbers[0]], "3.00", "1.0.0"),
        (submitted[numbers[2]], "4.00", "1.0.0"),
    ]
    page = certified.world.browser(certified.story.owner).get(f"/assessments/{preparation.assessment_id}/scorecard")
    trend = page.text.partition('id="trend"')[2].partition("</section>")[0]
    assert re.findall(r'class="strong">([0-9.]+)<', trend) == ["3.00", "4.00", "4.00"]


@pytest.mark.usefixtures("quick_press")
def test_an_expired_one_stays_expired(certified: Certified) -> None:
    def expire(session: Session) -> None:
        session.execute(sa.text("UPDATE certificate SET expires_on = '2026-01-31'"))

    certified.world.write(expire)
    again(certified)
    first = certified.world.api().get(certified.path).json()
    assert (first["state"], first["superseded_by"]) == ("expired", None)


@pytest.mark.usefixtures("quick_press")
def test_another_factorys_certificate_is_left_alone(certified: Certified) -> None:
    other = tell(certified.world).under_review()
    other.moved(other.reviewer, "approve")
    assert certified.world.api().get(certified.path).json()["state"] == "valid"


def test_jobs_import_no_database() -> None:
    """The processes that hold the key stay small."""
    code = "import sys, itti.certificates.jobs; print([n for n in ('sqlalchemy', 'fastapi') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_questionnaire_with_several_questions_a_dimension(world: World) -> None:
    story = tell(world)
    story.id = plan(world, story.factory, story.assessor, story.office, version="2.0.0")
    story.started()
    questions = [question.id for question in load("itti", "2.0.0").questions]
    low = {"maintenance-plan": 1}

    def answer(session: Session, act: Act) -> None:
        for question in questions:
            given = AnswerGiven(level=low.get(question, 2), reason=REASON)
            service.save(session, act, story.id, question, Phase.ASSESSED, given, expected=None)

    story.do(story.assessor, answer)
    story.step(story.assessor, "submit")
    story.step(story.reviewer, "take-review")
    story.step(story.reviewer, "approve")
    with world.database.reading() as session:
        row = session.exec(select(Certificate)).one()
    card = Scorecard.from_json(row.scorecard.encode())
    assert (card.version, card.node("maintenance").value, row.index_value) == ("2.0.0", "1.75", card.headline.value)
    given = json.loads(row.answers)["answers"]
    assert (len(given), given["maintenance-plan"]["level"]) == (71, 1)
    for language in ("en", "ar"):
        asked = story.api(story.office).get(f"/certificates/{row.number}/report.pdf", params={"language": language})
        assert asked.content.startswith(b"%PDF")


def test_its_papers_say_what_would_lift_the_index(certified: Certified) -> None:
    with certified.world.database.reading() as session:
        report = settling.complete(session.exec(select(Preparation)).one()).report
    assert report.levers is not None
    assert (report.levers.value, report.levers.proven) == ("3.00", True)
    said = subprocess.run(["pdftotext", "-", "-"], input=certified.english, capture_output=True, check=True).stdout
    assert "The shortest way to" in said.decode()


def test_levers_that_take_too_long_are_left_out(certified: Certified, monkeypatch: pytest.MonkeyPatch) -> None:
    class Tired:
        def run(self, job: object, report: Report) -> None:
            assert (job, report.number) == (jobs.find_levers, certified.number)
            raise PressFailed(reason="processor")

    monkeypatch.setattr(Office, "reckoner", Tired())
    with certified.world.database.reading() as session:
        report = settling.complete(session.exec(select(Preparation)).one()).report
    made = settling.make(Office(certified.world.settings), report, datetime.now(UTC))
    assert (made.levers, made.credential is not None) == (None, True)
