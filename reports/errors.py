"""Faults of the reports room; each sentence is in ``reports/locale`` under ``fault.<code>``."""

from __future__ import annotations

from typing import ClassVar

from questionnaires.errors import Fault


class ReportFault(Fault):
    """Something about a report that somebody can act on."""

    room: ClassVar[str] = "reports"


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


class LanguageUnknown(ReportFault):
    """Reports are not set in that ``language``."""

    code: ClassVar[str] = "language-unknown"


class SealKeyUnusable(ReportFault):
    """The key file at ``path`` cannot be used for sealing (``reason``)."""

    code: ClassVar[str] = "seal-key-unusable"


class NotSealable(ReportFault):
    """The bytes are not an unsealed PDF (``reason``)."""

    code: ClassVar[str] = "not-sealable"
