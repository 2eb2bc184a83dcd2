"""The words of single steps: equations, answers, conditions, curves, the rounding."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from questionnaires import wording
from questionnaires.model import ComputedQuestion, Definition, NumberQuestion
from reports import answered, numbers
from reports.directions import END, LEFT_TO_RIGHT, OWN_WAY
from scoring.scorecard import QuestionScore, State
from scoring.trace import Part, QuestionTrace, Step, Trace
from scoring.working import PLACES, Condition, Looked, figure

WHOLE: Final = "\u00a0"
"""A space at which no line is broken."""

_UNBROKEN: Final = 32
"""Signs up to which a sum stays on one line."""

_PLACES: Final = 4
"""Decimal places of the decimal that stands beside a fraction, for orientation."""


class Telling:
    """What the lines of one calculation are made from."""

    def __init__(self, definition: Definition, trace: Trace, language: str) -> None:
        self.definition, self.trace, self.language = definition, trace, language
        self.texts = definition.words(language)

    def say(self, key: str, **details: str) -> str:
        """A sentence of the catalogue."""
        return wording.say("reports", f"calculation.{key}", self.language, **details)

    @staticmethod
    def sum(text: str) -> str:
        """Numbers, formulas and ids, which run from left to right in any language."""
        whole = text.replace(" ", WHOLE) if len(text) <= _UNBROKEN else text
        return f"{LEFT_TO_RIGHT}{whole}{END}"

    @staticmethod
    def own_way(text: str) -> str:
        """What people wrote, in its own direction."""
        return f"{OWN_WAY}{text}{END}"

    def named(self, identifier: str, title: str) -> dict[str, str]:
        """Title and id, as every line begins."""
        return {"title": title, "id": self.sum(f"[{identifier}]")}

    def number(self, text: str) -> str:
        """A number, with a decimal for orientation where it is a fraction."""
        return self.sum(_with_decimal(text))

    def equation(self, working: str, result: str) -> str:
        """``working = result``."""
        return self.sum(_equated(working, result))

    def condition(self, condition: Condition) -> dict[str, str]:
        """A condition in the definition's words, and with its numbers."""
        return {"formula": self.sum(condition.formula), "inserted": self.sum(condition.inserted)}

    def step(self, step: Step, of: str) -> str:
        """A step of the arithmetic: of a node (``made``) or of an answer's worth (``worth``)."""
        told = {name: self.number(number) for name, number in step.numbers.items()} | self.sums(step)
        told["result"] = self.number(step.result)
        if step.key == "held":
            limits = [self.say(f"limit-{name}", limit=told[name]) for name in ("least", "most") if name in told]
            told["limits"] = wording.say("reports", "list.separator", self.language).join(limits)
            told["working"] = self.number(step.working)
            return self.say("held", **told)
        return self.say(f"{of}-{step.key}", **told)

    def sums(self, step: Step) -> dict[str, str]:
        """The arithmetic of a step; where it has a formula, first that."""
        if step.formula in {"", step.working}:
            return {"sum": self.equation(step.working, step.result)}
        return {"sum": self.sum(f"{step.formula} = {_equated(step.working, step.result)}")}

    def rows_left(self, question: str, step: Step) -> str:
        """The rows of a grid that do not apply."""
        rows = self.texts.questions[question].rows
        separator = wording.say("reports", "list.separator", self.language)
        return self.say("rows-left", rows=separator.join(rows[row].name for row in step.rows))

    def looked(self, looked: Looked) -> str:
        """The row of a table that was used."""
        separator = wording.say("reports", "list.separator", self.language)
        given = (self.say("looked-by", title=self._title(by), answer=self.own_way(self._given(by))) for by in looked.by)
        told = {"given": separator.join(given), "sum": self.equation(looked.working, looked.value)}
        return self.say("looked-up", **self.named(looked.table, self.texts.figures[looked.table].title), **told)

    def _title(self, by: str) -> str:
        words = self.texts.nodes.get(by) or self.texts.questions[by]
        return words.title

    def _given(self, by: str) -> str:
        """What stands at a side of a table: an answer, a number, or the band or class of a node."""
        if by in self.texts.nodes:
            score = self.trace.nodes[by].score
            return self.texts.bands[score.band].title if score.band else score.value or "–"
        return self.answer(self.trace.questions[by].score)

    def stated(self, step: Step) -> str:
        """The rounding, the band, what is passed on."""
        if step.key == "band":
            told = {name: self.number(limit) for name, limit in step.numbers.items()}
            title = self.texts.bands[step.result].title
            return self.say("band-between" if "below" in told else "band-last", band=title, **told)
        if step.key == "band-upper":
            told = {name: self.number(limit) for name, limit in step.numbers.items()}
            key = "band-up-to" if "from" not in told else "band-above-up-to" if "below" in told else "band-above"
            return self.say(key, band=self.texts.bands[step.result].title, **told)
        told = {"working": self.number(step.working), "result": self.sum(step.result)}
        return self.say(step.key, count=step.numbers.get("places", "0"), **told)

    def node_head(self, part: Part) -> str:
        """A node among the parts."""
        if not part.value:
            return self.named_only(part.share.of, self.texts.nodes[part.share.of].title)
        told = self.named(part.share.of, self.texts.nodes[part.share.of].title)
        return self.say(self._head(part, "node"), value=self.number(part.before_cap or part.value), **told)

    def named_only(self, identifier: str, title: str) -> str:
        """Title and id of what stands in a profile without a value of its own."""
        return self.say("head-alone", **self.named(identifier, title))

    def question_head(self, part: Part, question: QuestionTrace) -> str:
        """A question among the parts, with what was answered."""
        score = question.score
        told = self.named(score.id, self.texts.questions[score.id].title)
        told |= {"value": self.number(part.before_cap or part.value), "answer": self.own_way(self.answer(score))}
        if part.share.counted and score.level is not None:
            told["level_name"] = self.texts.questions[score.id].levels[str(score.level)].name
            told["answer"] = self.sum(str(score.level))
            same = part.value == str(score.level) and not part.before_cap
            return self.say("head-level" if same or part.before_cap == str(score.level) else "head-level-worth", **told)
        has_own_number = score.kind in {"number", "computed"} and score.number == score.exact
        return self.say(self._head(part, "number" if has_own_number else "worth"), **told)

    def _head(self, part: Part, of: str) -> str:
        if part.share.counted and not part.value:
            return "head-number"  # in a profile: an answer that has no value
        if part.share.counted:
            return "head-substitute" if part.share.state is State.NOT_APPLICABLE else f"head-{of}"
        if part.share.weight == "0":
            return "left-out-weightless"
        if part.is_question and part.share.state is State.SCORED:
            return "head-fact"
        return f"left-out-{part.share.state.value.replace('_', '-')}"

    def answer(self, score: QuestionScore) -> str:
        """The answer as a person would say it; a number exactly."""
        return answer_in_words(self.definition, score, self.language)


def answer_in_words(definition: Definition, score: QuestionScore, language: str) -> str:
    """What a question was answered with, as a person would say it; a number exactly."""
    question, text = definition.question(score.id), definition.words(language).questions[score.id]
    if isinstance(question, (NumberQuestion, ComputedQuestion)):
        number = _brief(score.number or "–")
        return f"{number} {question.unit}" if question.unit else number
    if question is None or not score.answer:
        return "–"
    if score.kind == "level":
        return f"{score.answer} ({text.levels[score.answer].name})"
    return answered.words(question, text, score.answer, score.number, language) or "–"


def _brief(exact: str) -> str:
    if exact.endswith("…"):
        whole, _, part = exact.partition(".")
        return f"{whole}.{part[:PLACES]}…"
    return exact if exact == "–" else figure(Fraction(exact))


def _equated(working: str, result: str) -> str:
    shown = _with_decimal(result)
    if working in {"", result}:
        return shown
    return f"{working} = {shown}" if shown else working


def _with_decimal(text: str) -> str:
    """``8/3 ≈ 2.6667``; decimals stay as they are."""
    if "/" not in text:
        return text
    return f"{text} ≈ {numbers.plain(Fraction(text), _PLACES)}"
