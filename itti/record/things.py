"""The things themselves against the record: what the acts on them left is what the tables and folders have to hold."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

import rfc8785
from sqlmodel import Session, col, select

from itti.assessments.tables import Answer, Assessment
from itti.audit.tables import Event
from itti.certificates.issue import entry_digest
from itti.certificates.office import Office
from itti.certificates.recorded import ISSUED, state_after
from itti.certificates.tables import ArchiveCopy, Certificate, CertificateFile
from itti.evidence.errors import EvidenceExpired
from itti.evidence.reading import Proof, proofs
from itti.evidence.recording import standing
from itti.evidence.service import content_of, shelf_of
from itti.evidence.tables import Evidence
from itti.files.errors import FileLost
from itti.files.shelf import Contents
from itti.record.troubles import Troubles
from itti.review.tables import FixedContent
from questionnaires import load
from questionnaires.digest import digest
from questionnaires.loading import UnknownDefinition

_AT_A_TIME: Final = 2_000


@dataclass
class _Issued:
    details: dict[str, Any]
    actions: list[str] = field(default_factory=list)
    copies: set[str] = field(default_factory=set)


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

        self.assessors: dict[str, str] = {}
        """Who assesses, where no later act had its details erased."""

        self.contents: dict[str, Counter[str]] = defaultdict(Counter)
        """Assessment → digests of what moves kept of it (:mod:`itti.review.content`), and how often."""

        self.unsaid: set[str] = set()
        """Assessments of which the details of a move were erased, and with them perhaps such a digest."""

        self.certificates: dict[str, _Issued] = {}
        self.evidence: dict[str, Counter[str]] = defaultdict(Counter)
        """Assessment → how its evidence has to stand, as canonical JSON, and how many pieces stand so."""

        self.standings: dict[str, str] = {}
        """Piece of evidence → how it stood last; not of those that a revision took over and nobody changed."""

        self.forgotten: set[str] = set()
        """Pieces of evidence whose last act had its details erased."""

    def see(self, event: Event) -> None:
        """Take an act into account."""
        takes: Callable[[Event], None] | None = {
            "answer": self._answer,
            "assessment": self._assessment,
            "certificate": self._certificate,
            "evidence": self._evidence,
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
        if isinstance(kept := event.details.get("content_sha256"), str):
            self.contents[event.subject_id][kept] += 1
        if event.salt is None:
            self.unsaid.add(event.subject_id)
        if isinstance(assessor := event.details.get("assessor"), str):
            self.assessors[event.subject_id] = assessor
        elif event.salt is None:  # who it was handed over to may have been among the details
            self.assessors.pop(event.subject_id, None)
        if event.action == "assessment.planned" and event.salt is not None:
            self.digests[event.subject_id] = str(event.details.get("digest"))
            source = event.details.get("revision_of")
            self.states.setdefault(event.subject_id, "planned" if source is None else "assessment")
            if isinstance(source, str):  # a revision begins with all that the assessment before it had
                self.answers[event.subject_id] = dict(self.answers[source])
                held = self.evidence[source].items()
                kept = {each: count for each, count in held if "removed" not in json.loads(each)}
                self.evidence[event.subject_id] = Counter(kept)

    def _certificate(self, event: Event) -> None:
        if event.action == ISSUED:
            self.certificates[event.subject_id] = _Issued(event.details)
        if (one := self.certificates.get(event.subject_id)) is not None:
            one.actions.append(event.action)
            if event.action == "certificate.archive-stamped":
                one.copies.add(str(event.details.get("sha256")))

    def _evidence(self, event: Event) -> None:
        held = self.evidence[str(event.assessment_id)]
        if event.salt is None:
            self.forgotten.add(event.subject_id)
            if (known := self.standings.pop(event.subject_id, None)) is not None:
                held[known] -= 1
            return
        self.forgotten.discard(event.subject_id)
        before, after = _standings(event)
        if before is not None:
            held[_canonical(before)] -= 1
        held[_canonical(after)] += 1
        self.standings[event.subject_id] = _canonical(after)


def _standings(event: Event) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """How a piece of evidence stood before an act and after it.

    Acts of the time when each piece was one file at one question say only which.
    """
    told = event.details
    if isinstance(told.get("after"), dict):
        return told.get("before"), told["after"]
    contents = [{"sha256": str(told.get("sha256"))}]
    file = {"kind": "file", "contents": contents, "questions": [str(told.get("question"))]}
    return (None, file) if event.action == "evidence.attached" else (file, {**file, "removed": True})


def _canonical(standing: dict[str, Any]) -> str:
    return rfc8785.dumps(standing).decode()


def content_digest(content: dict[str, Any]) -> bytes:
    """Digest of an answer, the same for every way in which acts write it down."""
    told = {key: value for key, value in content.items() if value is not None and (key, value) != NOT_SAID}
    return sha256(rfc8785.dumps(told)).digest()


NOT_SAID: Final = ("not_applicable", False)


def check(session: Session, office: Office, ledger: Ledger, troubles: Troubles) -> None:
    """Compare every thing with what the ledger says of it."""
    _check_answers(session, ledger, troubles)
    _check_assessments(session, ledger, troubles)
    _check_contents(session, ledger, troubles)
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
        assessor = ledger.assessors.get(str(row.id))
        if state is None:
            troubles.add("assessment-added", id=str(row.id))
        elif (
            state != row.state.value
            or planned not in {None, row.digest}
            or assessor not in {None, str(row.assessor_id)}
        ):
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


def _check_contents(session: Session, ledger: Ledger, troubles: Troubles) -> None:
    """Compare what moves kept with the digests that their acts state."""
    expected = {name: Counter(held) for name, held in ledger.contents.items()}
    for row in session.exec(select(FixedContent).execution_options(yield_per=_AT_A_TIME)):
        name, held = str(row.assessment_id), expected.get(str(row.assessment_id), Counter())
        whole = sha256(row.manifest.encode()).hexdigest() == row.digest
        if not whole or (held[row.digest] < 1 and name not in ledger.unsaid):
            troubles.add("content-changed", assessment=name, sha256=row.digest)
        held[row.digest] -= 1
    for name, counts in expected.items():
        for kept, count in counts.items():
            if count > 0:
                troubles.add("content-removed", assessment=name, sha256=kept)


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
    for assessment in session.exec(select(Evidence.assessment_id).distinct()).all():
        held = expected.get(str(assessment), Counter())
        for proof in proofs(session, col(Evidence.assessment_id) == assessment):
            stands = _canonical(standing(proof))
            if str(proof.id) not in ledger.forgotten:
                if held[stands] < 1:
                    troubles.add("evidence-added", **_place(str(assessment), standing(proof)))
                held[stands] -= 1
            for lost in _lost(shelf, proof):
                troubles.add("evidence-lost", **_place(str(assessment), standing(proof)) | {"sha256": lost})
    for name, counts in expected.items():
        for stands, count in counts.items():
            if count > 0:
                troubles.add("evidence-removed", **_place(name, json.loads(stands)))


def _place(assessment: str, stands: dict[str, Any]) -> dict[str, object]:
    """A piece of evidence as people find it."""
    questions = ", ".join(stands["questions"]) or "–"
    return {"assessment": assessment, "question": questions, "sha256": stands["contents"][-1]["sha256"]}


def _lost(shelf: Contents, proof: Proof) -> Iterator[str]:
    """Digests of the contents of a piece of evidence that are not there any more, or are others."""
    for revision in proof.revisions:
        try:
            content_of(shelf, revision, ZoneInfo("UTC")).close()  # nobody is told the day
        except EvidenceExpired:
            continue  # the record says that it went
        except FileLost:
            yield revision.sha256
