"""Verifying a paper that a stranger holds: seal, register, score and record, each for itself.

:func:`verify` is what the API, the public page and the command line call. It needs an office (whom to trust, and
a process in which the file is opened) and, for the register's word, a session.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from itti.acts import Act, now
from itti.audit.proving import holds
from itti.audit.sequencing import newest_head
from itti.calendar.zones import day_in
from itti.certificates import jobs, register
from itti.certificates.errors import ExaminationFailed, NoSuchCertificate, PressFailed
from itti.certificates.office import Office
from itti.certificates.tables import Certificate
from itti.programme import day_of, rules
from questionnaires import wording
from reports.findings import RecordFinding, RecordState
from reports.report import Standing
from reports.verify import (
    CredentialFinding,
    CredentialState,
    Examination,
    ScoreFinding,
    ScoreState,
    SealFinding,
    SealState,
)


class RegisterState(StrEnum):
    """What the register says of a file; words under ``register.<name>``."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"

    ALTERED = "altered"
    """The register knows the number, but this is not the file that was issued under it."""

    UNKNOWN = "unknown"
    """The register knows neither the file nor a number in it."""

    NOT_ASKED = "not-asked"
    """No register was at hand."""


class RegisterFinding(BaseModel):
    """What the register says of a file."""

    model_config = ConfigDict(frozen=True)

    state: RegisterState
    number: str | None = None
    factory: str | None = None
    factory_ar: str | None = None
    index: str | None = None
    band: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    revoked_on: date | None = None
    revocation_reason: str | None = None
    superseded_by: str | None = None
    is_demonstration: bool = False

    def sentence(self, language: str = "en", day: Callable[[date], str] = date.isoformat) -> str:
        """The finding in words; ``day`` writes the days in it."""
        details = {
            "number": self.number,
            "expires": self.expires_on and day(self.expires_on),
            "revoked": self.revoked_on and day(self.revoked_on),
            "reason": self.revocation_reason,
            "by": self.superseded_by,
        }
        return wording.say("itti.certificates", f"register.{self.state.value}", language, **details)


@dataclass(frozen=True)
class Verification:
    """The findings about one file, and whether all of them are good."""

    sha256: str
    seal: SealFinding
    register: RegisterFinding
    score: ScoreFinding
    record: RecordFinding
    credential: CredentialFinding

    @property
    def holds(self) -> bool:
        """True when seal, register and score are as they should be, and what the file says of the record holds.

        Certificates issued before papers carried proofs say nothing of the record. A credential has to be a right one
        too, but older papers carry none.
        """
        return (
            self.seal.state is SealState.INTACT
            and self.register.state is RegisterState.VALID
            and self.score.state is ScoreState.REPRODUCED
            and self.record.state in {RecordState.INCLUDED, RecordState.ABSENT}
            and self.credential.state in {CredentialState.INTACT, CredentialState.ABSENT}
        )

    @property
    def is_demonstration(self) -> bool:
        """True when the paper is sealed with a demonstration key: it proves nothing outside a demonstration."""
        return self.seal.is_demonstration or self.register.is_demonstration


def verify(session: Session | None, office: Office, pdf: bytes, *, on: date | None = None) -> Verification:
    """Verify a file.

    Args:
        session: where to ask the register; None: nowhere (the finding then says so).
        office: whom to trust.
        pdf: the file.
        on: the day the register is asked about; the programme's today by default.

    Raises:
        ExaminationFailed: the file takes too long, or breaks the process that opens it.
        PressBusy: too many files wait to be examined.
    """
    examination = examine(office, pdf)
    if session is None:
        finding = RegisterFinding(state=RegisterState.NOT_ASKED)
    else:
        finding = ask_register(session, examination, on or day_of(session, now()))
    return combine(examination, finding, session)


def examine(office: Office, pdf: bytes) -> Examination:
    """Look at seal and score in a process of its own; takes about a second and needs no database.

    Raises:
        ExaminationFailed, PressBusy: see :func:`verify`.
    """
    try:
        return office.examiner.run(
            jobs.look_at,
            jobs.Submission(
                pdf, office.trust_roots, office.stamp_roots, office.record_keys, office.settings.seal_struck
            ),
        )
    except PressFailed as fault:
        raise ExaminationFailed from fault


def ask_register(session: Session, examination: Examination, on: date) -> RegisterFinding:
    """What the register says of an examined file.

    The digest of the file decides; the number inside it only serves to say that it is not the file issued.
    """
    found = register.entry_of_file(session, examination.sha256)
    if found is not None:
        same = _same_scorecard(examination, found)
        state = RegisterState(register.standing(found, on).value) if same else RegisterState.ALTERED
        return _finding(found, state, rules(session).zone)
    number = examination.certificate.number if examination.certificate else None
    if number is not None:
        try:
            return _finding(register.entry(session, number), RegisterState.ALTERED, rules(session).zone)
        except NoSuchCertificate:
            return RegisterFinding(state=RegisterState.UNKNOWN, number=number)
    return RegisterFinding(state=RegisterState.UNKNOWN)


def combine(examination: Examination, finding: RegisterFinding, session: Session | None = None) -> Verification:
    """Both halves as one. ``session``: where the record is that the file speaks of, if it is at hand."""
    record = examination.record
    if session is not None and record.state is RecordState.INCLUDED and _is_ours(session, record):
        record = _asked_again(session, record)
    return Verification(
        sha256=examination.sha256,
        seal=examination.seal,
        register=finding,
        score=examination.score,
        record=record,
        credential=examination.credential,
    )


def _is_ours(session: Session, found: RecordFinding) -> bool:
    """Whether the record in the file has the name of the one here."""
    newest = newest_head(session)
    return newest is not None and newest.note.startswith(f"{found.origin}\n")


def _asked_again(session: Session, found: RecordFinding) -> RecordFinding:
    """The finding, or that the record here does not hold any more what the file proves."""
    leaf, root = bytes.fromhex(found.leaf_hash or ""), bytes.fromhex(found.root or "")
    if holds(session, leaf, found.index or 0, found.size or 0, root):
        return found
    return found.model_copy(update={"state": RecordState.BROKEN, "code": "log-differs"})


def entry_finding(certificate: Certificate, act: Act) -> RegisterFinding:
    """What the register says of a number on the day of an act (the page that the QR code leads to)."""
    return _finding(certificate, RegisterState(register.standing(certificate, act.today).value), act.zone)


def _same_scorecard(examination: Examination, certificate: Certificate) -> bool:
    """Whether the file carries the very scorecard that the register holds, and the register's own is untouched."""
    if examination.scorecard is None:
        return False
    carried = sha256(examination.scorecard.to_json()).hexdigest()
    held = sha256(certificate.scorecard.encode()).hexdigest()
    return carried == held == certificate.scorecard_sha256


def _finding(certificate: Certificate, state: RegisterState, zone: ZoneInfo) -> RegisterFinding:
    values: dict[str, Any] = {
        "state": state,
        "number": certificate.number,
        "factory": certificate.factory_name,
        "factory_ar": certificate.factory_name_ar,
        "index": certificate.index_value,
        "band": certificate.band,
        "issued_on": certificate.issued_on,
        "expires_on": certificate.expires_on,
        "superseded_by": certificate.superseded_by,
        "is_demonstration": certificate.standing == Standing.DEMONSTRATION.value,
    }
    if state is RegisterState.REVOKED:
        values["revoked_on"] = day_in(zone, certificate.revoked_at) if certificate.revoked_at else None
        values["revocation_reason"] = certificate.revocation_reason
    return RegisterFinding(**values)
