"""Faults of the reports room; each sentence is in ``reports/locale`` under ``fault.<code>``."""

from __future__ import annotations

from typing import ClassVar

from questionnaires.errors import Fault


class ReportFault(Fault):
    """Something about a report that somebody can act on."""

    room: ClassVar[str] = "reports"
    retryable: ClassVar[bool] = False
    """True when nothing is wrong here and the same may succeed later: an authority or a token does not answer."""


class PdfUnavailable(ReportFault):
    """The libraries that set text on paper are not installed; ``library`` says which."""

    code: ClassVar[str] = "pdf-unavailable"


class UnprintableSigns(ReportFault):
    """A text holds signs that the shipped fonts lack; ``signs`` are they and ``text`` is the text."""

    code: ClassVar[str] = "unprintable-signs"


class RenderingFailed(ReportFault):
    """The page could not be set; ``reason`` is for the log."""

    code: ClassVar[str] = "rendering-failed"


class ReportIncomplete(ReportFault):
    """A certificate lacks a fact that it has to state; ``missing`` names the fields."""

    code: ClassVar[str] = "report-incomplete"


class DefinitionMismatch(ReportFault):
    """Report and definition do not belong together (``expected``, ``given``)."""

    code: ClassVar[str] = "definition-mismatch"


class PartUnknown(ReportFault):
    """A target or figure stands for a ``part`` that the ``questionnaire`` does not have."""

    code: ClassVar[str] = "part-unknown"


class LanguageUnknown(ReportFault):
    """Reports are not set in that ``language``."""

    code: ClassVar[str] = "language-unknown"


class ThemeContrast(ReportFault):
    """Text in the ``colour`` called ``name`` has too little contrast (``ratio``) on what lies ``behind`` it."""

    code: ClassVar[str] = "theme-contrast"


class LogoUnusable(ReportFault):
    """The logo at ``path`` cannot be put on a paper (``reason``)."""

    code: ClassVar[str] = "logo-unusable"


class SealKeyUnusable(ReportFault):
    """The key file at ``path`` cannot be used for sealing (``reason``)."""

    code: ClassVar[str] = "seal-key-unusable"


class NotSealable(ReportFault):
    """The bytes are not an unsealed PDF (``reason``)."""

    code: ClassVar[str] = "not-sealable"


class SealCertificateNotValid(ReportFault):
    """The certificate ``subject`` does not hold on the day ``at``, but from ``start`` to ``end``: nothing is sealed."""

    code: ClassVar[str] = "seal-certificate-not-valid"


class SealTokenUnavailable(ReportFault):
    """The token with the sealing key does not answer (``token``, ``reason``). Sealing can be tried again."""

    code: ClassVar[str] = "seal-token-unavailable"
    retryable: ClassVar[bool] = True


class TimestampUnavailable(ReportFault):
    """The time-stamp authority at ``address`` does not answer (``reason``). Sealing can be tried again."""

    code: ClassVar[str] = "timestamp-unavailable"
    retryable: ClassVar[bool] = True


class TimestampRefused(ReportFault):
    """The stamp that came from ``address`` cannot be used (``reason``); trying again would give another such."""

    code: ClassVar[str] = "timestamp-refused"


class RevocationUnavailable(ReportFault):
    """Nobody said whether the certificates still hold (``reason``). Sealing can be tried again."""

    code: ClassVar[str] = "revocation-unavailable"
    retryable: ClassVar[bool] = True


class SealTokenUnusable(ReportFault):
    """The key ``key`` on the token ``token`` cannot be used for sealing (``reason``) until somebody mends it."""

    code: ClassVar[str] = "seal-token-unusable"


class SealCertificateRefused(ReportFault):
    """The certificate ``subject``, or the one that stamps the time, is not accepted (``reason``): revoked, perhaps."""

    code: ClassVar[str] = "seal-certificate-refused"
