"""Which numbers are always whole, whatever the answers: they can select a row of a table."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from questionnaires.formula.parsing import parse
from questionnaires.formula.problems import FormulaMistaken
from questionnaires.formula.tree import Binary, Call, Expression, Name, Number, Unary
from questionnaires.model import (
    Aggregation,
    Amount,
    ChoiceQuestion,
    ChoicesQuestion,
    ComputedQuestion,
    ItemsQuestion,
    LevelQuestion,
    Node,
    NumberQuestion,
    Question,
    StepsCurve,
    Structure,
    YesNoQuestion,
)

_KEEPING: Final = frozenset({"min", "max", "sum", "product", "highest", "lowest", "abs"})
"""Functions that give a whole number of whole numbers."""


class Wholeness:
    """Says of questions, nodes, tables and constants of a structure whether they are always whole numbers.

    What cannot be told is taken not to be whole: write ``floor(…)``, ``ceil(…)`` or ``round(…, 0)`` around it.
    """

    def __init__(self, structure: Structure) -> None:
        self._questions = {question.id: question for question in structure.questions}
        self._nodes = {node.id: node for node in structure.nodes}
        self._tables = {table.id: table for table in structure.tables}
        self._constants = {constant.id: constant.value for constant in structure.constants}
        self._known: dict[str, bool] = {}

    def of(self, identifier: str) -> bool:
        """Whether what has this id is always a whole number, where formulas name it."""
        if identifier not in self._known:
            self._known[identifier] = False  # until it is known; a circle is told elsewhere
            self._known[identifier] = self._looked_at(identifier)
        return self._known[identifier]

    def _looked_at(self, identifier: str) -> bool:
        if identifier in self._questions:
            return self._question(self._questions[identifier])
        if identifier in self._nodes:
            return self._node(self._nodes[identifier])
        if identifier in self._tables:
            table = self._tables[identifier]
            return _whole(*table.rows.values(), table.otherwise)
        return identifier in self._constants and _whole(self._constants[identifier])

    def _question(self, question: Question) -> bool:
        match question:
            case LevelQuestion() | ItemsQuestion():
                return True
            case YesNoQuestion(yes=yes, no=no):
                return _whole(yes, no)
            case ChoiceQuestion(options=options):
                return _whole(*(option.value for option in options))
            case ChoicesQuestion(options=several, at_least=least, at_most=most):
                return _whole(least, most, *(option.value for option in several))
            case NumberQuestion(places=places):
                return places == 0
            case ComputedQuestion(formula=formula, least=least, most=most):
                return _whole(least, most) and self._text(formula)
        return False

    def _node(self, node: Node) -> bool:
        limits = [node.least, node.most]
        limits += [amount for rule in node.rules for amount in (rule.to, rule.at_most, rule.at_least)]
        if not all(self._amount(limit) for limit in limits):
            return False
        match node.aggregation:
            case Aggregation.COUNT:
                return True
            case Aggregation.CUMULATIVE:
                return _whole(node.below, *(stage.value for stage in node.stages))
            case Aggregation.FORMULA:
                return node.formula is not None and self._text(node.formula)
            case Aggregation.MINIMUM | Aggregation.MAXIMUM | Aggregation.SUM:
                amounts = [amount for child in node.children for amount in (child.weight, child.cap)]
                return all(map(self._amount, amounts)) and all(self._worth(child.of) for child in node.children)
        return False

    def _worth(self, identifier: str) -> bool:
        """Whether what a question or node is worth is always whole."""
        question = self._questions.get(identifier)
        if isinstance(question, LevelQuestion):
            return _whole(*question.worth)
        curve = getattr(question, "curve", None)
        if isinstance(curve, StepsCurve):  # whatever the number is, whole or not
            return _whole(curve.below, *(step.value for step in curve.steps))
        return self.of(identifier) and curve is None

    def _amount(self, amount: Amount | None) -> bool:
        return self._text(amount) if isinstance(amount, str) else _whole(amount)

    def _text(self, formula: str) -> bool:
        try:
            return self._formula(parse(formula))
        except FormulaMistaken:
            return False

    def _formula(self, expression: Expression) -> bool:
        match expression:
            case Number(value=value):
                return _whole(value)
            case Name(id=name):
                return self.of(name)
            case Unary(operand=operand):
                return self._formula(operand)
            case Binary(operator="+" | "-" | "*", left=left, right=right):
                return self._formula(left) and self._formula(right)
            case Binary(operator="^", left=left, right=Number(value=value)):
                return value >= 0 and self._formula(left)
            case Call(function="count" | "rows" | "floor" | "ceil" | "rank" | "years"):
                return True
            case Call(function="round", arguments=(_, Number(value=places))):
                return places == 0
            case Call(function="if", arguments=(_, yes, no)):
                return self._formula(yes) and self._formula(no)
            case Call(function="score", arguments=(Name(id=name),)):
                return self._worth(name)
            case Call(function=function, arguments=arguments) if function in _KEEPING:
                return all(map(self._formula, arguments))
        return False


def _whole(*numbers: Fraction | None) -> bool:
    return all(number is None or number.denominator == 1 for number in numbers)
