"""The jobs of the press: what runs in its processes. Imported there, so it stays small and knows no database."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from itti.certificates.keys import KeySource
from questionnaires import load, wording
from reports.render import render
from reports.report import Report
from reports.seal import seal
from reports.verify import Examination, examine


@dataclass(frozen=True)
class Paper:
    """A sealed report to be made."""

    report: Report
    language: str
    key: KeySource
    at: datetime
    """The time that the seal states."""


def make(paper: Paper) -> bytes:
    """Render and seal.

    Raises:
        reports.errors.ReportFault: as rendering and sealing say.
    """
    card = paper.report.scorecard
    pdf = render(paper.report, load(card.family, card.version), paper.language)
    reason = wording.say("itti.certificates", "seal.reason", paper.language, number=paper.report.number or "")
    return seal(pdf, paper.key.sealer(), reason=reason, at=paper.at)


@dataclass(frozen=True)
class Submission:
    """A PDF that somebody handed in, and whom to trust (root certificates in DER)."""

    pdf: bytes
    roots: tuple[bytes, ...]


def look_at(submission: Submission) -> Examination:
    """Examine seal and score."""
    roots = [x509.load_der_x509_certificate(der) for der in submission.roots]
    return examine(submission.pdf, roots, load)
