"""A published questionnaire to read before an assessment: what is asked, what it is worth, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from starlette.responses import Response

from itti.assessments.asking import evidence_words
from itti.assessments.figures import decimal, figure
from itti.assessments.layout import Leaf, leaves
from itti.calendar.reckoning import plain_day_words
from itti.web.cohort_words import CohortWords
from itti.web.visits import Visit
from questionnaires.belonging import lists
from questionnaires.formula.inlining import parsed
from questionnaires.formula.tree import Name, walk
from questionnaires.model import (
    Amount,
    ChoiceQuestion,
    ChoicesQuestion,
    ComputedQuestion,
    Curve,
    DateQuestion,
    Definition,
    GridQuestion,
    ItemsQuestion,
    LevelQuestion,
    LinearCurve,
    LogCurve,
    Node,
    NumberQuestion,
    Option,
    Place,
    PointsCurve,
    Question,
    SeveralPicked,
    StepsCurve,
    Texts,
    YesNoQuestion,
)
from reports.directions import isolated, keeping_direction

MOST_ROWS: Final = 60
"""Rows of a table that the page shows; the definition itself has all of them."""


@dataclass(frozen=True)
class Possible:
    """One thing that can be answered: a level, an option, a row."""

    mark: str
    """A level's number, or what an option is worth; empty where there is neither."""

    name: str
    description: str


@dataclass(frozen=True)
class Shown:
    """One question."""

    title: str
    about: str
    prompt: str
    kind: str
    possible: Sequence[Possible]
    rows: Sequence[Possible]
    facts: Sequence[str]
    """Limits, curve, formula, condition, evidence, each as a sentence."""

    sources: Sequence[str]


@dataclass(frozen=True)
class Group:
    """A category or the sections, with their leaves."""

    title: str
    about: str
    leaves: Sequence[ShownLeaf]


@dataclass(frozen=True)
class ShownLeaf:
    """A dimension or section with its questions; without a title where the question is the dimension."""

    title: str
    about: str
    rules: Sequence[tuple[str, str]]
    """Title and words of the rules that can override its value."""

    questions: Sequence[Shown]


def show(visit: Visit, definition: Definition) -> Response:
    """Draw the page."""
    texts = definition.words(visit.language)
    teller = _Teller(visit, definition, texts)
    grouped: dict[str | None, list[Leaf]] = {}
    for leaf in leaves(definition):
        grouped.setdefault(leaf.category, []).append(leaf)
    groups = [
        Group(
            texts.nodes[category].title if category else visit.say("answer.general"),
            texts.nodes[category].about if category else "",
            [shown for leaf in found for shown in teller.leaves(leaf)],
        )
        for category, found in grouped.items()
    ]
    dimensions = {leaf.of for found in grouped.values() for leaf in found}
    above = [
        node for node in definition.nodes if node.id not in dimensions and (node.rules or node.bands or node.classes)
    ]
    return visit.show(
        "web/questionnaire.html",
        definition=definition,
        texts=texts,
        groups=groups,
        above=[teller.above(node) for node in reversed(above)],
        figures=[(title, isolated(told)) for title, told in teller.figures()],
        rankings=[(title, isolated(told)) for title, told in teller.rankings()],
        contradictions=list(teller.contradictions()),
        sources=[
            (texts.sources[source.id], visit.say(f"certainty.{source.certainty}")) for source in definition.sources
        ],
    )


@dataclass(frozen=True)
class Above:
    """A node above the dimensions that has rules, bands or classes."""

    title: str
    rules: list[tuple[str, str]]
    bands: list[tuple[str, str, str]]
    """From where on, title, and what it means."""

    classes: list[tuple[str, str, str]]
    """Its condition, title, and what it means."""


