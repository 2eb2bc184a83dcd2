"""The things themselves against the record: what the acts on them left is what the tables and folders have to hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Final

import rfc8785
from sqlmodel import Session, col, select

from itti.assessments.tables import Answer, Assessment
from itti.audit.tables import Event
from itti.certificates.issue import entry_digest
from itti.certificates.office import Office
from itti.certificates.recorded import ISSUED, state_after
from itti.certificates.tables import ArchiveCopy, Certificate, CertificateFile
from itti.evidence.service import shelf_of
from itti.evidence.tables import EvidenceFile
from itti.files.errors import FileLost
from itti.record.troubles import Troubles
from questionnaires import load
from questionnaires.digest import digest
from questionnaires.loading import UnknownDefinition

_AT_A_TIME: Final = 2_000


@dataclass
class _Issued:
    details: dict[str, Any]
    actions: list[str] = field(default_factory=list)
    copies: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Proof:
    """An evidence file of an assessment."""

    question: str
    sha256: str
    is_taken_away: bool = False


class Ledger:
    """What the acts say of every thing; told them in their order."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[tuple[str, str], bytes]] = defaultdict(dict)
        """Assessment → phase and question → digest of what the answer has to be."""

        self.unknown: set[str] = set()
        """Answers whose last act had its details erased."""

        self.states: dict[str, str] = {}
        self.digests: dict[str, str] = {}
        """State of each assessment, and digest of its questionnaire."""

        self.certificates: dict[str, _Issued] = {}
        self.evidence: dict[str, Counter[Proof]] = defaultdict(Counter)
        """Assessment → its evidence files, with how many of each there have to be."""

    def see(self, event: Event) -> None:
        """Take an act into account."""
        takes: Callable[[Event], None] | None = {
            "answer": self._answer,
            "assessment": self._assessment,
            "certificate": self._certificate,
            "evidence_file": self._evidence,
        }.get(event.subject)
        if takes is not None:
            takes(event)

    def _answer(self, event: Event) -> None:
        if event.salt is None:
            self.unknown.add(event.subject_id)
            return
        self.unknown.discard(event.subject_id)
        held = self.answers[str(event.assessment_id)]
        key = (str(event.details.get("phase")), str(event.details.get("question")))
        if event.action == "answer.removed":
            held.pop(key, None)
        elif isinstance(after := event.details.get("after"), dict):
            held[key] = content_digest(after)

    def _assessment(self, event: Event) -> None:
        if isinstance(state := event.details.get("to"), str):
            self.states[event.subject_id] = state
        if event.action == "assessment.planned" and event.salt is not None:
            self.digests[event.subject_id] = str(event.details.get("digest"))
            source = event.details.get("revision_of")
            self.states.setdefault(event.subject_id, "planned" if source is None else "assessment")
            if isinstance(source, str):  # a revision begins with all that the assessment before it had
                self.answers[event.subject_id] = dict(self.answers[source])
                kept = {each: count for each, count in self.evidence[source].items() if not each.is_taken_away}
                self.evidence[event.subject_id] = Counter(kept)

    def _certificate(self, event: Event) -> None:
        if event.action == ISSUED:
            self.certificates[event.subject_id] = _Issued(event.details)
        if (one := self.certificates.get(event.subject_id)) is not None:
            one.actions.append(event.action)
            if event.action == "certificate.archive-stamped":
                one.copies.add(str(event.details.get("sha256")))

    def _evidence(self, event: Event) -> None:
        if event.salt is None:
            return
        held = self.evidence[str(event.assessment_id)]
        file = Proof(str(event.details.get("question")), str(event.details.get("sha256")))
        if event.action == "evidence.attached":
            held[file] += 1
        elif event.action == "evidence.removed":
            held[file] -= 1
            held[replace(file, is_taken_away=True)] += 1


def content_digest(content: dict[str, Any]) -> bytes:
    """Digest of an answer, the same for every way in which acts write it down."""
    told = {key: value for key, value in content.items() if value is not None and (key, value) != NOT_SAID}
    return sha256(rfc8785.dumps(told)).digest()


NOT_SAID: Final = ("not_applicable", False)


def check(session: Session, office: Office, ledger: Ledger, troubles: Troubles) -> None:
    """Compare every thing with what the ledger says of it."""
    _check_answers(session, ledger, troubles)
    _check_assessments(session, ledger, troubles)
    _check_certificates(session, office, ledger, troubles)
    _check_evidence(session, office, ledger, troubles)


