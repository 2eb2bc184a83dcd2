"""Over which items the functions of a formula go: all of a list, or the one item that it is worked out for.

Within a list `sum(x)` is the `x` of the one item. So it is within a function that goes over items already:
`max(sum(x))` would be the highest `x`, and `max(0, 100 - sum(x))` the greatest of what each item alone leaves of 100;
nobody means that, so it is a mistake. What somebody may mean is told as something to look at twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from questionnaires.belonging import OVER_ITEMS, SO_MANY, around, goes_over, innermost
from questionnaires.checking.contents import Contents
from questionnaires.checking.formulas import Stated, stated
from questionnaires.checking.lists import own_lists
from questionnaires.formula.inlining import parsed
from questionnaires.formula.parsing import parse
from questionnaires.formula.problems import FormulaMistaken
from questionnaires.formula.tree import Call, Expression, Name, names, parts, walk
from questionnaires.mistakes import Mistake

_ALREADY: Final = "goes-over-already"


def check_going(contents: Contents) -> Iterator[Mistake]:
    """Functions over items within functions that go over the same items already, where they are of no use."""
    return (each for each in _told(contents) if each.code == _ALREADY)


def going(contents: Contents) -> Iterator[Mistake]:
    """Functions and conditions that are about one item, or about all items of all lists, without looking like it."""
    return (each for each in _told(contents) if each.code != _ALREADY)


def _told(contents: Contents) -> Iterator[Mistake]:
    for formula in stated(contents.structure) if contents.members else ():
        try:
            expression = parse(formula.text)
        except FormulaMistaken:  # told where formulas are checked
            continue
        yield from _Going(contents, formula).hints(expression, own_lists(contents, formula), None)


class _Going:
    """Over which items the functions of one formula go, and those within them."""

    def __init__(self, contents: Contents, formula: Stated) -> None:
        self.contents = contents
        self.members = contents.members
        self.formula = formula
        self.own = own_lists(contents, formula)

    def hints(self, part: Expression, own: frozenset[str], around_it: Call | None) -> Iterator[Mistake]:
        """What to look at twice in a part of the formula.

        Args:
            part: the part.
            own: lists of which it is worked out for one item: those of the formula, and those of functions around it.
            around_it: the innermost function around it that goes over items.
        """
        if isinstance(part, Name):
            yield from self._about_all(part, own, alone=None)
        if isinstance(part, Call) and part.function in OVER_ITEMS:
            yield from self._one_alone(part, own, around_it)
        for place, inner in enumerate(parts(part)):
            further = self._lists(inner) - own
            if isinstance(part, Call) and goes_over(part.function, place) and further:
                every = frozenset(around(innermost(further, self.members), self.members))
                yield from self.hints(inner, own | every, part)
            else:
                yield from self.hints(inner, own, around_it)

    def _lists(self, part: Expression) -> frozenset[str]:
        """The lists of everything that a part names."""
        return frozenset(self.members[name] for name in names(part) if name in self.members)

    def _one_alone(self, call: Call, own: frozenset[str], around_it: Call | None) -> Iterator[Mistake]:
        """A function that has but one argument, which names what belongs to the same item."""
        compared = call.arguments[call.function in SO_MANY :]
        if len(compared) != 1:
            return
        of = self._lists(call)
        if not of:
            for name in walk(compared[0]):
                if isinstance(name, Name):
                    yield from self._about_all(name, own, alone=call)
        if not of or not of <= own:
            return
        at = innermost(of, self.members)
        identifier = min(name for name in names(call) if self.members.get(name) == at)
        told: dict[str, object] = {"function": call.function, "id": identifier, "list": at}
        if around_it is None or of <= self.own:
            yield self._hint("hint-one-item-alone", **told)
            return
        told["outer"] = around_it.function
        outer = [each for each in around(at, self.members)[:-1] if each not in self.own]
        if outer:
            yield self._hint("hint-goes-over-inner", **told, of=outer[-1])
        else:
            yield self._hint(_ALREADY, **told)

    def _about_all(self, name: Name, own: frozenset[str], alone: Call | None) -> Iterator[Mistake]:
        """A condition of no list, about all items of one, where an item of a list around that one is at hand.

        Args:
            name: what may be the name of such a condition.
            own: lists of which the formula is worked out for one item.
            alone: the function that has nothing else to go over; None: not known to be that.
        """
        conditions = self.contents.structure.named_conditions
        if name.id not in conditions or name.id in self.members:
            return
        over = innermost(self._lists(parsed(conditions[name.id], conditions)), self.members)
        outer = [each for each in around(over, self.members)[:-1] if each in own]
        if over is not None and alone is not None and not outer:
            yield self._hint("hint-condition-once", id=name.id, list=over, function=alone.function)
        elif alone is None and outer:
            yield self._hint("hint-condition-of-all", id=name.id, list=over, outer=outer[-1])

    def _hint(self, code: str, **told: object) -> Mistake:
        return self.contents.mistake(code, self.formula.path, **told)
