"""The register at the API: what is public, what is not, downloads, revocation."""

import hashlib
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from unittest.mock import Mock
from uuid import UUID

import pikepdf
import pytest
import sqlalchemy as sa
from sqlmodel import Session

from itti.accounts.tables import Role
from itti.assessments.tables import AssessmentState
from itti.audit.service import history
from itti.certificates import register
from itti.certificates.tables import Certificate, CertificateFile, CertificateState
from questionnaires import load
from reports import spreadsheet
from scoring import Scorecard
from tests.itti.assessments.story import counted
from tests.itti.certificates.conftest import Certified
from tests.itti.expect import pointers, problem

FILES = ("report.pdf", "short.pdf", "scorecard.json", "scorecard.csv", "scorecard.xlsx")


def test_entry_is_public(certified: Certified) -> None:
    entry = certified.world.api().get(certified.path).json()
    assert set(entry) == {
        "number",
        "state",
        "standing",
        "factory",
        "factory_ar",
        "family",
        "definition_version",
        "digest",
        "index",
        "band",
        "issued_on",
        "expires_on",
        "scorecard_sha256",
        "content_sha256",
        "papers",
        "revoked_on",
        "revocation_reason",
        "superseded_by",
    }
    assert (entry["number"], entry["state"], entry["index"]) == (certified.number, "valid", "3.00")
    assert (entry["factory"], entry["factory_ar"]) == ("Gulf Foods LLC", "أغذية الخليج ذ.م.م")


@pytest.mark.parametrize("form", [str.lower, lambda number: f" {number} ", lambda number: number.replace("1", "١")])
def test_numbers_as_people_type_them(certified: Certified, form: Callable[[str], str]) -> None:
    typed = form(certified.number)
    assert certified.world.api().get(f"/certificates/{typed}").json()["number"] == certified.number


@pytest.mark.parametrize("number", ["TI-2020-00001", "nonsense", "..%5cetc", "' OR 1=1 --", "x" * 60])
def test_not_existing(certified: Certified, number: str) -> None:
    problem(certified.world.api().get(f"/certificates/{number}"), 404, "no-such-certificate")


def test_who_may_download(certified: Certified) -> None:
    story = certified.story
    strangers = [certified.world.create_user(Role.FACTORY), certified.world.create_assessor()]
    for file in FILES:
        address = f"{certified.path}/{file}"
        for user in (story.office, story.owner, story.assessor, story.reviewer):
            assert story.api(user).get(address).status_code == 200
        for user in strangers:
            problem(story.api(user).get(address), 403, "not-your-certificate")
        problem(story.api(None).get(address), 401, "sign-in-needed")
        problem(story.api(story.office).get(f"/certificates/TI-2020-00001/{file}"), 404, "no-such-certificate")


def test_report(certified: Certified) -> None:
    client = certified.story.api(certified.story.owner)
    answer = client.get(f"{certified.path}/report.pdf", params={"language": "en"})
    assert answer.content.startswith(b"%PDF-1.7")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    name = f"{certified.number}-en.pdf"
    assert answer.headers["content-disposition"] == f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert answer.headers["cache-control"] == "private, no-cache"
    known = {"If-None-Match": answer.headers["etag"]}
    assert client.get(f"{certified.path}/report.pdf", params={"language": "en"}, headers=known).status_code == 304
    by_header = client.get(f"{certified.path}/report.pdf", headers={"Accept-Language": "ar-AE,en;q=0.5"})
    assert f"{certified.number}-ar.pdf" in by_header.headers["content-disposition"]
    problem(client.get(f"{certified.path}/report.pdf", params={"language": "fr"}), 422, "invalid-input")


def test_a_short_report_in_both_languages(certified: Certified) -> None:
    client = certified.story.api(certified.story.owner)
    papers = {(each["form"], each["language"]): each for each in client.get(certified.path).json()["papers"]}
    page = certified.world.browser(certified.story.owner).get(certified.path).text
    for language in ("en", "ar"):
        answer = client.get(f"{certified.path}/short.pdf", params={"language": language})
        assert hashlib.sha256(answer.content).hexdigest() == papers["short", language]["sha256"]
        assert f"{certified.number}-short-{language}.pdf" in answer.headers["content-disposition"]
        with pikepdf.open(io.BytesIO(answer.content)) as document:
            assert len(document.pages) == 2
            assert set(document.attachments) >= {"scorecard.json", "answers.json", "certificate.json"}
        assert f'href="{certified.path}/short.pdf?language={language}"' in page
        browser = certified.world.browser(certified.story.owner)
        assert browser.get(f"{certified.path}/short.pdf?language={language}").content == answer.content
    files = {"pdf": ("short.pdf", client.get(f"{certified.path}/short.pdf").content, "application/pdf")}
    assert certified.world.api().post("/verifications", files=files).json()["holds"] is True


