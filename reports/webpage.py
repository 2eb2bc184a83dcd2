"""The parts of a report that a web page shows as the paper does: in the same words, with the same drawings."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from questionnaires import wording
from questionnaires.model import Definition
from reports.further import FurtherCharts, further
from reports.lists import asked_by
from reports.report import Report
from reports.templating import environment, long_date
from reports.theme import STANDARD, Theme


def sections(report: Report, published: Definition, language: str, *, theme: Theme = STANDARD) -> Markup:
    """Targets and the past, next steps and roadmap as sections of a web page; empty where there is nothing to tell.

    The markup is for a page of ours: classes and no style of its own, headings from the second level on, tables that
    say on each cell what column it is of.

    Args:
        report: what is told.
        published: the questionnaire that was answered.
        language: ``en`` or ``ar``.
        theme: its colours are those of the drawings.

    Raises:
        PartUnknown: a target or a figure of the sector stands for something the questionnaire does not have.
    """
    told = further(report, published, language)
    definition = asked_by(published, report)

    def say(key: str, /, **details: object) -> str:
        return wording.say("reports", key, language, **details)

    def day(when: date) -> Markup:
        return Markup("<bdi>{}</bdi>").format(long_date(when, language))

    made = (
        environment()
        .get_template("webpage.html.j2")
        .render(
            report=report,
            paper=told,
            content=told.content,
            language=language,
            say=say,
            day=day,
            charts=FurtherCharts(told, definition, language, theme.colours),
        )
    )
    return Markup(made)  # noqa: S704 - made by our own autoescaped template
