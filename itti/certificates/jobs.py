"""The jobs of the press: what runs in its processes. Imported there, so it stays small and knows no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from itti.certificates.errors import SealKeyChanged
from itti.certificates.keys import KeySource
from questionnaires import load, wording
from questionnaires.errors import Fault
from reports import archive, credential, jose
from reports.archive import Archived
from reports.render import render
from reports.report import Form, Report, Standing
from reports.seal import seal
from reports.struck import Struck
from reports.theme import STANDARD, Theme
from reports.verify import Examination, examine
from scoring import compile_plan
from scoring.levers import levers
from scoring.proposals import Levers


@dataclass(frozen=True)
class Order:
    """A report to be set on paper."""

    report: Report
    language: str
    theme: Theme = STANDARD
    form: Form = Form.FULL
    record: bytes | None = None
    """Content of ``record.json``."""


def set_paper(order: Order) -> bytes:
    """The unsealed paper. Needs neither key nor network, and runs where there is none.

    Raises:
        reports.errors.ReportFault: as rendering says.
    """
    card = order.report.scorecard
    definition, form = load(card.family, card.version), order.form
    return render(order.report, definition, order.language, form=form, theme=order.theme, record=order.record)


SETS: Final = 3
"""As many of the smallest sets of changes as a paper shows."""


def find_levers(report: Report) -> Levers | None:
    """What would lift the headline to what comes next above; None: nothing can be said (no solver, nothing above)."""
    card = report.scorecard
    answers = {each.question: each.answer for each in report.answers if each.answer is not None}
    try:
        return levers(compile_plan(load(card.family, card.version), card.cohort), answers, most_sets=SETS)
    except Fault:
        return None


@dataclass(frozen=True)
class Unsealed:
    """A paper to be sealed."""

    pdf: bytes
    number: str
    language: str
    standing: Standing
    """What the paper says of itself; the key has to be one for that."""

    key: KeySource
    at: datetime
    """The time that the seal states."""


def seal_paper(paper: Unsealed) -> bytes:
    """The sealed paper.

    Raises:
        SealKeyChanged: the key is a demonstration key and the paper a certificate, or the other way round.
        SealKeyStruck: the key was struck.
        reports.errors.ReportFault: as sealing says.
    """
    paper.key.check_struck(paper.at)
    sealer = paper.key.sealer()
    if sealer.is_demonstration != (paper.standing is Standing.DEMONSTRATION):
        raise SealKeyChanged(number=paper.number)
    reason = wording.say("itti.certificates", "seal.reason", paper.language, number=paper.number)
    return seal(paper.pdf, sealer, reason=reason, at=paper.at)


@dataclass(frozen=True)
class Claims:
    """Claims to be signed as a verifiable credential."""

    claims: Mapping[str, Any]
    issuer: str
    """Whose public document names the key."""

    key: KeySource
    at: datetime
    """The time of signing that the credential states."""


def sign_claims(work: Claims) -> tuple[str, bytes] | None:
    """The signed credential, and the certificate of the key (PEM); None: it is of a kind that signs none.

    Raises:
        SealKeyStruck: the key was struck.
        reports.errors.ReportFault: the key does not hold at that time, or does not sign.
    """
    work.key.check_struck(work.at)
    sealer = work.key.sealer()
    sealer.check(work.at)
    if jose.algorithm_of(sealer) is None:
        return None
    key_id = f"{work.issuer}#{jose.public_jwk(sealer.certificate)['kid']}"
    claims = {**work.claims, "iat": int(work.at.timestamp())}
    signed = jose.sign(claims, sealer, kind=credential.KIND, key_id=key_id)
    return signed, sealer.certificate.public_bytes(Encoding.PEM)


@dataclass(frozen=True)
class Copy:
    """A sealed paper, or an archive copy of one, to be stamped again."""

    pdf: bytes
    key: KeySource
    at: datetime
    """The present time."""


def stamp_copy(copy: Copy) -> Archived:
    """The copy with one more stamp.

    Raises:
        reports.errors.ReportFault: as stamping says.
    """
    return archive.stamp(copy.pdf, copy.key.sealer(), copy.at)


@dataclass(frozen=True)
class Submission:
    """A PDF that somebody handed in, and whom to trust (root certificates in DER)."""

    pdf: bytes
    roots: tuple[bytes, ...]
    stamp_roots: tuple[bytes, ...] = ()
    """Those trusted for time stamps alone."""

    record_keys: tuple[str, ...] = ()
    """Public keys of records that are trusted, as text."""

    struck: Struck = field(default_factory=dict)
    """Keys that seal nothing any more."""


def look_at(submission: Submission) -> Examination:
    """Examine seal and score."""
    roots, stamp_roots = (
        [x509.load_der_x509_certificate(der) for der in ders] for ders in (submission.roots, submission.stamp_roots)
    )
    return examine(submission.pdf, roots, load, stamp_roots, submission.record_keys, struck=submission.struck)
