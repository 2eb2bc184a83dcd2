"""The least and the greatest index that is still possible, as OR-tools' CP-SAT finds it: a judge that knows no engine.

It reads the definition alone, and makes whole numbers of it: what a question is worth, how much of a node counts, what
the node then comes to. Where something may not apply, the value is divided by what is left; that quotient is exact,
as every node has a unit that all divisions fit. Measured numbers have to be given, with what they are worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from math import ceil, floor, lcm
from typing import Final

from ortools.sat.python import cp_model

from questionnaires.formula.parsing import parse
from questionnaires.formula.tree import Binary, Call, Expression, Name, Number, Unary
from questionnaires.model import (
    Aggregation,
    ChoiceQuestion,
    Definition,
    GridAggregation,
    GridQuestion,
    LevelQuestion,
    LinearCurve,
    LogCurve,
    Node,
    NotApplicable,
    Question,
    YesNoQuestion,
)

Given = int | Fraction | Mapping[str, str] | None
"""Place of the level or option, what a number is worth, or the option of each row; None: it does not apply."""

_FAR: Final = 1 << 60
"""Whole numbers up to which the solver reckons."""
_MEANS: Final = (Aggregation.MEAN, Aggregation.WEIGHTED_MEAN)


@dataclass(frozen=True, slots=True)
class Worth:
    """What a question or node comes to: a whole number of units where it is there."""

    value: cp_model.LinearExprT
    unit: Fraction
    low: Fraction
    high: Fraction
    there: cp_model.BoolVarT | None = None
    """None: it always is."""


class Judge:
    """A model of one definition, with what is known of its questions."""

    def __init__(self, definition: Definition, given: Mapping[str, Given]) -> None:
        """``given``: what is known; all that was measured has to be."""
        self.model = cp_model.CpModel()
        self.definition = definition
        self.given = given
        self.worths: dict[str, Worth] = {}
        for question in definition.questions:
            found = self._question(question)
            if found is not None:
                self.worths[question.id] = found
        nodes = {node.id: node for node in definition.nodes}
        for node in _beneath(nodes, definition.index):
            self.worths[node.id] = self._node(node)

    def ends(self, seconds: float = 60) -> tuple[Fraction, Fraction]:
        """The least and the greatest value of the index."""
        index = self.worths[self.definition.index]
        if index.there is not None:
            self.model.add(index.there == 1)
        found = []
        for turn in (self.model.minimize, self.model.maximize):
            turn(index.value)
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            solver.parameters.max_time_in_seconds = seconds
            status = solver.solve(self.model)
            if status != cp_model.OPTIMAL:
                raise AssertionError(solver.status_name(status))
            found.append(round(solver.objective_value) * index.unit)
        return found[0], found[1]

    # questions --------------------------------------------------------------------------------------------------------

    def _question(self, question: Question) -> Worth | None:
        match question:
            case LevelQuestion():
                values = [question.worth_of(level) for level in question.levels]
            case YesNoQuestion():
                values = [question.no, question.yes]
            case ChoiceQuestion(options=options) if all(each.value is not None for each in options):
                values = [each.value or Fraction(0) for each in options]
            case GridQuestion():
                return self._grid(question)
            case _:
                return self._known(question)
        return self._picked(question.id, values, question.not_applicable is NotApplicable.ALLOWED)

    def _known(self, question: Question) -> Worth | None:
        """What a measured number, a date or several options come to; None: nobody says, so nothing may rest on it."""
        known = self.given.get(question.id, -1)
        curve = getattr(question, "curve", None)
        most = max(curve.at_base, curve.at_lead) if isinstance(curve, LinearCurve | LogCurve) else None
        if known is None:
            return Worth(0, Fraction(1), Fraction(0), most or Fraction(0), self.model.new_constant(0))
        if not isinstance(known, Fraction):
            return None
        found = _fixed(known)
        return found if most is None else replace(found, high=most)

    def _picked(self, name: str, values: Sequence[Fraction], may_be_absent: bool) -> Worth:  # noqa: FBT001
        unit = Fraction(1, lcm(*(each.denominator for each in values)))
        known = self.given.get(name, -1)
        domain = cp_model.Domain.from_values([int(each / unit) for each in values])
        if isinstance(known, int) and known >= 0:
            domain = cp_model.Domain.from_values([int(values[known] / unit)])
        there = None
        if known is None or (known == -1 and may_be_absent):
            there = self.model.new_bool_var(name)
            if known is None:
                self.model.add(there == 0)
        return Worth(self.model.new_int_var_from_domain(domain, name), unit, min(values), max(values), there)

    def _grid(self, question: GridQuestion) -> Worth:
        values = {option.id: option.value or Fraction(0) for option in question.options}
        if any(option.value is None for option in question.options):
            raise NotImplementedError
        known = self.given.get(question.id)
        weights = [row.weight for row in question.rows]
        rows = []
        for row in question.rows:
            if isinstance(known, Mapping):
                row_of = _fixed(values[known[row.id]])
                rows.append(replace(row_of, low=min(values.values()), high=max(values.values())))
            else:
                rows.append(self._picked(f"{question.id}.{row.id}", list(values.values()), may_be_absent=False))
        found = self._of_rows(question, rows, weights)
        there = None
        if question.not_applicable is NotApplicable.ALLOWED and not isinstance(known, Mapping):
            there = self.model.new_bool_var(question.id)
        return replace(found, there=there)

    def _of_rows(self, question: GridQuestion, rows: Sequence[Worth], weights: Sequence[Fraction]) -> Worth:
        match question.aggregation:
            case GridAggregation.SUM:
                return self._summed(rows, weights)
            case GridAggregation.MEAN:
                return self._summed(rows, [each / sum(weights) for each in weights])
        unit = Fraction(1, lcm(*(each.unit.denominator for each in rows)))
        values = [each.value * int(each.unit / unit) for each in rows]
        low, high = min(each.low for each in rows), max(each.high for each in rows)
        end = self.model.new_int_var(floor(low / unit), ceil(high / unit), "")
        least = question.aggregation is GridAggregation.MINIMUM
        (self.model.add_min_equality if least else self.model.add_max_equality)(end, values)
        return Worth(end, unit, low, high)

    # nodes ------------------------------------------------------------------------------------------------------------

    def _node(self, node: Node) -> Worth:
        parts = [self.worths[child.of] for child in node.children]
        weights = [Fraction(child.weight or 1) for child in node.children]
        if node.aggregation in _MEANS:
            found = self._divided(parts, weights, weights, node.least_counted)
        elif node.aggregation is Aggregation.SHARE:
            most = [part.high * weight for part, weight in zip(parts, weights, strict=True)]
            found = self._divided(parts, [weight * node.out_of for weight in weights], most, node.least_counted)
        elif node.aggregation is Aggregation.SUM and all(part.there is None for part in parts):
            found = self._summed(parts, weights)
        elif node.aggregation is Aggregation.COUNT and all(part.there is None for part in parts):
            limits = [child.reached_from or node.reached_from or Fraction(0) for child in node.children]
            reached = [
                self._compared(child.of, Fraction(limit), at_least=True)
                for child, limit in zip(node.children, limits, strict=True)
            ]
            found = Worth(sum(reached), Fraction(1), Fraction(0), Fraction(len(reached)))
        else:
            raise NotImplementedError(node.id)
        return self._after_rules(node, found)

    def _summed(self, parts: Sequence[Worth], weights: Sequence[Fraction]) -> Worth:
        unit = Fraction(1, lcm(*((part.unit * own).denominator for part, own in zip(parts, weights, strict=True))))
        value = sum(part.value * int(part.unit * own / unit) for part, own in zip(parts, weights, strict=True))
        low = sum((part.low * own for part, own in zip(parts, weights, strict=True)), Fraction(0))
        high = sum((part.high * own for part, own in zip(parts, weights, strict=True)), Fraction(0))
        return Worth(value, unit, low, high)

    def _divided(
        self, parts: Sequence[Worth], weights: Sequence[Fraction], counted: Sequence[Fraction], least: Fraction
    ) -> Worth:
        """The sum of what is there over the sum of what that counts."""
        if all(part.there is None for part in parts):
            return self._summed(parts, [own / sum(counted) for own in weights])
        common = Fraction(1, lcm(*(each.denominator for each in counted)))
        whole = [int(each / common) for each in counted]
        present = [1 if part.there is None else part.there for part in parts]
        weight = sum(own * each for own, each in zip(whole, present, strict=True))
        sums = {sum(each) for count in range(1, len(whole) + 1) for each in combinations(whole, count)}
        factor = lcm(*sums)
        kept = [self._where_there(part) for part in parts]
        total = self._summed(kept, [own / common for own in weights])
        low = min(part.low * own / of for part, own, of in zip(parts, weights, counted, strict=True))
        high = max(part.high * own / of for part, own, of in zip(parts, weights, counted, strict=True))
        low, high = min(low, Fraction(0)), max(high, Fraction(0))
        unit = total.unit / factor
        value = self.model.new_int_var(floor(low / unit), ceil(high / unit), "")
        divisor = self.model.new_int_var_from_domain(cp_model.Domain.from_values(sorted(sums | {1})), "")
        there = None
        if any(part.there is None for part in parts):
            self.model.add(divisor == weight)
        else:
            there = self.model.new_bool_var("")
            self.model.add(divisor == weight).only_enforce_if(there)
            self.model.add(weight == 0).only_enforce_if(~there)
            self.model.add(divisor == 1).only_enforce_if(~there)
            self.model.add(value == 0).only_enforce_if(~there)
        most = ceil(max(high, -low) / unit) * max(sums)
        if most > _FAR:
            raise OverflowError(most)
        product = self.model.new_int_var(-most, most, "")
        self.model.add_multiplication_equality(product, [value, divisor])
        self.model.add(product == total.value * factor)
        if least:
            enough = self.model.add(weight >= ceil(least * sum(whole)))
            if there is not None:
                enough.only_enforce_if(there)
        return Worth(value, unit, low, high, there)

    def _where_there(self, part: Worth) -> Worth:
        if part.there is None:
            return part
        low, high = min(part.low, Fraction(0)), max(part.high, Fraction(0))
        kept = self.model.new_int_var(floor(low / part.unit), ceil(high / part.unit), "")
        self.model.add(kept == part.value).only_enforce_if(part.there)
        self.model.add(kept == 0).only_enforce_if(~part.there)
        return Worth(kept, part.unit, low, high)

    # rules ------------------------------------------------------------------------------------------------------------

    def _after_rules(self, node: Node, found: Worth) -> Worth:
        for rule in node.rules:
            to = rule.to if rule.to is not None else rule.at_most
            if to is None or isinstance(to, str):
                continue
            condition = self._holds(parse(rule.when or rule.unless or ""))
            fires = condition if rule.when else ~condition
            unit = Fraction(1, lcm((found.unit).denominator, to.denominator))
            same = found.value * int(found.unit / unit)
            low, high = floor(min(found.low, to) / unit), ceil(found.high / unit)
            value, limited = (self.model.new_int_var(low, high, "") for _ in range(2))
            if rule.to is not None:
                self.model.add(limited == int(to / unit))
            else:
                self.model.add_min_equality(limited, [same, int(to / unit)])
            self.model.add(value == limited).only_enforce_if(fires)
            self.model.add(value == same).only_enforce_if(~fires)
            found = Worth(value, unit, min(found.low, to), found.high, found.there)
        return found

    def _holds(self, expression: Expression) -> cp_model.BoolVarT:
        match expression:
            case Unary(operator="not", operand=operand):
                return ~self._holds(operand)
            case Binary(operator="and" | "or" as operator, left=left, right=right):
                both = [self._holds(left), self._holds(right)]
                of_both = self.model.new_bool_var("")
                how = self.model.add_min_equality if operator == "and" else self.model.add_max_equality
                how(of_both, both)
                return of_both
            case Call(function="applies", arguments=(Name(id=name),)):
                there = self.worths[name].there
                return self.model.new_constant(1) if there is None else there
            case Binary(operator=">=", left=Name(id=name), right=Number(value=limit)):
                return self._compared(name, limit, at_least=True)
            case Binary(operator="<", left=Name(id=name), right=Number(value=limit)):
                return self._compared(name, limit, at_least=False)
            case Name(id=name):
                return self._compared(name, self.worths[name].high, at_least=True)
        raise NotImplementedError(expression)

    def _compared(self, name: str, limit: Fraction, *, at_least: bool) -> cp_model.BoolVarT:
        """What does not apply makes a comparison false."""
        worth, holds = self.worths[name], self.model.new_bool_var("")
        reached = worth.value >= ceil(limit / worth.unit)
        missed = worth.value < ceil(limit / worth.unit)
        there = [] if worth.there is None else [worth.there]
        self.model.add(reached if at_least else missed).only_enforce_if(holds)
        self.model.add(missed if at_least else reached).only_enforce_if([~holds, *there])
        if worth.there is not None:
            self.model.add_implication(holds, worth.there)
        return holds


def _fixed(value: Fraction) -> Worth:
    return Worth(value.numerator, Fraction(1, value.denominator), value, value)


def _beneath(nodes: Mapping[str, Node], index: str) -> list[Node]:
    """The nodes that the index rests on, children before those that they belong to, and itself."""
    found: dict[str, Node] = {}

    def visit(node: Node) -> None:
        for child in node.children:
            if child.of in nodes and child.of not in found:
                visit(nodes[child.of])
        found[node.id] = node

    visit(nodes[index])
    return list(found.values())
