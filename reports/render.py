"""Set a report on paper: A4, English or Arabic, PDF/A-3a and PDF/UA-1 at once."""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

import hashlib
import io
import re
from datetime import UTC, date, datetime, time
from typing import Any, Final

from markupsafe import Markup

from questionnaires import wording
from questionnaires.digest import digest
from questionnaires.model import Definition
from reports import charts, palette, signs
from reports.attached import attachments
from reports.errors import DefinitionMismatch, LanguageUnknown, ReportIncomplete
from reports.outline import Part
from reports.own import SelfAssessment
from reports.paper import lay_out, lead_key
from reports.report import Report, Standing
from reports.templating import environment, long_date

_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+(/[A-Za-z0-9._~/?=&%-]*)?")

_NEEDED: Final = (
    "number",
    "issued_on",
    "expires_on",
    "verify_url",
    "assessor",
    "assessor_body",
    "reviewer",
    "reviewer_body",
)
"""What a certificate has to state; a demonstration and a draft may leave it out."""


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
    from reports.typesetting import typeset

    dated = datetime.combine(report.issued_on or report.assessed_on, time(), tzinfo=UTC)
    done = typeset(page(report, definition, language), attachments(report), dated)
    return _finished(done.pdf, report.standing, done.seal_area, language)


def page(report: Report, definition: Definition, language: str) -> str:
    """The report as one HTML page with its style, as it goes to the typesetter. Raises as :func:`render`."""
    check(report, definition, language)
    told = Report.model_validate(signs.tidy(report.model_dump()))
    paper = lay_out(told, definition, language)
    rtl = language in wording.RIGHT_TO_LEFT

    def say(key: str, **details: object) -> str:
        return wording.say("reports", key, language, **details)

    return (
        environment()
        .get_template("report.html.j2")
        .render(
            report=told,
            definition=definition,
            words=definition.words(language),
            paper=paper,
            content=paper.content,
            lead_key=lead_key(paper.content.headline, paper.band),
            language=language,
            rtl=rtl,
            start="right" if rtl else "left",
            end="left" if rtl else "right",
            say=say,
            has=_has(language),
            day=lambda when: _day(when, language),
            charts=_Charts(told, definition, language, paper.own),
            qr=_qr(told.verify_url, say),
            link=_link(told.verify_url),
            files={name: hashlib.sha256(data).hexdigest() for name, data in attachments(report).items()},
            colour=palette.COLOURS,
            rings=charts.pattern(definition, told.scorecard, language),
            page_words=_page_words(say),
            numbered=told.number is not None and told.standing is not Standing.DRAFT,
            standing=told.standing.value,
            certificate=told.standing is Standing.CERTIFICATE,
        )
    )


def check(report: Report, definition: Definition, language: str) -> None:
    """Whether a report can be set at all, as far as that shows without setting it. Raises as :func:`render`."""
    if language not in wording.LANGUAGES:
        raise LanguageUnknown(language=language, known=", ".join(wording.LANGUAGES))
    if report.scorecard.digest != digest(definition):
        card = report.scorecard
        raise DefinitionMismatch(
            expected=f"{card.family}@{card.version} ({card.digest[:12]})",
            given=f"{definition.name} ({digest(definition)[:12]})",
        )
    if report.standing is Standing.CERTIFICATE:
        missing = [name for name in _NEEDED if getattr(report, name) is None]
        if not report.scorecard.headline.is_stated:
            missing.append("scorecard.value")
        if missing:
            raise ReportIncomplete(missing=", ".join(missing))
    signs.check(report)


class _Charts:
    """The charts of one report, as the template calls them."""

    def __init__(self, report: Report, definition: Definition, language: str, own: SelfAssessment | None) -> None:
        self._of = (definition, report.scorecard, language)
        self._language = language
        self._compare = own.scorecard if own else None

    def radar(self) -> Markup:
        return charts.radar(*self._of, compare=self._compare)

    def bars(self) -> Markup:
        return charts.bars(*self._of)

    def heat(self) -> Markup:
        return charts.heat(*self._of)

    def gauge(self) -> Markup:
        return charts.gauge(*self._of)

    def steps(self, dimension: Part) -> Markup:
        return charts.steps(dimension, self._language)


def _page_words(say: Any) -> str:
    """The words for page 3 of 20 as the style sheet writes them: our own words around the two counters."""
    before, between, after = re.split(r"\{pages?\}", say("paper.page", page="{page}", pages="{pages}"))
    return f'"{before}" counter(page) "{between}" counter(pages) "{after}"'


def _day(when: date | None, language: str) -> Markup:
    return Markup("–") if when is None else Markup("<bdi>{}</bdi>").format(long_date(when, language))


def _has(language: str) -> Any:
    known = wording.catalogue("reports", language)
    return lambda key: key in known


def _link(address: str | None) -> str | None:
    """The address, if it is one that may stand in a link."""
    return address if address and _ADDRESS.fullmatch(address) else None


def _qr(address: str | None, say: Any) -> Markup | None:
    if not address:
        return None
    import segno

    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(border=0, omitsize=True, dark=palette.INK, title=say("paper.qr", url=address))
    return Markup(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704 - segno escapes the title


def _finished(
    pdf: bytes, standing: Standing, seal_area: tuple[float, float, float, float] | None, language: str
) -> bytes:
    """Put the empty field of the seal where the page draws it, and write the file in its lasting form."""
    import pikepdf

    from reports import archival
    from reports.seal import FIELD

    with pikepdf.open(io.BytesIO(pdf)) as document:
        if standing is not Standing.DRAFT and seal_area is not None:
            archival.add_seal_field(
                document,
                FIELD,
                rectangle=seal_area,
                words=wording.say("reports", f"paper.seal.{standing.value}", language),
            )
        return archival.saved(document)
