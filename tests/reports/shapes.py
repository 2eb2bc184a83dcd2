"""Definitions of every shape, made up: all kinds of questions, nodes over nodes, figures without an end."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path

from questionnaires.loading import load_folder, read_file
from questionnaires.model import (
    Aggregation,
    Band,
    Child,
    ChoicesQuestion,
    ComputedQuestion,
    Definition,
    LevelQuestion,
    LevelText,
    LinearCurve,
    Node,
    NodeClass,
    NumberQuestion,
    OptionText,
    Origin,
    Question,
    QuestionText,
    Rounding,
    RoundingMode,
    Rule,
    RuleKind,
    Section,
    SeveralOption,
    Structure,
    Texts,
    Titled,
    YesNoQuestion,
)
from questionnaires.questions import Better
from reports.report import AnswerDetail, EvidenceItem, Report, Standing
from scoring import Answer, ChoicesAnswer, LevelAnswer, NumberAnswer, YesNoAnswer
from scoring.sheet import read_sheet
from tests.reports.papers import report, scored

EXAMPLE = Path(__file__).parents[2] / "questionnaires" / "example"


@cache
def every_word() -> Definition:
    """The definition that uses every word of the language once (English only)."""
    return load_folder(EXAMPLE)


def every_word_answers() -> dict[str, Answer]:
    """One of its examples."""
    return read_sheet(read_file(min((EXAMPLE / "examples").glob("*.yaml")))).given()


def questions(*asked: Question) -> dict[str, QuestionText]:
    """Words for each question, told apart by its id."""
    found = {}
    for question in asked:
        levels = {}
        if isinstance(question, LevelQuestion):
            levels = {
                str(level): LevelText(name=f"{question.id} at {level}", description=f"{question.id} seen at {level}.")
                for level in question.levels
            }
        options = {each.id: OptionText(name=f"Option {each.id}") for each in getattr(question, "options", ())}
        found[question.id] = QuestionText(title=f"Question {question.id}", levels=levels, options=options)
    return found


def definition(
    asked: tuple[Question, ...],
    nodes: tuple[Node, ...],
    *,
    categories: tuple[str, ...],
    sections: Mapping[str, tuple[str, ...]] | None = None,
) -> Definition:
    """A definition of two languages with the last node as its index."""

    def texts(language: str) -> Texts:
        return Texts(
            language=language,
            title="Shape",
            short_title="Shape",
            summary="Summary.",
            origin="Our own.",
            method="Counted.",
            limits="Small.",
            questions=questions(*asked),
            nodes={node.id: Titled(title=f"Node {node.id}", about="About.") for node in nodes},
            bands={band.id: Titled(title=f"Band {band.id}") for node in nodes for band in node.bands}
            | {each.id: Titled(title=f"Class {each.id}") for node in nodes for each in node.classes},
            rules={rule.id: Titled(title=f"Rule {rule.id}", about="Why.") for node in nodes for rule in node.rules},
            groups={name: Titled(title=f"Section {name}") for name in sections or {}},
        )

    structure = Structure(
        family="shape",
        version="1.0.0",
        origin=Origin.OWN,
        languages=("en", "ar"),
        rounding=Rounding(places=2, mode=RoundingMode.HALF_UP),
        index=nodes[-1].id,
        categories=categories,
        sections=tuple(Section(id=name, questions=of) for name, of in (sections or {}).items()),
        questions=asked,
        nodes=nodes,
    )
    return Definition.of(structure, {language: texts(language) for language in ("en", "ar")})


@cache
def figures() -> Definition:
    """One category of two dimensions, one of them tonnes without an end; an index without an end and with bands."""
    return definition(
        (
            NumberQuestion(kind="number", id="saved", unit="t", least=Fraction(0)),
            LevelQuestion(kind="level", id="records", lowest=1, highest=4),
        ),
        (
            Node(
                id="all",
                aggregation=Aggregation.SUM,
                unit="t",
                children=(Child(of="saved"), Child(of="records")),
                bands=(Band(id="few", lowest=Fraction(0)), Band(id="many", lowest=Fraction(100))),
            ),
        ),
        categories=("all",),
    )


@cache
def points() -> Definition:
    """Points of different scales, a veto, a cap, a node over three questions, a computed number, a section."""
    better = LinearCurve(
        form="linear", base=Fraction(10), lead=Fraction(2), better=Better.LESS, at_lead=Fraction(30), capped=True
    )
    return definition(
        (
            YesNoQuestion(kind="yes_no", id="lawful", yes=Fraction(1), no=Fraction(0)),
            LevelQuestion(kind="level", id="plan", lowest=0, highest=4),
            LevelQuestion(kind="level", id="people", lowest=0, highest=4),
            ChoicesQuestion(
                kind="choices",
                id="steps",
                options=tuple(SeveralOption(id=f"step-{n}", value=Fraction(1)) for n in range(1, 4)),
            ),
            NumberQuestion(kind="number", id="energy", unit="MWh", least=Fraction(0)),
            NumberQuestion(kind="number", id="output", unit="t", least=Fraction(1)),
            ComputedQuestion(kind="computed", id="intensity", formula="energy / output", unit="MWh / t", curve=better),
        ),
        (
            Node(id="basics", aggregation=Aggregation.MINIMUM, children=(Child(of="lawful"),)),
            Node(
                id="organisation",
                aggregation=Aggregation.MEAN,
                children=(Child(of="plan"), Child(of="people"), Child(of="steps")),
                rules=(Rule(id="no-plan", kind=RuleKind.CAP, when="plan = 0", at_most=Fraction(1)),),
            ),
            Node(
                id="work",
                aggregation=Aggregation.SUM,
                children=(Child(of="organisation"), Child(of="intensity")),
            ),
            Node(
                id="total",
                aggregation=Aggregation.SHARE,
                children=(Child(of="work"),),
                bands=tuple(
                    Band(id=name, lowest=Fraction(start))
                    for name, start in (("none", 0), ("bronze", 90), ("silver", 94), ("gold", 97))
                ),
                rules=(Rule(id="unlawful", kind=RuleKind.VETO, unless="lawful", at_most_band="none"),),
            ),
        ),
        categories=("basics", "work"),
        sections={"amounts": ("energy", "output")},
    )


def points_answers(*, lawful: bool = False) -> dict[str, Answer]:
    """Answers to :func:`points`: no plan, and 6 MWh a tonne."""
    return {
        "lawful": YesNoAnswer(yes=lawful),
        "plan": LevelAnswer(level=0),
        "people": LevelAnswer(level=3),
        "steps": ChoicesAnswer(choices=("step-1", "step-3")),
        "energy": NumberAnswer(number=Fraction(120_000)),
        "output": NumberAnswer(number=Fraction(20_000)),
    }


@cache
def side_by_side() -> Definition:
    """A profile in place of an index: a node with a band, a profile of two questions, a number without a curve."""
    asked = (
        LevelQuestion(kind="level", id="plan", lowest=0, highest=4),
        LevelQuestion(kind="level", id="people", lowest=0, highest=4),
        NumberQuestion(kind="number", id="saved", unit="t", least=Fraction(0)),
    )
    nodes = (
        Node(
            id="work",
            aggregation=Aggregation.MEAN,
            children=(Child(of="plan"), Child(of="people")),
            bands=(Band(id="few", lowest=Fraction(0)), Band(id="many", lowest=Fraction(2))),
        ),
        Node(
            id="rows",
            aggregation=Aggregation.PROFILE,
            children=(Child(of="people"), Child(of="saved")),
            classes=(NodeClass(id="saver", when="saved > 0"), NodeClass(id="other")),
        ),
        Node(
            id="all",
            aggregation=Aggregation.PROFILE,
            children=(Child(of="work"), Child(of="rows")),
            classes=(NodeClass(id="follower", when="work < 3"), NodeClass(id="explorer")),
        ),
    )
    return definition(asked, nodes, categories=("work", "rows"))


@cache
def many(dimensions: int = 9, each: int = 5) -> Definition:
    """One category of nodes over several level questions."""
    names = [[f"d{place}-q{rank}" for rank in range(each)] for place in range(dimensions)]
    asked = tuple(LevelQuestion(kind="level", id=name, lowest=0, highest=5) for group in names for name in group)
    nodes = tuple(
        Node(id=f"d{place}", aggregation=Aggregation.MEAN, children=tuple(Child(of=name) for name in group))
        for place, group in enumerate(names)
    )
    top = Node(id="top", aggregation=Aggregation.MEAN, children=tuple(Child(of=node.id) for node in nodes))
    return definition(asked, (*nodes, top), categories=("top",))


def told(
    of: Definition,
    given: dict[str, Answer],
    standing: Standing = Standing.CERTIFICATE,
    *,
    own: dict[str, Answer] | None = None,
    reason: str = "Seen.",
) -> Report:
    """A report over answers of any kind."""
    details = tuple(
        AnswerDetail(
            question=name,
            answer=answer,
            reason=reason,
            evidence=(EvidenceItem(file_name=f"{name}.pdf", sha256="0" * 64),) if place % 3 == 0 else (),
            self_answer=(own or {}).get(name),
        )
        for place, (name, answer) in enumerate(given.items())
    )
    return report(standing, scorecard=scored(of, given), answers=details, previous_value=None, previous_on=None)