def _check_answers(session: Session, ledger: Ledger, troubles: Troubles) -> None:
    expected = {name: dict(held) for name, held in ledger.answers.items()}
    for row in session.exec(select(Answer).execution_options(yield_per=_AT_A_TIME)):
        place = {"assessment": str(row.assessment_id), "question": row.question, "phase": row.phase.value}
        right = expected.get(str(row.assessment_id), {}).pop((row.phase.value, row.question), None)
        if str(row.id) in ledger.unknown:
            continue
        if right is None:
            troubles.add("answer-added", **place)
        elif right != content_digest({**(row.given or {}), "reason": row.reason}):
            troubles.add("answer-changed", **place)
    for assessment, held in expected.items():
        for phase, question in held:
            troubles.add("answer-removed", assessment=assessment, question=question, phase=phase)


def _check_assessments(session: Session, ledger: Ledger, troubles: Troubles) -> None:
    expected, pins = dict(ledger.states), set()
    for row in session.exec(select(Assessment).execution_options(yield_per=_AT_A_TIME)):
        state, planned = expected.pop(str(row.id), None), ledger.digests.get(str(row.id))
        if state is None:
            troubles.add("assessment-added", id=str(row.id))
        elif state != row.state.value or planned not in {None, row.digest}:
            troubles.add("assessment-changed", id=str(row.id), stated=state, found=row.state.value)
        pins.add((row.family, row.definition_version, row.digest))
    for identifier in expected:
        troubles.add("assessment-removed", id=identifier)
    for family, version, pinned in sorted(pins):
        try:
            same = digest(load(family, version)) == pinned
        except UnknownDefinition:
            same = False
        if not same:
            troubles.add("definition-changed", name=f"{family}@{version}", digest=pinned)


def _check_certificates(session: Session, office: Office, ledger: Ledger, troubles: Troubles) -> None:
    expected = dict(ledger.certificates)
    for row in session.exec(select(Certificate).order_by(Certificate.number)):
        one = expected.pop(str(row.id), None)
        if one is None:
            troubles.add("certificate-added", number=row.number)
        elif not _is_as_issued(row, one):
            troubles.add("certificate-changed", number=row.number)
        else:
            _check_papers(session, office, row, one, troubles)
    for one in expected.values():
        troubles.add("certificate-removed", number=str(one.details.get("number", "–")))


def _is_as_issued(row: Certificate, one: _Issued) -> bool:
    stated = one.details
    texts = sha256(row.scorecard.encode()).hexdigest() == row.scorecard_sha256 == stated.get("scorecard_sha256")
    whole = stated.get("entry_sha256") in {None, entry_digest(row)}  # acts before record trees state no digest
    return bool(texts and whole and row.state is state_after(one.actions)) or not stated


def _check_papers(session: Session, office: Office, row: Certificate, one: _Issued, troubles: Troubles) -> None:
    papers = session.exec(select(CertificateFile).where(CertificateFile.certificate_id == row.id)).all()
    stated = one.details.get("papers")
    found = {f"{paper.form.value}-{paper.language}": paper.sha256 for paper in papers}
    if isinstance(stated, dict) and found != stated:
        troubles.add("papers-changed", number=row.number)
    copies = session.exec(select(ArchiveCopy).where(col(ArchiveCopy.file_id).in_([paper.id for paper in papers]))).all()
    if {copy.sha256 for copy in copies} != one.copies:
        troubles.add("papers-changed", number=row.number)
    for copy in copies:
        try:
            office.shelf.read(copy.sha256)
        except FileLost:
            troubles.add("paper-lost", number=row.number, language="–", sha256=copy.sha256)


def _check_evidence(session: Session, office: Office, ledger: Ledger, troubles: Troubles) -> None:
    shelf = shelf_of(office.settings)
    expected = {name: Counter(held) for name, held in ledger.evidence.items()}
    for row in session.exec(select(EvidenceFile).execution_options(yield_per=_AT_A_TIME)):
        place = {"assessment": str(row.assessment_id), "question": row.question, "sha256": row.sha256}
        held, file = expected.get(str(row.assessment_id)), Proof(row.question, row.sha256, row.removed_at is not None)
        if held is None or held[file] < 1:
            troubles.add("evidence-added", **place)
        elif not _is_there(shelf.read, row.sha256):
            troubles.add("evidence-lost", **place)
        if held is not None:
            held[file] -= 1
    for assessment, counts in expected.items():
        for file, count in counts.items():
            if count > 0:
                troubles.add("evidence-removed", assessment=assessment, question=file.question, sha256=file.sha256)


def _is_there(read: Callable[[str], bytes], name: str) -> bool:
    try:
        read(name)
    except FileLost:
        return False
    return True
