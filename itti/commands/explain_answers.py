"""What an answer is worth, step by step: options added up, rows averaged, numbers put into formulas and curves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final, assert_never

from questionnaires import wording
from questionnaires.formula.parsing import parse
from questionnaires.formula.tree import Binary, Call, Expression, Member, Name, Number, Text, Unary
from questionnaires.formula.writing import written
from questionnaires.model import (
    ChoicesQuestion,
    ComputedQuestion,
    Curve,
    Definition,
    GridAggregation,
    GridQuestion,
    LinearCurve,
    LogCurve,
    NumberQuestion,
    PointsCurve,
    Question,
    StepsCurve,
    denied_by,
    options_of,
)
from scoring import QuestionScore, Scorecard, looked_up
from scoring.answers import decimal_text

_DIGITS: Final = 6


def exact(text: str) -> Fraction | None:
    """The number that a scorecard states; None for an irrational one, of which it states the first digits."""
    return None if text.endswith("…") else Fraction(text)


def brief(text: str) -> str:
    """The number as a person copies it down: of an irrational one the first six decimals."""
    whole, point, part = text.partition(".")
    return f"{whole}{point}{part[:_DIGITS]}…" if text.endswith("…") else text


@dataclass(frozen=True)
class Numbers:
    """What every name of a definition's formulas stands for, as far as the scorecard states a number for it."""

    definition: Definition
    card: Scorecard
    values: Mapping[str, Fraction]
    days: Mapping[str, str]
    """What a date stands for, as it is written: ``2026-01-31``."""

    @classmethod
    def of(cls, definition: Definition, card: Scorecard) -> Numbers:
        """All names with numbers: answers, nodes, constants, figures of the cohort, and tables by the option picked."""
        found: dict[str, str | Fraction | None] = {
            score.id: score.number or (score.exact if score.level is None else str(score.level))
            for score in card.questions
        }
        found |= {node.id: node.exact for node in card.nodes}
        found |= {constant.id: constant.value for constant in definition.constants}
        found |= {table.id: looked_up(table, card) for table in definition.tables}
        found |= {figure.id: figure.number for figure in (card.cohort.figures if card.cohort else ())}
        numbers = {name: exact(value) if isinstance(value, str) else value for name, value in found.items()}
        days = {score.id: score.answer for score in card.questions if score.kind == "date" and score.answer}
        return cls(definition, card, {name: number for name, number in numbers.items() if number is not None}, days)

    def inserted(self, formula: str) -> str:
        """The formula with numbers in place of names."""
        return written(self._filled(parse(formula)))

    def amount(self, amount: Fraction | str) -> Fraction | None:
        """An end of a curve: a number, or what its name stands for; None where it takes a calculation."""
        if isinstance(amount, Fraction):
            return amount
        tree = parse(amount)
        return self.values.get(tree.id) if isinstance(tree, Name) else None

    def _filled(self, tree: Expression) -> Expression:  # noqa: PLR0911 - one line for each kind of part
        match tree:
            case Name(id=name) if name in self.values:
                return Number(self.values[name], tree.at)
            case Name(id=name) if name in self.days:
                return Call("date", (Text(self.days[name], tree.at),), tree.at)
            case Binary():
                return replace(tree, left=self._filled(tree.left), right=self._filled(tree.right))
            case Unary():
                return replace(tree, operand=self._filled(tree.operand))
            case Call(function="score", arguments=(Name(id=name),)):
                worth = self.card.question(name).exact
                number = None if worth is None else exact(worth)
                return tree if number is None else Number(number, tree.at)
            case Call(function=function) if function not in {"applies", "answered", "has", "picked"}:
                return replace(tree, arguments=tuple(self._filled(each) for each in tree.arguments))
            case Member():
                return tree
        return tree


def answer_in_words(  # noqa: PLR0911 - one line for each kind of question
    definition: Definition, score: QuestionScore, language: str
) -> str:
    """The answer as a person would say it, from the line that the scorecard states."""
    words, given = definition.words(language).questions[score.id], score.answer or ""
    match score.kind:
        case "level":
            return f"{given} ({words.levels[given].name})"
        case "choice":
            return words.options[given].name
        case "choices":
            names = [words.options[option].name for option in _picked(definition.question(score.id), given)]
            return "; ".join(names) or _say("none-picked", language)
        case "grid":
            pairs = [pair.split(": ") for pair in given.split(", ")]
            return "; ".join(f"{words.rows[row].name}: {words.options[option].name}" for row, option in pairs)
        case "yes_no":
            return _say(given, language)
        case "date":
            from reports.templating import long_date

            return long_date(date.fromisoformat(given), language)
    question = definition.question(score.id)
    unit = question.unit if isinstance(question, (NumberQuestion, ComputedQuestion)) else None
    number = exact(score.number or "…") if score.number else None
    shown = (score.number or "–") if number is None else decimal_text(number)
    return f"{shown} {unit}" if unit else shown


