"""The parts of an outline: questions, nodes and dimensions, each with its words, its value and its scale."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from questionnaires import wording
from questionnaires.model import Better, Definition, LevelQuestion, Node, Question, QuestionText, Texts, Titled
from reports import answered, numbers
from reports.scales import Scale, limit
from scoring.scorecard import NodeScore, QuestionScore, State, Why


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A rule that changed a value or a band, or a veto that fired: a requirement that is not met is never hidden."""

    kind: str
    title: str
    about: str
    before: str | None
    after: str | None
    """The value before and after it, where it changed."""

    band_before: str | None
    band_after: str | None
    """Names of the bands, where it changed."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question with its words, its answer and what that is worth."""

    number: str
    """Place in the report, such as ``"4.2"`` or ``"4.2.1"``."""

    question: Question
    text: QuestionText
    score: QuestionScore
    scale: Scale
    """The scale of what the answer is worth."""

    language: str

    @property
    def id(self) -> str:
        """Id of the question."""
        return self.score.id

    @property
    def title(self) -> str:
        """Name of the question."""
        return self.text.title

    @property
    def is_level(self) -> bool:
        """True where the answer is a described level."""
        return self.question.kind == "level"

    @property
    def level_counts(self) -> bool:
        """True where the number of the level is what counts, and not something that the level is worth."""
        return isinstance(self.question, LevelQuestion) and not self.question.worth

    @property
    def is_ruled_out(self) -> bool:
        """True where other answers leave no such question: nobody was asked, or what it is computed from is missing."""
        return self.score.state is State.NOT_APPLICABLE and self.score.why is not Why.NONE

    @property
    def level_name(self) -> str | None:
        """Name of the level reached, or None without a level."""
        return None if self.score.level is None else self.text.levels[str(self.score.level)].name

    @property
    def exact(self) -> Fraction | None:
        """What the answer is worth."""
        return numbers.fraction(self.score.exact) if self.score.state is State.SCORED else None

    @property
    def share(self) -> Fraction | None:
        """What the answer is worth as a share of its scale; None without a value or without ends."""
        return self.scale.share(self.exact)

    @property
    def answer(self) -> str | None:
        """The answer (or the computed number) as people read it; None where there is none."""
        if self.score.state is not State.SCORED:
            return None
        return answered.words(self.question, self.text, self.score.answer, self.score.number, self.language)

    @property
    def is_denied(self) -> bool:
        """True where an option was picked that says that the question, or every row of it, does not apply."""
        return self.score.state is State.NOT_APPLICABLE and bool(self.score.answer) and self.score.why is Why.NONE

    @property
    def picked(self) -> tuple[answered.Named, ...]:
        """The level or options picked, with what they mean."""
        told = self.score.state is State.SCORED or self.is_denied
        return answered.picked(self.question, self.text, self.score.answer) if told else ()

    @property
    def grid(self) -> tuple[answered.GridLine, ...]:
        """Rows and options of a grid."""
        told = self.score.state is State.SCORED or self.is_denied
        return answered.grid(self.question, self.text, self.score.answer) if told else ()

    @property
    def worth(self) -> str | None:
        """What the answer is worth, where that is not the answer itself and counts for something."""
        if self.exact is None or self.level_counts or not self.scale.is_bounded:
            return None
        return numbers.plain(self.exact)

    @property
    def highest(self) -> str | None:
        """The most an answer is worth, as printed."""
        return None if self.scale.high is None else numbers.plain(self.scale.high)

    @property
    def brief(self) -> str | None:
        """What fits in a cell of a chart: a level, yes or no, a number of points."""
        if self.exact is None:
            return None
        return self.answer if self.level_counts or self.question.kind == "yes_no" else numbers.plain(self.exact)

    @property
    def next(self) -> str:
        """The next step from the level reached: as written, else what the next level describes; else empty."""
        if self.score.level is None:
            return ""
        above = self.text.levels.get(str(self.score.level + 1))
        return self.text.levels[str(self.score.level)].next or (above.description if above else "")


_OF_AMOUNTS: Final = frozenset({Why.AMOUNT, Why.AMOUNT_OPEN, Why.WEIGHTLESS, Why.BANDS, Why.BANDS_OPEN})


