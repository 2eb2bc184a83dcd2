"""What an author should look at twice: not wrong, but seldom meant.

`min(x, 1)` and `max(x, 1)` skip what does not apply: where `x` does not apply they are 1, and a part that does not
apply counts as full. Within a list `sum(x)` is the `x` of the one item: `x / sum(x)` is no share of the whole but 1.
A condition that says `count(x > 1) >= 1` is about all items that there are, also where it is named for one product with
its own list of them. What goes over which items: :mod:`questionnaires.checking.going`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from questionnaires.belonging import SO_MANY, around
from questionnaires.checking.contents import Contents
from questionnaires.checking.formulas import stated
from questionnaires.checking.going import going
from questionnaires.checking.lists import own_lists
from questionnaires.divisors import divisors
from questionnaires.formula.inlining import parsed
from questionnaires.formula.tree import Binary, Call, Expression, Name, Number, Unary, names, walk
from questionnaires.formula.writing import written
from questionnaires.mistakes import Mistake
from questionnaires.model import ComputedQuestion, ItemsQuestion, Structure, may_be_denied
from questionnaires.places import Document
from questionnaires.sharing import once

_SKIPPING = frozenset({"min", "max", "sum", "product", "mean", "median", "highest", "lowest"})
"""Functions that apply as long as one of their numbers does."""


def hints(structure: Structure, document: Document) -> Iterator[Mistake]:
    """Places of a (checked) definition where something counts alone that was hardly meant to, or divides by 0.

    A limit does once something does not apply; one item does where a function would go over all outside of the list.
    For divisors see :mod:`questionnaires.divisors`.
    """
    contents = Contents(structure, document)
    yield from once((*_limits(structure, document), *going(contents), *divisors(contents)))


def _limits(structure: Structure, document: Document) -> Iterator[Mistake]:
    """Limits that count alone once something does not apply."""
    contents = Contents(structure, document)
    views: dict[frozenset[str], _Absence] = {}
    for formula in stated(structure):
        own = own_lists(contents, formula)
        absence = views[own] if own in views else _Absence(contents, own, views)
        expression = parsed(formula.text, structure.named_conditions)
        asked = {
            part.arguments[0] for part in walk(expression) if isinstance(part, Call) and part.function == "applies"
        }
        for part in walk(expression):
            if not isinstance(part, Call) or part.function not in {"min", "max"}:
                continue
            limit = next((each for each in part.arguments if absence.is_limit(each)), None)
            gone = [name for each in part.arguments if absence.may_be_gone(each) for name in absence.names(each)]
            if limit is not None and gone and not asked.intersection(gone):
                sign = ">=" if part.function == "min" else "<="
                told = {"function": part.function, "limit": written(limit), "id": gone[0].id, "sign": sign}
                yield document.mistake("hint-limit-counts-alone", formula.path, **told)


class _Absence:
    """What of a structure can turn out not to apply, seen from within some lists or from outside of all."""

    def __init__(self, contents: Contents, own: frozenset[str], views: dict[frozenset[str], _Absence]) -> None:
        """``views``: the same from within other lists, as far as anybody looked from there."""
        structure = contents.structure
        self.contents = contents
        self.views = views
        views[own] = self
        self.structure = structure
        self.own = own
        self.constants = {constant.id for constant in structure.constants}
        self.tables = {table.id: table for table in structure.tables}
        self.questions = {question.id: question for question in structure.questions}
        self.nodes = {node.id: node for node in structure.nodes}
        self.known: dict[str, bool] = {}

    def _within(self, name: str) -> _Absence:
        """The same seen from where something is worked out."""
        own = frozenset(around(self.contents.members.get(name), self.contents.members))
        return self.views[own] if own in self.views else _Absence(self.contents, own, self.views)

    def over_none(self, named: Iterable[str]) -> bool:
        """Whether some of what is named is there for every item of a list that may turn out to have none."""
        further = {self.contents.members[name] for name in named if name in self.contents.members} - self.own
        return any(
            isinstance(question, ItemsQuestion)
            and (not question.least or question.applies_when is not None or may_be_denied(question))
            for question in map(self.questions.get, further)
        )

    def is_limit(self, expression: Expression) -> bool:
        """Whether no answer can change it."""
        named = [part.id for part in walk(expression) if isinstance(part, Name)]
        return all(name in self.constants for name in named)

    def names(self, expression: Expression) -> list[Name]:
        """The names in it that can turn out not to apply."""
        named = [part for part in walk(expression) if isinstance(part, Name)]
        return [part for part in named if self.may_be_gone(part) or self.over_none([part.id])]

    def may_be_gone(self, expression: Expression) -> bool:
        """Whether the number can turn out not to apply."""
        match expression:
            case Number():
                return False
            case Name(id=name):
                return self.named(name)
            case Unary(operand=operand):
                return self.may_be_gone(operand)
            case Binary(left=left, right=right):
                return self.may_be_gone(left) or self.may_be_gone(right)
            case Call(function="if", arguments=(_, *branches)):
                return any(self.may_be_gone(each) for each in branches)
            case Call(function=function, arguments=arguments) if function in _SKIPPING:
                compared = arguments[function in SO_MANY :]
                if function != "sum" and all(self.over_none(names(each)) for each in compared):
                    return True
                return all(self.may_be_gone(each) for each in compared)
            case Call(function="rank", arguments=(own, *_)):
                return self.may_be_gone(own)
            case Call(function="count"):
                return False
            case Call(arguments=arguments):
                return any(self.may_be_gone(each) for each in arguments)
        return False

    def named(self, name: str) -> bool:
        """Whether what has that name can turn out not to apply."""
        if name not in self.known:
            self.known[name] = False  # until it is known; a sound definition has no circle
            self.known[name] = self._looked_up(name)
        return self.known[name]

    def _looked_up(self, name: str) -> bool:
        conditions = self.structure.named_conditions
        if name in self.tables:
            return any(self.named(by) for by in self.tables[name].by)
        if (question := self.questions.get(name)) is not None:
            if question.applies_when is not None or may_be_denied(question):
                return True
            here = self._within(name)
            return isinstance(question, ComputedQuestion) and here.may_be_gone(parsed(question.formula, conditions))
        if (node := self.nodes.get(name)) is not None:
            if node.applies_when is not None or node.formula is None:
                here = self._within(name)
                return node.applies_when is not None or all(
                    here.over_none([child.of]) or here.named(child.of) for child in node.children
                )
            return self._within(name).may_be_gone(parsed(node.formula, conditions))
        return False