def test_a_certificate_from_before_there_were_short_reports(certified: Certified) -> None:
    certified.world.write(lambda session: session.execute(sa.delete(CertificateFile).where(_is_short())))
    client = certified.story.api(certified.story.owner)
    problem(client.get(f"{certified.path}/short.pdf"), 404, "no-short-paper")
    assert client.get(f"{certified.path}/report.pdf").status_code == 200
    assert "/short.pdf" not in certified.world.browser(certified.story.owner).get(certified.path).text


def _is_short() -> sa.ColumnElement[bool]:
    return sa.column("form") == "short"


def test_scorecards(certified: Certified) -> None:
    client = certified.story.api(certified.story.owner)
    answer = client.get(f"{certified.path}/scorecard.json")
    assert answer.headers["content-type"] == "application/json"
    assert Scorecard.from_json(answer.content).to_json() == answer.content
    table = client.get(f"{certified.path}/scorecard.csv", params={"language": "ar"})
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.content.startswith("\ufeff".encode())
    assert table.content != client.get(f"{certified.path}/scorecard.csv", params={"language": "en"}).content
    book = client.get(f"{certified.path}/scorecard.xlsx", params={"language": "ar"})
    assert book.headers["content-type"] == spreadsheet.MEDIA_TYPE
    assert f"{certified.number}-scorecard-ar.xlsx" in book.headers["content-disposition"]
    assert book.content == spreadsheet.to_xlsx(Scorecard.from_json(answer.content), load("itti", "1.0.0"), "ar")
    for media, file in (
        ("*/*", "scorecard.json"),
        ("text/csv, application/json;q=0.5", "scorecard.csv"),
        (spreadsheet.MEDIA_TYPE, "scorecard.xlsx"),
        ("application/pdf", "short.pdf"),
    ):
        chosen = client.get(f"{certified.path}/scorecard?language=ar", headers={"Accept": media})
        assert chosen.content == client.get(f"{certified.path}/{file}?language=ar").content
        assert chosen.headers["vary"] == "Accept, Accept-Language"
    problem(client.get(f"{certified.path}/scorecard", headers={"Accept": "image/png"}), 406, "not-acceptable")
    page = certified.world.browser(certified.story.owner).get(f"{certified.path}/scorecard.xlsx")
    assert page.headers["content-type"] == spreadsheet.MEDIA_TYPE


@pytest.mark.parametrize(
    ("file", "writer"), [("scorecard.csv", "reports.table.to_csv"), ("scorecard.xlsx", "reports.spreadsheet.to_xlsx")]
)
def test_a_table_that_a_release_writes_otherwise_is_sent_again(
    certified: Certified, monkeypatch: pytest.MonkeyPatch, file: str, writer: str
) -> None:
    doors = (certified.story.api(certified.story.owner), certified.world.browser(certified.story.owner))
    path = f"{certified.path}/{file}"
    for client in doors:
        kept = client.get(path)
        newer = kept.content + b"more"
        assert kept.headers["etag"] == f'"{hashlib.sha256(kept.content).hexdigest()}"'
        known = {"If-None-Match": kept.headers["etag"]}
        assert client.get(path, headers=known).status_code == 304
        with monkeypatch.context() as release:
            release.setattr(writer, Mock(return_value=newer))
            sent = client.get(path, headers=known)
        assert (sent.status_code, sent.content) == (200, newer)
        assert sent.headers["etag"] == f'"{hashlib.sha256(sent.content).hexdigest()}"'


def test_a_paper_that_was_changed_on_the_disk(certified: Certified) -> None:
    folder = certified.world.settings.data_folder / "certificates"
    for path in folder.rglob("*.pdf"):
        path.write_bytes(path.read_bytes() + b"%")
    client = certified.story.api(certified.story.owner)
    problem(client.get(f"{certified.path}/report.pdf"), 500, "file-lost")
    # Who has the paper already is told so without reading the file.
    etag = f'"{hashlib.sha256(certified.english).hexdigest()}"'
    asked = client.get(f"{certified.path}/report.pdf", params={"language": "en"}, headers={"If-None-Match": etag})
    assert asked.status_code == 304


def test_factory_sees_everything_once_certified(certified: Certified) -> None:
    story = certified.story
    client = story.api(story.owner)
    seen = story.read(story.owner)
    assert (seen["state"], seen["certificate"]) == (AssessmentState.CERTIFIED.value, certified.number)
    assert len(client.get(f"{story.path}/answers").json()["answers"]) == 20
    assert client.get(f"{story.path}/standing").json()["index"] == "3.00"
    files = client.get(story.evidence_path("maintenance")).json()
    assert client.get(f"/evidence/{files[0]['id']}/content").status_code == 200
    assert client.get(f"{story.path}/comments").json() == [], "none was opened to the factory"


