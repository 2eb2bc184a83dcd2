"""Formulas as whoever evaluates them reads them: conditions, bands and classes written out, units converted.

Definitions are written out for hundreds of items (:mod:`questionnaires.unrolling`), so that everything that holds for
all formulas of a definition is worked out once, and only as far as a formula asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final, Literal

from questionnaires.formula.inlining import Trees, parsed
from questionnaires.formula.kinds import ANY, Scope, check
from questionnaires.formula.tree import Call, Expression, put_in, walk
from questionnaires.model import Structure
from scoring.patterns import NONE, Patterns
from scoring.standing import Standings

_LOWERED: Final = frozenset({"convert", "date", "rows"})


def _is_lowered(part: Expression) -> bool:
    """Whether only the checker's reading of it can be evaluated: a unit, a day, what the rows of a grid are worth."""
    if not isinstance(part, Call):
        return False
    return part.function in _LOWERED or (part.function == "score" and len(part.arguments) > 1)


class Lowering:
    """The formulas of one (checked) definition.

    Dates become day numbers. Where a formula has neither conversions nor dates nor rows of grids, units need not be
    looked at. Functions over items that are not known yet are marked (:mod:`scoring.patterns`).

    Args:
        definition: the definition.
        roots: figures that are roots, put in where a formula names them.
        patterns: what belongs to lists whose items are not known.
    """

    def __init__(
        self, definition: Structure, roots: Mapping[str, Expression] | None = None, patterns: Patterns = NONE
    ) -> None:
        self._definition = definition
        self._roots = roots or {}
        self._patterns = patterns
        self.standings: Final = Standings(definition, self.condition, self.calculation, patterns.lists)
        """What bands and classes mean in formulas."""

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        return self._definition.named_conditions

    @cached_property
    def _scope(self) -> Scope:
        return Scope.of(self._definition)

    @cached_property
    def _converted(self) -> Mapping[str, Expression]:
        """Every named condition with its units converted."""
        texts, scope = self._texts, self._scope
        return Trees(texts, lambda name: check(texts[name], scope, "truth", ANY).expression)

    def condition(self, text: str, within: str | None = None) -> Expression:
        """A formula that is a condition, of the question, node or condition ``within``, or of the whole."""
        return self._lowered(text, "truth", within)

    def calculation(self, text: str, within: str | None = None) -> Expression:
        """A formula that is a number."""
        return self._lowered(text, "number", within)

    def written_out(self, text: str, within: str | None = None) -> Expression:
        """A formula as its author wrote it, but for named conditions, bands and classes."""
        return self.standings.written_out(self._patterns.seen_from(within).parsed(text, self._texts))

    def _lowered(self, text: str, wanted: Literal["truth", "number"], within: str | None) -> Expression:
        patterns = self._patterns.seen_from(within)
        expression = parsed(text, self._texts)
        if any(map(_is_lowered, walk(expression))):
            checked = check(text, self._scope, wanted, ANY).expression
            expression = patterns.written_out(checked, self._converted)
        elif patterns.lists:
            expression = patterns.parsed(text, self._texts)
        expression = self.standings.written_out(expression)
        return put_in(expression, self._roots) if self._roots else expression