def worth(numbers: Numbers, score: QuestionScore, language: str) -> Iterator[str]:
    """How the answer became its value, for kinds where that takes a calculation."""
    question = numbers.definition.question(score.id)
    match question:
        case ChoicesQuestion():
            yield _several(question, score, language)
        case GridQuestion():
            yield _rows(question, score, language)
            yield from _rows_left(numbers.definition, question, score, language)
        case ComputedQuestion(formula=formula):
            filled = numbers.inserted(formula)
            yield _say("computed", language, formula=formula, inserted=filled, result=brief(score.number or "–"))
            if question.least is not None or question.most is not None:
                ends = ("–" if end is None else _told(end) for end in (question.least, question.most))
                yield _say("held", language, **dict(zip(("least", "most"), ends, strict=True)))
    curve = question.curve if isinstance(question, (NumberQuestion, ComputedQuestion)) else None
    if curve is not None and score.number is not None and score.exact is not None:
        yield _curve(numbers, curve, score.number, score.exact, language)


def _picked(question: Question | None, given: str) -> list[str]:
    """The options picked, in the order of the questionnaire."""
    picked = given.split(", ")
    return [option for option in options_of(question) if option in picked] if question else []


def _several(question: ChoicesQuestion, score: QuestionScore, language: str) -> str:
    values = {option.id: option.value or Fraction(0) for option in question.options}
    picked = [values[option] for option in _picked(question, score.answer or "")]
    total = sum(picked, Fraction(0))
    sums = " + ".join(f"({value})" if value < 0 else str(value) for value in picked) or "0"
    if str(total) == score.exact:
        return _say("several", language, sums=sums, total=total)
    return _say("several-held", language, sums=sums, total=total, value=score.exact)


def _rows(question: GridQuestion, score: QuestionScore, language: str) -> str:
    values = {option.id: option.value or Fraction(0) for option in question.options}
    picked = dict(pair.split(": ") for pair in (score.answer or "").split(", "))
    denials = denied_by(question)
    rows = [(row.weight, values[picked[row.id]]) for row in question.rows if picked[row.id] not in denials]
    sums = " + ".join(f"{weight}×{value}" for weight, value in rows)
    match question.aggregation:
        case GridAggregation.MEAN:
            weights = " + ".join(str(weight) for weight, _ in rows)
            return _say("rows-mean", language, sums=sums, weights=weights, value=score.exact)
        case GridAggregation.SUM:
            return _say("rows-sum", language, sums=sums, value=score.exact)
        case GridAggregation.MINIMUM | GridAggregation.MAXIMUM:
            listed = ", ".join(str(value) for _, value in rows)
            return _say(f"rows-{question.aggregation.value}", language, values=listed, value=score.exact)
    assert_never(question.aggregation)


def _rows_left(definition: Definition, question: GridQuestion, score: QuestionScore, language: str) -> Iterator[str]:
    """The rows that do not apply, by name."""
    picked = dict(pair.split(": ") for pair in (score.answer or "").split(", "))
    words, denials = definition.words(language).questions[question.id], denied_by(question)
    left = [words.rows[row.id].name for row in question.rows if picked[row.id] in denials]
    if left:
        yield _say("rows-left", language, rows="; ".join(left))


def _curve(  # noqa: PLR0911 - one line for each form of curve
    numbers: Numbers, curve: Curve, number: str, value: str, language: str
) -> str:
    given = exact(number)
    match curve:
        case LinearCurve():
            base, lead = numbers.amount(curve.base), numbers.amount(curve.lead)
            if base is None or lead is None or given is None or base == lead:
                return _say("curve", language, number=brief(number), value=brief(value))
            way = (given - base) / (lead - base)
            if curve.capped and not 0 <= way <= 1:
                key, end = ("curve-beyond", lead) if way > 1 else ("curve-short", base)
                return _say(key, language, number=_told(given), end=_told(end), value=value)
            return _say(
                "curve-linear", language,
                number=_told(given), base=_told(base), lead=_told(lead), way=way,
                at_base=curve.at_base, at_lead=curve.at_lead, value=value,
            )  # fmt: skip
        case LogCurve():
            base, lead = numbers.amount(curve.base), numbers.amount(curve.lead)
            ends = {
                "base": curve.base if base is None else _told(base),
                "lead": curve.lead if lead is None else _told(lead),
            }
            return _say("curve-log", language, number=brief(number), value=brief(value), **ends)
        case StepsCurve():
            reached = [step.lowest for step in curve.steps if str(step.value) == value]
            if not reached:
                return _say("curve-below", language, first=_told(curve.steps[0].lowest), value=value)
            return _say("curve-step", language, step=_told(reached[0]), value=value)
        case PointsCurve():
            corners = ", ".join(f"({_told(point.at)}; {_told(point.value)})" for point in curve.points)
            return _say("curve-points", language, number=number, corners=corners, value=value)
    assert_never(curve)


def _told(number: Fraction) -> str:
    return decimal_text(number)


def _say(key: str, language: str, **details: object) -> str:
    return wording.say("itti.commands", f"explain.{key}", language, **details)
