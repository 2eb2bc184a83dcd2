"""Archive copies in the office: beside the issued paper, once, resumable, and known to the register."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

import reports.archive
from itti.acts import Act
from itti.audit.tables import Event
from itti.certificates import archive, jobs
from itti.certificates.office import Office
from itti.certificates.tables import ArchiveCopy, CertificateFile
from itti.cli import main
from itti.commands import certificates
from itti.commands.words import language
from itti.files.errors import FileLost
from reports.archive import Archived
from reports.errors import TimestampUnavailable
from reports.report import Form
from tests.itti.certificates.conftest import Certified
from tests.itti.certificates.test_verification import states, verified
from tests.itti.expect import problem

NOW = datetime.now(UTC)


def at(moment: datetime) -> Act:
    return Act(actor=None, at=moment)


@pytest.fixture
def office(certified: Certified, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The office, which stamps without a process of its own; it has two papers alone, since each stamp takes time."""
    short = [one.file_id for one in due(certified, NOW) if one.form is Form.SHORT]
    assert len(short) == 2
    certified.world.write(
        lambda session: session.execute(sa.delete(CertificateFile).where(col(CertificateFile.id).in_(short)))
    )

    class Here:
        def run(self, job: object, copy: jobs.Copy) -> Archived:
            assert job is jobs.stamp_copy
            return jobs.stamp_copy(copy)

    monkeypatch.setattr(Office, "sealing", Here())
    return Office(certified.world.settings)


def due(certified: Certified, moment: datetime) -> list[archive.Due]:
    with certified.world.database.reading() as session:
        return archive.due(session, moment)


def test_a_copy_is_kept_beside_the_paper_and_verifies(certified: Certified, office: Office) -> None:
    database = certified.world.database
    waiting = due(certified, NOW)
    assert [(one.number, one.language, one.is_first) for one in waiting] == [
        (certified.number, "ar", True),
        (certified.number, "en", True),
    ]
    archive.stamp(database, office, waiting[1], at(NOW))
    assert [one.language for one in due(certified, NOW)] == ["ar"], "what is done stays done"

    with database.reading() as session:
        (paper,) = session.exec(select(CertificateFile).where(CertificateFile.language == "en"))
        (copy,) = archive.copies(session, paper.id)
        (entry,) = session.exec(select(Event).where(Event.action == "certificate.archive-stamped"))
    kept = office.shelf.read(copy.sha256)
    assert kept.startswith(certified.english)
    assert entry.details["sha256"] == copy.sha256
    found = verified(certified.world, kept)
    assert states(found) == ("intact", "valid", "reproduced")
    assert (found["holds"], found["seal"]["level"]) == (True, "PAdES-B-LTA")
    assert found["seal"]["archived_by"] == "Demonstration time stamps"

    story = certified.story
    served = story.api(story.owner).get(f"{certified.path}/report.pdf", params={"language": "en"}).content
    assert served == certified.english, "the issued paper is the one that is handed out"
    assert states(verified(certified.world, served)) == ("intact", "valid", "reproduced")


def test_a_stamp_is_renewed_in_time_and_not_before(certified: Certified, office: Office) -> None:
    database = certified.world.database
    one = due(certified, NOW)[0]
    archive.stamp(database, office, one, at(NOW))

    def shorten(session: Session) -> None:
        (copy,) = archive.copies(session, one.file_id)
        copy.ends_at = NOW + timedelta(days=500)
        session.add(copy)

    certified.world.write(shorten)
    early, late = NOW + timedelta(days=50), NOW + timedelta(days=120)
    assert one.file_id not in {each.file_id for each in due(certified, early)}
    (again,) = [each for each in due(certified, late) if each.file_id == one.file_id]
    assert not again.is_first
    archive.stamp(database, office, again, at(late))
    assert one.file_id not in {each.file_id for each in due(certified, late + timedelta(days=1))}
    with database.reading() as session:
        first, second = archive.copies(session, one.file_id)
    assert office.shelf.read(second.sha256).startswith(office.shelf.read(first.sha256))
    for copy in (first, second):
        assert verified(certified.world, office.shelf.read(copy.sha256))["register"]["state"] == "valid"


def test_an_outdated_hash_is_due(certified: Certified, office: Office) -> None:
    for one in due(certified, NOW):
        archive.stamp(certified.world.database, office, one, at(NOW))
    assert not due(certified, NOW)

    def outdate(session: Session) -> None:
        for copy in session.exec(select(ArchiveCopy)):
            copy.algorithm = "sha1"
            session.add(copy)

    certified.world.write(outdate)
    assert len(due(certified, NOW)) == 2