@dataclass(frozen=True, slots=True)
class Measure:
    """A node with its words, its value and its scale."""

    number: str
    """Place in the report for a category or dimension, ``""`` for an index."""

    text: Titled
    score: NodeScore
    scale: Scale
    node: Node
    rules: tuple[FiredRule, ...] = ()
    stage: str | None = None
    """Name of the last gate passed."""

    dimensions: tuple[Dimension, ...] = ()

    @property
    def limits(self) -> tuple[Fraction | None, ...]:
        """Where its bands begin; None where that follows from answers and has no number."""
        return tuple(limit(band, self.score) for band in self.node.bands)

    @property
    def remark(self) -> str:
        """Code of what has to be said of its weights, limits or bands; empty where there is nothing."""
        return self.score.why.value if self.score.why in _OF_AMOUNTS else ""

    @property
    def id(self) -> str:
        """Id of the node."""
        return self.score.id

    @property
    def title(self) -> str:
        """Name of the node."""
        return self.text.title

    @property
    def lowest(self) -> str | None:
        """The low end of the scale as printed; None without one."""
        return None if self.scale.low is None else numbers.plain(self.scale.low)

    @property
    def highest(self) -> str | None:
        """The high end of the scale as printed; None without one."""
        return None if self.scale.high is None else numbers.plain(self.scale.high)

    @property
    def printed(self) -> str | None:
        """The value to print: stated, or provisional while answers are missing; None where there is none."""
        return self.score.value or self.score.provisional

    @property
    def brief(self) -> str | None:
        """The printed value; long ones in groups of digits."""
        return None if self.printed is None else numbers.grouped(self.printed)

    @property
    def answer(self) -> str | None:
        """The printed value with its unit."""
        return None if self.brief is None else numbers.with_unit(self.brief, self.score.unit)

    @property
    def is_provisional(self) -> bool:
        """True when :attr:`printed` may still change."""
        return self.score.value is None and self.score.provisional is not None

    @property
    def is_profile(self) -> bool:
        """True where it has no value of its own but what stands below it."""
        return self.score.is_profile

    @property
    def less_is_better(self) -> bool:
        """True where the low end of the scale is the best (an intensity, a penalty)."""
        return self.node.better is Better.LESS

    @property
    def place(self) -> Fraction | None:
        """Where the printed value lies on the scale, 0 to 1 upwards; None without a value or without ends."""
        return None if self.printed is None else self.scale.share(Fraction(self.printed))

    @property
    def share(self) -> Fraction | None:
        """How much of the way to the best end of the scale is reached, 0 to 1."""
        return _reached(self.place, less_is_better=self.less_is_better)

    def reach(self, value: Fraction) -> Fraction | None:
        """How much of that way another value of it would be."""
        return _reached(self.scale.share(value), less_is_better=self.less_is_better)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A child of a category: one question, or a node over several."""

    number: str
    of: Item | Measure
    items: tuple[Item, ...]
    """Its questions: the one it is, or those below the node."""

    scale: Scale
    """Its scale as it counts in the category: nothing beyond a cap."""

    @property
    def id(self) -> str:
        """Id of the question or node."""
        return self.of.id

    @property
    def title(self) -> str:
        """Name of the dimension."""
        return self.of.title

    @property
    def score(self) -> QuestionScore | NodeScore:
        """Its entry in the scorecard."""
        return self.of.score

    @property
    def item(self) -> Item | None:
        """The question, where it is one."""
        return self.of if isinstance(self.of, Item) else None

    @property
    def measure(self) -> Measure | None:
        """The node, where it is one over several questions."""
        return self.of if isinstance(self.of, Measure) else None

    @property
    def is_level(self) -> bool:
        """True where it is one question whose level is what counts."""
        return self.item is not None and self.item.level_counts

    @property
    def level(self) -> int | None:
        """The level reached, where it is answered by one."""
        return self.item.score.level if self.item else None

    @property
    def level_name(self) -> str | None:
        """Name of the level reached."""
        return self.item.level_name if self.item else None

    @property
    def exact(self) -> Fraction | None:
        """What it brings to its category, before a cap."""
        if isinstance(self.of, Item):
            return self.of.exact
        return None if self.of.printed is None else Fraction(self.of.printed)

    @property
    def share(self) -> Fraction | None:
        """How much of the way to the best end of its scale is reached, 0 to 1; None without a value or ends."""
        return _reached(self.scale.share(self.exact), less_is_better=self.less_is_better)

    def reach(self, value: Fraction) -> Fraction | None:
        """How much of that way another value of it would be."""
        return _reached(self.scale.share(value), less_is_better=self.less_is_better)

    @property
    def less_is_better(self) -> bool:
        """True where the low end of its scale is the best."""
        return self.measure is not None and self.measure.less_is_better

    @property
    def is_provisional(self) -> bool:
        """True when its value may still change."""
        return self.measure is not None and self.measure.is_provisional

    @property
    def brief(self) -> str | None:
        """What fits in a cell of a chart."""
        return self.of.brief

    @property
    def points(self) -> str | None:
        """Its value in figures, whatever was answered."""
        if isinstance(self.of, Measure):
            return self.of.brief
        return None if self.exact is None else numbers.plain(self.exact)

    @property
    def highest(self) -> str | None:
        """The high end of its scale as printed."""
        return None if self.scale.high is None else numbers.plain(self.scale.high)

    @property
    def weakest(self) -> Item | None:
        """The question with the most room that says what comes next; of a single question itself."""
        if self.less_is_better:
            return None
        steps = [item for item in self.items if item.next and item.share is not None]
        return min(steps, key=lambda item: item.share or Fraction(0), default=None)


Part = Item | Measure | Dimension
"""Anything with a title, a value and a place on a scale."""


def _reached(place: Fraction | None, *, less_is_better: bool) -> Fraction | None:
    return 1 - place if less_is_better and place is not None else place


def said(part: Part, language: str) -> str:
    """The value in a word: in figures, or why there is none."""
    return part.brief or wording.say("reports", f"state.{part.score.state.value}.short", language)


def fired_rules(score: NodeScore, words: Texts) -> tuple[FiredRule, ...]:
    """The rules of a node worth telling, in their order."""
    told = []
    for rule in score.rules:
        moved, banded = rule.before != rule.after, rule.band_before != rule.band_after
        if not rule.fired or not (moved or banded or rule.kind == "veto"):
            continue
        names = [words.bands[band].title if band else None for band in (rule.band_before, rule.band_after)]
        told.append(
            FiredRule(
                kind=rule.kind,
                title=words.rules[rule.id].title,
                about=words.rules[rule.id].about,
                before=rule.before if moved else None,
                after=rule.after if moved else None,
                band_before=names[0] if banded else None,
                band_after=names[1] if banded else None,
            )
        )
    return tuple(told)


def titles(definition: Definition, words: Texts, identifier: str) -> str:
    """The name of a question or node."""
    return words.nodes[identifier].title if definition.node(identifier) else words.questions[identifier].title