def test_nothing_moves_after_the_certificate(certified: Certified) -> None:
    story = certified.story
    problem(story.put(story.assessor, "maintenance", '"1"', level=5), 409, "answers-closed")
    for user, name in ((story.office, "withdraw"), (story.assessor, "submit"), (story.reviewer, "approve")):
        problem(story.move(user, name, note="a note"), 409, "move-not-open")


def test_list(certified: Certified) -> None:
    story = certified.story
    stranger = certified.world.create_user(Role.FACTORY)
    for user, many in ((story.office, 1), (story.owner, 1), (story.assessor, 1), (story.reviewer, 1), (stranger, 0)):
        assert len(story.api(user).get("/certificates").json()["items"]) == many
    problem(story.api(None).get("/certificates"), 401, "sign-in-needed")
    other = str(certified.world.create_factory().id)
    assert story.api(story.office).get("/certificates", params={"factory_id": other}).json()["items"] == []


def test_a_list_takes_as_many_queries_for_many_as_for_one(certified: Certified) -> None:
    client = certified.story.api(certified.story.office)
    with counted(certified.world) as few:
        client.get("/certificates")

    def multiply(session: Session) -> None:
        row = session.exec(sa.select(Certificate)).scalar_one()  # type: ignore[call-overload]
        assessment = certified.story.id
        for number in range(2, 22):
            copied = session.execute(sa.text("SELECT * FROM assessment WHERE id = :id"), {"id": assessment.hex})
            values = dict(copied.mappings().one()) | {"id": f"{number:032x}"}
            names = ", ".join(values)
            session.execute(
                sa.text(f"INSERT INTO assessment ({names}) VALUES ({', '.join(f':{name}' for name in values)})"),  # noqa: S608
                values,
            )
            fresh = row.model_dump(exclude={"id", "number", "assessment_id"})
            session.add(Certificate(**fresh, number=f"TI-2026-{number:05d}", assessment_id=UUID(f"{number:032x}")))

    certified.world.write(multiply)
    with counted(certified.world) as many:
        assert len(client.get("/certificates").json()["items"]) == 21
    assert len(many) == len(few)


def test_revocation(certified: Certified) -> None:
    story = certified.story
    address, body = f"{certified.path}/revocation", {"reason": "The evidence <b>belonged</b> to another site."}
    problem(story.api(None).post(address, json=body), 401, "sign-in-needed")
    for user in (story.owner, story.assessor, story.reviewer):
        problem(story.api(user).post(address, json=body), 403, "wrong-role")
    client = story.api(story.office)
    problem(client.post("/certificates/TI-2020-00001/revocation", json=body), 404, "no-such-certificate")
    for reason in ("", "   ", "x" * 2001):
        refused = problem(client.post(address, json={"reason": reason}), 422, "invalid-input")
        assert list(pointers(refused)) == ["/reason"]
    revoked = client.post(address, json=body)
    assert revoked.status_code == 200
    assert revoked.json()["state"] == "revoked"
    entry = certified.world.api().get(certified.path).json()
    today = datetime.now(UTC).date().isoformat()
    assert (entry["state"], entry["revocation_reason"], entry["revoked_on"]) == ("revoked", body["reason"], today)
    problem(client.post(address, json=body), 409, "already-revoked")
    with certified.world.database.reading() as session:
        row = register.entry(session, certified.number)
        assert history(session, "certificate", row.id)[-1].action == "certificate.revoked"


@pytest.mark.parametrize(
    ("state", "day", "says"),
    [
        (CertificateState.ISSUED, 0, "valid"),
        (CertificateState.ISSUED, 1, "expired"),
        (CertificateState.SUPERSEDED, 0, "superseded"),
        (CertificateState.SUPERSEDED, 1, "superseded"),
        (CertificateState.REVOKED, 0, "revoked"),
        (CertificateState.REVOKED, 1, "revoked"),
    ],
)
def test_what_the_register_says(certified: Certified, state: CertificateState, day: int, says: str) -> None:
    with certified.world.database.reading() as session:
        row = register.entry(session, certified.number).model_copy(update={"state": state})
    on: date = row.expires_on + timedelta(days=day)
    assert register.standing(row, on).value == says


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("TI-2026-00005", "TI-2026-00005"),
        (" ti-2026-00005 ", "TI-2026-00005"),
        ("ti 2026 5", "TI-2026-00005"),
        ("TI2026-5", "TI-2026-00005"),
        ("TI–2026–00005", "TI-2026-00005"),
        ("ti-٢٠٢٦-٠٠٠٠٥", "TI-2026-00005"),
        ("TI-2026-123456", "TI-2026-123456"),
        ("no number", "NONUMBER"),
    ],
)
def test_a_number_is_found_however_it_is_typed(typed: str, number: str) -> None:
    assert register.tidy(typed) == number
