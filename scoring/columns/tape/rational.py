"""Which numbers of a plan are rational whatever the answers are, as what follows from an irrational one may differ."""

from __future__ import annotations

from typing import Final

from questionnaires.formula.tree import Binary, Call, Expression, Name, walk
from questionnaires.model import Aggregation, LogCurve, PassesOn
from scoring.plan import Plan, PlannedNode, PlannedQuestion

_RATIONAL: Final = frozenset(
    (
        *("if", "abs", "min", "max", "sum", "mean", "median", "highest", "lowest", "rank", "product", "score"),
        *("floor", "ceil", "round", "years", "count", "applies", "answered", "has", "picked"),
    )
)
"""Functions that make rational numbers of rational ones."""


class Rational:
    """Tells of each formula, and of all that it rests on, whether roots and logarithms are part of it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._items = {item.id: item for item in plan.order}
        self._known: dict[str, bool] = {}

    def formula(self, expression: Expression | None) -> bool:
        """Whether a formula is rational, with all that it names; a power may have too many digits to be a number."""
        for part in () if expression is None else walk(expression):
            if isinstance(part, Call) and part.function not in _RATIONAL:
                return False
            if isinstance(part, Binary) and part.operator == "^":
                return False
            if isinstance(part, Name) and not self._named(part.id):
                return False
        return True

    def _named(self, name: str) -> bool:
        table = self.plan.tables.get(name)
        if table is not None:
            return not table.squares and all(self._named(each) for each in table.by)
        item = self._items.get(name)
        if item is None:
            return True
        if name not in self._known:
            self._known[name] = self._question(item) if isinstance(item, PlannedQuestion) else self._node(item)
        return self._known[name]

    def _question(self, question: PlannedQuestion) -> bool:
        curve = question.curve
        plain = curve is None or (
            not isinstance(curve.curve, LogCurve) and self.formula(curve.base) and self.formula(curve.lead)
        )
        return plain and self.formula(question.formula) and self.formula(question.applies_when)

    def _node(self, node: PlannedNode) -> bool:
        told = all(self.formula(each) for each in (node.formula, node.applies_when, *node.amounts))
        rules = all(self.formula(rule.condition) for rule in node.rules)
        stages = all(self.formula(stage.when) for stage in node.stages)
        if node.passes_on is PassesOn.STATED:
            return True
        plain = node.aggregation is not Aggregation.GEOMETRIC
        return plain and told and rules and stages and all(self._named(child.id) for child in node.children)