class _Teller:
    """Puts the parts of one definition into words."""

    def __init__(self, visit: Visit, definition: Definition, texts: Texts) -> None:
        self.visit, self.definition, self.texts = visit, definition, texts
        self.say = visit.say
        self.cohort = CohortWords(definition, texts, self.say, self._measured, self._apart)

    def leaves(self, leaf: Leaf) -> Iterator[ShownLeaf]:
        """A leaf, and after each list on it what is asked of every item; what is asked so stands nowhere else."""
        asks = {each.id: each.asks for each in lists(self.definition)}
        members = {name for asked in asks.values() for name in asked}
        own = tuple(name for name in leaf.questions if name not in members)
        if own:
            yield self._leaf(replace(leaf, questions=own))
        waiting = [name for name in own if name in asks]
        while waiting:  # a list among what another asks is shown after it
            of = waiting.pop(0)
            title = self.say("definition.each", list=self.texts.questions[of].title)
            yield ShownLeaf(title, "", (), [self.question(name) for name in asks[of]])
            waiting = [*(name for name in asks[of] if name in asks), *waiting]

    def _leaf(self, leaf: Leaf) -> ShownLeaf:
        node = self.definition.node(leaf.of) if not leaf.is_section else None
        heading = leaf.heading(self.texts)
        return ShownLeaf(
            "" if leaf.is_plain else heading.title,
            "" if leaf.is_plain else heading.about,
            self.rules(node) if node else (),
            [self.question(name) for name in leaf.questions],
        )

    def rules(self, node: Node) -> list[tuple[str, str]]:
        return [
            (
                f"{self.say(f'rule-kind.{rule.kind.value}')}: {self.texts.rules[rule.id].title}",
                self.texts.rules[rule.id].about,
            )
            for rule in node.rules
        ]

    def above(self, node: Node) -> Above:
        """A node that is no dimension."""
        classes = [
            (
                each.when or self.say("definition.class-rest"),
                self.texts.bands[each.id].title,
                self.texts.bands[each.id].about,
            )
            for each in node.classes
        ]
        return Above(self.texts.nodes[node.id].title, self.rules(node), self.bands(node), classes)

    def bands(self, node: Node) -> list[tuple[str, str, str]]:
        return [
            (self._amount(band.lowest, None), self.texts.bands[band.id].title, self.texts.bands[band.id].about)
            for band in node.bands
        ]

    def question(self, name: str) -> Shown:
        question = self.definition.question(name)
        assert question is not None, name  # noqa: S101 - leaves hold the questions of the definition
        words = self.texts.questions[name]
        return Shown(
            words.title,
            words.about,
            words.prompt,
            self.say(f"kind.{question.kind}"),
            self._possible(question),
            self._rows(question),
            list(self._facts(question)),
            [self.texts.sources[source] for source in question.sources],
        )

    def figures(self) -> Iterator[tuple[str, str]]:
        """Constants, the numbers of tables by option, and what is taken of a cohort."""
        for constant in self.definition.constants:
            yield self.texts.figures[constant.id].title, self._measured(constant.value, constant.unit)
        for table in self.definition.tables:
            rows = [
                f"{' × '.join(map(self._side, table.by, answers))}: {self._measured(value, table.unit)}"
                for answers, value in table.rows.items()
            ]
            if len(rows) > MOST_ROWS:
                rows[MOST_ROWS:] = [self.say("definition.more-rows", count=len(rows) - MOST_ROWS)]
            if table.otherwise is not None:
                rows.append(self.say("definition.otherwise", value=self._measured(table.otherwise, table.unit)))
            if table.several is SeveralPicked.PRODUCT:
                rows.append(self.say("definition.picked-product"))
            yield self.texts.figures[table.id].title, self.say("list.semicolon").join(rows)
        for taken in self.definition.cohort_figures:
            yield self.texts.figures[taken.id].title, self.say("list.semicolon").join(self.cohort.taken(taken))
        for condition in self.definition.conditions:
            yield self.texts.figures[condition.id].title, self._apart(f"{condition.id}: {condition.when}")

    def rankings(self) -> Iterator[tuple[str, str]]:
        """What follows from a rank within a cohort, and among whom."""
        for ranking in self.definition.rankings:
            told = [self.say("definition.ranking.of", of=self._title(ranking.of)), *self.cohort.grouped(ranking)]
            if ranking.eligible is not None:
                told.append(self.say("definition.ranking.eligible", condition=self._apart(ranking.eligible)))
            told += map(self._place, ranking.places)
            told.append(self.say(f"definition.ranking.ties-{ranking.ties.value}"))
            yield self.texts.groups[ranking.id].title, self.say("list.semicolon").join(told)

    def _place(self, place: Place) -> str:
        """How far down a place of a ranking reaches, and who may hold it."""
        size = self._number(Fraction(place.members or 0), None)
        if place.top is not None:
            size = self._measured(place.top * 100, "%")
        kind = "share" if place.members is None else "members"
        told = [self.say(f"definition.ranking.place-{kind}", title=self.texts.groups[place.id].title, size=size)]
        if place.top is not None:
            told.append(self.say(f"definition.cohort.rounding-{place.rounding.value}"))
        if place.at_least is not None:
            told.append(self.say("definition.ranking.at-least", count=str(place.at_least)))
        if place.eligible is not None:
            told.append(self.say("definition.ranking.may-hold", condition=self._apart(place.eligible)))
        return self.say("list.comma").join(told)

    def contradictions(self) -> Iterator[tuple[str, list[str]]]:
        """What cannot all be true, in the authors' words, with the titles of the questions it is about."""
        conditions = self.definition.named_conditions
        for each in self.definition.contradictions:
            names = [part.id for part in walk(parsed(each.when, conditions)) if isinstance(part, Name)]
            asked = [name for name in dict.fromkeys(names) if name in self.texts.questions]
            yield self.texts.contradictions[each.id], [self.texts.questions[name].title for name in asked]

    def _title(self, of: str) -> str:
        return self.texts.nodes[of].title if of in self.texts.nodes else self.texts.questions[of].title

    def _side(self, by: str, row: str) -> str:
        """What stands at a side of a table, in words: an answer, a whole number, a band or class."""
        if row.isdecimal() and not isinstance(self.definition.question(by), LevelQuestion):
            return f"{self._title(by)} {self._number(Fraction(row), None)}"
        return self.texts.bands[row].title if by in self.texts.nodes else self._answer(by, row)

    def _answer(self, question: str, answer: str) -> str:
        """An answer as tables name it, in words."""
        words = self.texts.questions[question]
        if answer in words.options:
            return words.options[answer].name
        return words.levels[answer].name if answer in words.levels else self.say(f"yes-no.{answer}")

    def _possible(self, question: Question) -> list[Possible]:
        words = self.texts.questions[question.id]
        match question:
            case LevelQuestion(levels=levels):
                named = ((number, words.levels[str(number)]) for number in levels)
                return [
                    Possible(self._level(question, number), level.name, level.description) for number, level in named
                ]
            case ChoiceQuestion(options=options) | ChoicesQuestion(options=options) | GridQuestion(options=options):
                return [self._option(question, option) for option in options]
            case YesNoQuestion():
                sides = (("yes", question.yes), ("no", question.no))
                return [Possible(self._worth(value), self.say(f"yes-no.{side}"), "") for side, value in sides]
        return []

    def _level(self, question: LevelQuestion, number: int) -> str:
        """A level's number, and what it is worth where that is another one."""
        worth = self._worth(question.worth_of(number))
        return f"{number} · {worth}" if question.worth else str(number)

    def _option(self, question: Question, option: Option) -> Possible:
        words = self.texts.questions[question.id].options[option.id]
        alone = self.say("definition.alone") if getattr(option, "alone", False) else ""
        worth = "" if option.value is None else self._worth(option.value)
        denies = self.say("definition.denies") if option.not_applicable else ""
        return Possible(worth, words.name, " ".join(filter(None, [words.description, alone, denies])))

    def _rows(self, question: Question) -> list[Possible]:
        if not isinstance(question, GridQuestion):
            return []
        words = self.texts.questions[question.id].rows
        return [
            Possible(
                "" if row.weight == 1 else self.say("definition.weight", weight=decimal(str(row.weight), 3)),
                words[row.id].name,
                words[row.id].description,
            )
            for row in question.rows
        ]

    def _facts(self, question: Question) -> Iterator[str]:
        if isinstance(question, NumberQuestion):
            yield from self._limits(question)
        if isinstance(question, DateQuestion):
            if question.earliest is not None:
                yield self.say("date.earliest", day=plain_day_words(question.earliest, self.visit.language))
            if question.latest is not None:
                yield self.say("date.latest", day=plain_day_words(question.latest, self.visit.language))
        if isinstance(question, ItemsQuestion):
            key = "items.count" if question.least else "items.most"
            yield self.say(key, least=question.least, most=question.most)
        if isinstance(question, ComputedQuestion):
            yield self.say("definition.formula", formula=question.formula, unit=question.unit or "–")
        if isinstance(question, (NumberQuestion, ComputedQuestion)) and question.curve is not None:
            yield self._curve(question.curve, question.unit)
        if question.applies_when is not None:
            yield self.say("definition.applies", condition=question.applies_when)
        if said := evidence_words(question, self.visit.language):
            yield said

    def _limits(self, question: NumberQuestion) -> Iterator[str]:
        if question.unit is not None:
            yield self.say("definition.unit", unit=question.unit)
        if question.least is not None:
            yield self.say("number.least", least=self._number(question.least, None))
        if question.most is not None:
            yield self.say("number.most", most=self._number(question.most, None))
        if question.places is not None:
            yield self.say("number.places", places=question.places) if question.places else self.say("number.whole")
        if question.step is not None:
            yield self.say("number.steps", step=self._number(question.step, None))

    def _curve(self, curve: Curve, unit: str | None) -> str:
        match curve:
            case LinearCurve() | LogCurve():
                return self.say(
                    f"definition.curve-{curve.form}",
                    base=self._amount(curve.base, unit), at_base=decimal(str(curve.at_base), 3),
                    lead=self._amount(curve.lead, unit), at_lead=decimal(str(curve.at_lead), 3),
                )  # fmt: skip
            case StepsCurve():
                steps = [
                    f"{'> ' * curve.excludes(step)}{self._number(step.lowest, unit)} → {decimal(str(step.value), 3)}"
                    for step in curve.steps
                ]
                return self.say("definition.curve-steps", below=decimal(str(curve.below), 3), steps="; ".join(steps))
            case PointsCurve():
                points = [f"{self._number(each.at, unit)} → {decimal(str(each.value), 3)}" for each in curve.points]
                return self.say("definition.curve-points", points="; ".join(points))

    def _amount(self, amount: Amount, unit: str | None) -> str:
        if isinstance(amount, Fraction):
            return self._number(amount, unit)
        named = self.texts.figures.get(amount)
        return named.title if named else amount

    def _number(self, value: Fraction, unit: str | None) -> str:
        return figure(str(value), self.visit.language, unit)

    def _measured(self, value: Fraction, unit: str | None) -> str:
        """A number among other words: with a unit in Latin letters it keeps its own direction."""
        number = self._number(value, unit)
        return self._apart(number) if unit and unit != "%" else number

    def _apart(self, text: str) -> str:
        return keeping_direction(text, self.visit.language)

    def _worth(self, value: Fraction) -> str:
        return self.say("definition.worth", value=decimal(str(value), 3))
