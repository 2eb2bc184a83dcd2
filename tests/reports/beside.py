"""A report with everything that may stand beside a scorecard: sector, targets, earlier assessments, a plan."""

from datetime import date
from functools import cache

from questionnaires.model import Definition
from questionnaires.places import read
from reports.beside import Earlier, MeasuresPlan, Named, PeerFigures, Sector, Targets
from reports.report import Report
from scoring import compile_plan
from scoring.measures import programme, read_measures
from scoring.roadmap import roadmap
from tests.reports.papers import LEVELS, answers, itti, report

MEASURES = """
questionnaire: itti
version: 1.0.0
periods: [2027 first half, 2027 second half, "2028"]
budgets: {cost: [100, 100, 100]}
measures:
  - {id: meters, title: Meters on every machine, title_ar: عدادات على كل آلة, cost: 150, takes: 2,
     changes: {energy-management: {to: 4}}}
  - {id: hall, title: A new hall, title_ar: صالة جديدة, cost: 9000, changes: {shop-floor-automation: {to: 5}}}
"""


@cache
def measures() -> MeasuresPlan:
    """The roadmap of two measures, one of which no budget can pay."""
    plan, given = compile_plan(itti()), answers(itti(), LEVELS)
    document = read(MEASURES.encode(), "measures.yaml")
    entries = read_measures(document)
    found = roadmap(plan, given, programme(entries, document, plan, given))
    return MeasuresPlan(
        roadmap=found, measures={each.id: Named(name=each.title, name_ar=each.title_ar) for each in entries.measures}
    )


def sector(definition: Definition) -> Sector:
    """Figures for the headline, every category and every question."""
    ids = [definition.index, *definition.categories, *(question.id for question in definition.questions)]
    return Sector(
        name="food, 50 to 249 employees",
        name_ar="الأغذية، من 50 إلى 249 موظفاً",
        count=14,
        few=True,
        as_of=date(2026, 3, 31),
        figures={name: PeerFigures(median="2.50", best="4.20") for name in ids},
    )


def whole(**changes: object) -> Report:
    """The certificate of :mod:`tests.reports.papers` with all of it."""
    given: dict[str, object] = {
        "sector": sector(itti()),
        "targets": Targets(
            values={itti().index: "3.00", itti().categories[0]: "3.50"},
            by=date(2028, 12, 31),
            days={itti().categories[0]: date(2027, 6, 30)},
            notes={itti().categories[0]: "With the new line & its <people>."},
        ),
        "history": (
            Earlier(on=date(2024, 5, 30), value="1.90"),
            Earlier(on=date(2021, 3, 1), value="1.20", version="0.9.0"),
            Earlier(on=date(2025, 6, 2), value="2.10"),
        ),
        "plan": measures(),
    }
    return report(**{**given, **changes})  # type: ignore[arg-type]
