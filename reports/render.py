"""Set a report on paper: A4, English or Arabic, PDF/A-3a and PDF/UA-1 at once."""

from __future__ import annotations

from questionnaires.model import Definition
from reports.report import Report


def render(report: Report, definition: Definition, language: str) -> bytes:
    """The report as an unsealed PDF; the same bytes for the same report on every machine with the pinned parts.

    Raises:
        reports.errors.PdfUnavailable: Pango is not installed.
        reports.errors.UnprintableSigns: a name or a reason holds signs outside the shipped fonts.
        reports.errors.ReportIncomplete: a certificate lacks number, dates or names.
        reports.errors.DefinitionMismatch: the scorecard belongs to another definition.
        reports.errors.LanguageUnknown: neither ``en`` nor ``ar``.
        reports.errors.RenderingFailed: the page could not be set.
    """
    raise NotImplementedError