def test_when_the_authority_is_down_nothing_is_kept(
    certified: Certified, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> Archived:
        raise TimestampUnavailable(address="http://stamps.invalid", reason="OSError")

    before = sorted(path.name for path in Path(certified.world.settings.data_folder).rglob("*.pdf"))
    with monkeypatch.context() as patched:
        patched.setattr(reports.archive, "stamp", down)
        with pytest.raises(TimestampUnavailable):
            archive.stamp(certified.world.database, office, due(certified, NOW)[0], at(NOW))
    assert len(due(certified, NOW)) == 2
    assert sorted(path.name for path in Path(certified.world.settings.data_folder).rglob("*.pdf")) == before


def test_a_paper_that_was_changed_on_the_shelf_is_not_stamped(certified: Certified, office: Office) -> None:
    one = due(certified, NOW)[0]
    path = office.shelf.path(one.sha256)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(FileLost):
        archive.stamp(certified.world.database, office, one, at(NOW))


def test_the_command_does_what_is_due_and_then_nothing(
    certified: Certified, office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*words: str) -> tuple[int, str]:
        code = main(["certificates", "stamp-archive", *words])
        return code, capsys.readouterr().out

    monkeypatch.setattr(certificates, "settings", lambda: certified.world.settings)
    monkeypatch.setenv("ITTI_LANGUAGE", "en")
    language.cache_clear()
    assert run("--dry-run")[0] == 0
    code, said = run()
    assert code == 0
    assert "archive stamp: 2" in said
    assert said.count("stamped by Demonstration time stamps") == 2
    assert run() == (0, "Papers that need an archive stamp: 0\n")

    def lose(session: Session) -> None:
        (copy,) = [each for each in session.exec(select(ArchiveCopy)) if office.shelf.path(each.sha256).exists()][:1]
        copy.algorithm = "sha1"
        session.add(copy)
        office.shelf.path(copy.sha256).unlink()

    certified.world.write(lose)
    assert run()[0] == 1, "a lost copy is named, not passed over"


def test_the_office_sees_and_downloads_its_copies(certified: Certified, office: Office) -> None:
    story, world = certified.story, certified.world
    archive.stamp(world.database, office, due(certified, NOW)[1], at(NOW))
    client = story.api(story.office)
    (shelf,) = client.get("/archive-copies").json()["items"]
    states = {paper["language"]: paper["state"] for paper in shelf["papers"]}
    assert (shelf["number"], states) == (certified.number, {"ar": "missing", "en": "kept"})
    copy = client.get(f"{certified.path}/archive.pdf", params={"language": "en"})
    assert copy.content.startswith(certified.english)
    assert f"{certified.number}-en-archive.pdf" in copy.headers["content-disposition"]
    problem(client.get(f"{certified.path}/archive.pdf", params={"language": "ar"}), 404, "no-archive-copy")
    problem(client.get(f"{certified.path}/archive.pdf", params={"form": "short"}), 404, "no-archive-copy")
    problem(client.get("/certificates/TI-2020-00001/archive.pdf"), 404, "no-such-certificate")
    for user in (story.owner, story.assessor, story.reviewer):
        problem(story.api(user).get("/archive-copies"), 403, "wrong-role")
        problem(story.api(user).get(f"{certified.path}/archive.pdf"), 403, "wrong-role")
        problem(story.api(user).get("/notices"), 403, "wrong-role")

    browser = world.browser(story.office)
    page = browser.get("/archive").text
    assert "Demonstration time stamps" in page
    assert "None yet" in page
    href = f"{certified.path}/archive.pdf?form=report&language=en"
    assert href.replace("&", "&amp;") in page
    assert browser.get(href).content == copy.content
    assert world.browser(story.owner).get("/archive").status_code == 403

    def soon(session: Session) -> None:
        session.execute(sa.update(ArchiveCopy).values(ends_at=NOW + timedelta(days=20)))

    assert client.get("/notices").json() == []
    world.write(soon)
    (notice,) = client.get("/notices").json()
    assert notice["code"] == "copies-end"
    assert notice["sentence"].startswith("Archive copies whose last stamp ends within two months: 1")
    assert notice["sentence"] in browser.get("/home").text
    assert notice["sentence"] not in world.browser(story.owner).get("/home").text
