"""Set a report on paper: A4, English or Arabic, PDF/A-3a and PDF/UA-1 at once."""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final

from markupsafe import Markup

from questionnaires import wording
from questionnaires.model import Definition
from reports import charts, signs
from reports.attached import attachments
from reports.comparison import compared
from reports.errors import DefinitionMismatch, LanguageUnknown, ReportIncomplete
from reports.further import FurtherCharts
from reports.lists import asked_by
from reports.numerals import arabic_indic
from reports.outline import Part, outline
from reports.palette import Palette
from reports.paper import Paper, lay_out, lead_key
from reports.recorded import RECORD
from reports.report import Form, Report, Standing
from reports.scales import measured
from reports.templating import environment, long_date
from reports.theme import STANDARD, Numerals, Theme

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


def render(  # noqa: PLR0913 - all that a paper is made of
    report: Report,
    definition: Definition,
    language: str,
    *,
    form: Form = Form.FULL,
    theme: Theme = STANDARD,
    record: bytes | None = None,
) -> bytes:
    """The report as an unsealed PDF; the same bytes for the same report on every machine with the pinned parts.

    Args:
        report: what to say.
        definition: the questionnaire that was answered.
        language: ``en`` or ``ar``.
        form: the whole report, or the short scorecard of two pages; both carry the same attachments.
        theme: colours, logo and numerals.
        record: content of ``record.json`` (:mod:`reports.recorded`), attached along with the others.

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
    inside = _inside(report, record)
    html = _page(report, definition, language, form, theme, inside)
    done = typeset(html, inside, dated)
    return _finished(done.pdf, report.standing, done.seal_area, language)


def page(  # noqa: PLR0913 - all that a paper is made of
    report: Report,
    definition: Definition,
    language: str,
    *,
    form: Form = Form.FULL,
    theme: Theme = STANDARD,
    record: bytes | None = None,
) -> str:
    """The report as one HTML page with its style, as it goes to the typesetter; otherwise as :func:`render`."""
    return _page(report, definition, language, form, theme, _inside(report, record))


def _page(  # noqa: PLR0913, PLR0917 - all that a paper is made of
    report: Report, definition: Definition, language: str, form: Form, theme: Theme, inside: Mapping[str, bytes]
) -> str:
    check(report, definition, language)
    told = Report.model_validate(signs.tidy(report.model_dump()))
    paper = lay_out(told, definition, language)
    definition = asked_by(definition, told)
    rtl = language in wording.RIGHT_TO_LEFT
    indic = rtl and theme.numerals is Numerals.ARABIC_INDIC

    def say(key: str, /, **details: object) -> str:
        return wording.say("reports", key, language, **details)

    made = (
        environment()
        .get_template(f"{form.value}.html.j2")
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
            charts=_Charts(told, definition, language, paper, theme.colours),
            qr=_qr(told.verify_url, theme.colours, say),
            link=_link(told.verify_url),
            files={name: hashlib.sha256(data).hexdigest() for name, data in inside.items()},
            colour=theme.colours,
            logo=theme.logo,
            rings=charts.pattern(definition, told.scorecard, language, colours=theme.colours),
            page_words=_page_words(say, indic=indic),
            counter="arabic-indic" if indic else "decimal",
            numbered=told.number is not None and told.standing is not Standing.DRAFT,
            standing=told.standing.value,
            certificate=told.standing is Standing.CERTIFICATE,
        )
    )
    return arabic_indic(made) if indic else made


def _inside(report: Report, record: bytes | None) -> dict[str, bytes]:
    """Everything that is attached."""
    return attachments(report) | ({} if record is None else {RECORD: record})


def check(report: Report, definition: Definition, language: str) -> None:
    """Whether a report can be set at all, as far as that shows without setting it. Raises as :func:`render`."""
    if language not in wording.LANGUAGES:
        raise LanguageUnknown(language=language, known=", ".join(wording.LANGUAGES))
    digest = measured(definition).plan.digest
    if report.scorecard.digest != digest:
        card = report.scorecard
        raise DefinitionMismatch(
            expected=f"{card.family}@{card.version} ({card.digest[:12]})",
            given=f"{definition.name} ({digest[:12]})",
        )
    if report.standing is Standing.CERTIFICATE:
        missing = [name for name in _NEEDED if getattr(report, name) is None]
        if not report.scorecard.headline.is_stated:
            missing.append("scorecard.value")
        if missing:
            raise ReportIncomplete(missing=", ".join(missing))
    if report.targets or report.sector:
        compared(report, outline(asked_by(definition, report), report.scorecard, language))
    signs.check(report)


class _Charts(FurtherCharts):
    """The charts of one report, as the template calls them."""

    def __init__(self, report: Report, definition: Definition, language: str, paper: Paper, colours: Palette) -> None:
        super().__init__(paper.further, definition, language, colours)
        self._of = (definition, report.scorecard, language)
        self._compare = paper.own.scorecard if paper.own else None
        self._sector = report.sector

    def radar(self) -> Markup:
        return self._once(charts.radar(*self._of, compare=self._compare, sector=self._sector, colours=self._colours))

    def bars(self) -> Markup:
        return self._once(charts.bars(*self._of, colours=self._colours))

    def heat(self) -> Markup:
        return self._once(charts.heat(*self._of, colours=self._colours))

    def gauge(self) -> Markup:
        return self._once(charts.gauge(*self._of, colours=self._colours))

    def steps(self, dimension: Part) -> Markup:
        return charts.steps_as_image(dimension, self._language, colours=self._colours)


def _page_words(say: Any, *, indic: bool) -> str:
    """The words for page 3 of 20 as the style sheet writes them: our own words around the two counters."""
    before, between, after = re.split(r"\{pages?\}", say("paper.page", page="{page}", pages="{pages}"))
    style = ", arabic-indic" if indic else ""
    return f'"{before}" counter(page{style}) "{between}" counter(pages{style}) "{after}"'


def _day(when: date | None, language: str) -> Markup:
    return Markup("–") if when is None else Markup("<bdi>{}</bdi>").format(long_date(when, language))


def _has(language: str) -> Any:
    known = wording.catalogue("reports", language)
    return lambda key: key in known


def _link(address: str | None) -> str | None:
    """The address, if it is one that may stand in a link."""
    return address if address and _ADDRESS.fullmatch(address) else None


def _qr(address: str | None, colours: Palette, say: Any) -> Markup | None:
    if not address:
        return None
    import segno

    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(border=0, omitsize=True, dark=colours.ink, title=say("paper.qr", url=address))
    return Markup(drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" role="img" ', 1))  # noqa: S704 - segno escapes the title


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
