"""Lists unrolled: from a definition with lists to the ordinary definition for the items that an assessment names.

A list (:class:`~questionnaires.questions.ItemsQuestion`) asks the same questions of every item. Once the items are
known, each of those questions, and each node that says ``each``, is written out for every item under an id of its own,
``list.item.question``; formulas over all items then name them one by one. What comes out has ordinary questions and
nodes only (and the list itself, which asks nothing any more), so that whoever scores, shows or stores it needs to know
nothing of lists.

A list that is asked of the items of another one (the process steps of each product) is written out after that: once the
outer items are known, each has a list of its own, ``products.pump.steps``, which is a list like any other, and what is
asked of its items stands at ``products.pump.steps.turning.run``.

No id with a dot is ever written by an author; they are made here only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

from questionnaires import wording
from questionnaires.belonging import around, has_lists, innermost, lists, lists_of, members
from questionnaires.every_list import all_items, every_list, outermost
from questionnaires.formula.items import Place, Rewriting, both, key, one_of, place_in, plain
from questionnaires.model import (
    Amount,
    Child,
    ComputedQuestion,
    Contradiction,
    Definition,
    Inapplicable,
    Item,
    ItemsQuestion,
    LinearCurve,
    LogCurve,
    Node,
    Question,
    Rule,
    Section,
    Texts,
)

__all__ = [
    "Items",
    "all_items",
    "every_list",
    "has_lists",
    "key",
    "lists",
    "members",
    "place_in",
    "plain",
    "unrolled",
    "unrolled_where_given",
    "unrolling_of",
]

Items = Mapping[str, Sequence[Item] | None]
"""List → its items; None, or no entry: not known yet. A list within a list: ``list.item.inner``."""

_Formula = Callable[[str], str]

_NODE_FORMULAS: Final = ("applies_when", "formula", "least", "most", "reached_from")
_RULE_FORMULAS: Final = ("when", "unless", "to", "at_most", "at_least")
_CHILD_FORMULAS: Final = ("weight", "counts_when", "cap", "reached_from")


def unrolled(definition: Definition, items: Items) -> Definition:
    """The definition written out for the items of an assessment; one without lists comes back as it is.

    A list of which no items are given is taken for an empty one: there is nothing to ask, show or store of its items
    yet. Scoring, which has to know what may still come, uses :func:`unrolled_where_given`.

    Args:
        definition: any definition.
        items: list id → its items.
    """
    if not lists(definition):
        return definition
    return unrolled_where_given(definition, all_items(definition, lambda name, _: items.get(name) or ()))


def unrolled_where_given(definition: Definition, items: Items) -> Definition:
    """The definition with every list unrolled whose items are given; the others stay as they are."""
    return unrolling_of(definition, items)[0]


def unrolling_of(definition: Definition, items: Items) -> tuple[Definition, Callable[[str], str]]:
    """The same, and how formulas that stand outside of all lists name the items given."""
    conditional = frozenset(each.id for each in lists(definition) if each.applies_when is not None)
    passes: list[Rewriting] = []
    names: Mapping[str, str] = {}
    while given := {each.id: tuple(of) for each in outermost(definition) if (of := items.get(each.id)) is not None}:
        parts = _Parts.of(definition, given, conditional, names)
        definition, names = parts.written(), parts.names_within()
        passes.append(parts.rewriting)
    return definition, lambda text: reduce(lambda found, each: each.outside(found), passes, text)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a definition, written out. Formulas stay text, so that what comes out is like any definition."""

    base: Definition
    asking: Mapping[str, ItemsQuestion]
    items: Mapping[str, Sequence[Item]]
    own: Mapping[str, str]
    """Question, node, table or condition → the list that it belongs to."""

    belonging: Mapping[str, str]
    """The same, but of a list within a list the one that is written out."""

    rewriting: Rewriting
    names: Mapping[str, str]
    """Of the list of an item of an outer list: how that item is called."""

    @classmethod
    def of(
        cls,
        base: Definition,
        items: Mapping[str, Sequence[Item]],
        conditional: frozenset[str],
        names: Mapping[str, str],
    ) -> _Parts:
        """Everything that has to be known to write out some lists of a definition.

        Args:
            base: the definition.
            items: list → its items; of lists that are asked of nobody's items.
            conditional: ids, as an author wrote them, of lists that apply only where a condition holds.
            names: list → the name of the item that it is asked of.
        """
        own = members(base)
        belonging = {name: outer for name, of in own.items() if (outer := around(of, own)[0]) in items}
        asking = {each.id: each for each in lists(base)}
        ids = {name: [item.id for item in of] for name, of in items.items()}
        perhaps = frozenset(name for name in items if plain(name) in conditional)
        return cls(base, asking, items, own, belonging, Rewriting(belonging, ids, perhaps, own), names)

    def written(self) -> Definition:
        """The definition with these lists written out."""
        base = self.base
        return base.model_copy(
            update={
                "sections": tuple(self.section(section) for section in base.sections),
                "tables": tuple(self.each(base.tables, self.table)),
                "conditions": tuple(self.each(base.conditions, self.condition)),
                "contradictions": tuple(made for each in base.contradictions for made in self.contradictions(each)),
                "questions": tuple(made for question in base.questions for made in self.questions(question)),
                "nodes": tuple(self.each(base.nodes, self.node)),
                "texts": {language: self.texts(language, texts) for language, texts in base.texts.items()},
            }
        )

    def names_within(self) -> dict[str, str]:
        """List that an item now has of its own → the name of the item, after those of the items around it."""
        found: dict[str, str] = {}
        for name, of in self.belonging.items():
            if name in self.asking:
                found |= {key(of, item.id, name): self._name(of, item) for item in self.items[of]}
        return found

    def _name(self, of: str, item: Item) -> str:
        """How an item is called: after the item that its list is asked of, where there is one."""
        return f"{self.names[of]} · {item.name}" if of in self.names else item.name

    def _places(self, of: str, own: str | None) -> Iterator[tuple[Item, Place]]:
        """Every item of a list, with where a formula stands there that belongs to ``own``."""
        for item in self.items[of]:
            yield item, Place(of, item.id, deeper=own != of)

    def each(self, things: Sequence[Any], made: Callable[[Any, Place | None], Any]) -> Iterator[Any]:
        """Every thing as it is made outside lists, or for each item of its list."""
        for thing in things:
            of = self.belonging.get(thing.id)
            if of is None:
                yield made(thing, None)
            else:
                yield from (made(thing, place) for _, place in self._places(of, self.own[thing.id]))

    def _id(self, identifier: str, place: Place | None) -> str:
        """The id of something, seen from a place."""
        if place is None or self.belonging.get(identifier) != place.of:
            return identifier
        return key(place.of, place.item, identifier)

    def _formula(self, place: Place | None) -> _Formula:
        if place is None:
            return self.rewriting.outside
        return lambda text: self.rewriting.inside(text, place)

    def _formulas(self, thing: Any, keys: Sequence[str], place: Place | None) -> dict[str, Any]:
        """The keys of a word that are formulas, rewritten; plain numbers and what is not given are left out."""
        formula = self._formula(place)
        return {name: formula(text) for name in keys if isinstance(text := getattr(thing, name), str)}

    def _where_the_list_applies(self, when: str | None, place: Place | None) -> str | None:
        """A condition of one item: it also needs that its list applies."""
        if place is None or place.of not in self.rewriting.conditional:
            return when
        applies = f"applies({place.of})"
        return applies if when is None else both(applies, when)

    def section(self, section: Section) -> Section:
        """A section: what a list asks stands behind it, item by item."""
        asked: list[str] = []
        for identifier in section.questions:
            if identifier not in self.belonging:
                asked.append(identifier)
            for item in self.items.get(identifier, ()):
                asked += [key(identifier, item.id, each) for each in self.asking[identifier].asks]
        return section.model_copy(update={"questions": tuple(asked)})

    def table(self, table: Any, place: Place | None) -> Any:
        """A table."""
        by = tuple(self._id(each, place) for each in table.by)
        return table.model_copy(update={"id": self._id(table.id, place), "by": by})

    def condition(self, condition: Any, place: Place | None) -> Any:
        """A condition with a name."""
        found = self._formulas(condition, ("when",), place)
        return condition.model_copy(update={"id": self._id(condition.id, place), **found})

    def contradictions(self, contradiction: Contradiction) -> Iterator[Contradiction]:
        """A contradiction, or one for each item where it is about the answers of one item."""
        of, own = self._list_of(contradiction)
        if of is None:
            yield contradiction.model_copy(update=self._formulas(contradiction, ("when",), None))
            return
        for _, place in self._places(of, own):
            made = key(of, place.item, contradiction.id)
            yield contradiction.model_copy(update={"id": made, **self._formulas(contradiction, ("when",), place)})

    def _list_of(self, contradiction: Contradiction) -> tuple[str | None, str | None]:
        """The list to be written out that a contradiction belongs to, and the one within it, if any."""
        of = min(self.rewriting.lists_of(contradiction.when), default=None)
        return of, of and innermost(lists_of(contradiction.when, self.own), self.own)

    def questions(self, question: Question) -> Iterator[Question]:
        """A question; behind a list what it asks of each item."""
        if question.id in self.belonging:
            return
        if question.id not in self.items or not isinstance(question, ItemsQuestion):
            yield self._question(question, None)
            return
        yield self._question(question, None).model_copy(update={"asks": ()})
        asked = {each.id: each for each in self.base.questions}
        for item in self.items[question.id]:
            for each in question.asks:
                yield from self._asked(asked[each], Place(question.id, item.id), asked)

    def _asked(self, question: Question, place: Place, asked: Mapping[str, Question]) -> Iterator[Question]:
        """A question that is asked of an item; behind a list what that asks of any item."""
        yield self._question(question, place)
        if isinstance(question, ItemsQuestion):
            for each in question.asks:
                yield from self._asked(asked[each], place._replace(deeper=True), asked)

    def _question(self, question: Question, place: Place | None) -> Question:
        update: dict[str, Any] = self._formulas(question, ("applies_when",), place)
        update["applies_when"] = self._where_the_list_applies(update.get("applies_when"), place)
        if isinstance(question, ComputedQuestion):
            update |= self._formulas(question, ("formula",), place)
        curve = getattr(question, "curve", None)
        if isinstance(curve, LinearCurve | LogCurve):
            update["curve"] = curve.model_copy(update=self._formulas(curve, ("base", "lead"), place))
        if isinstance(question, ItemsQuestion):
            update["asks"] = tuple(self._id(each, place) for each in question.asks)
        return question.model_copy(update={"id": self._id(question.id, place), **update})

    def node(self, node: Node, place: Place | None) -> Node:
        """A node; a child that belongs to a list is there for each item."""
        formula = self._formula(place)
        update = self._formulas(node, _NODE_FORMULAS, place)
        bands = [
            band.model_copy(update={"lowest": formula(band.lowest)}) if isinstance(band.lowest, str) else band
            for band in node.bands
        ]
        return node.model_copy(
            update={
                **update,
                "id": self._id(node.id, place),
                "each": self._each(node, place),
                "applies_when": self._where_the_list_applies(update.get("applies_when"), place),
                "children": tuple(made for child in node.children for made in self._children(node, child, place)),
                "bands": tuple(bands),
                "stages": tuple(each.model_copy(update={"when": formula(each.when)}) for each in node.stages),
                "rules": tuple(self._rule(rule, place) for rule in node.rules),
                "classes": tuple(
                    each.model_copy(update=self._formulas(each, ("when",), place)) for each in node.classes
                ),
            }
        )

    def _each(self, node: Node, place: Place | None) -> str | None:
        """The list of which every item has the node: none any more, or the one within it."""
        if node.each is None or place is None:
            return node.each
        return None if node.each == place.of else self._id(node.each, place)

    def _rule(self, rule: Rule, place: Place | None) -> Rule:
        return rule.model_copy(update=self._formulas(rule, _RULE_FORMULAS, place))

    def _children(self, node: Node, child: Child, place: Place | None) -> Iterator[Child]:
        of = self.belonging.get(child.of)
        if of is None or (place is not None and of == place.of):
            within = place
            if place is not None and of is not None:  # the weight is that of the child, where it is further within
                within = place._replace(deeper=place.deeper or self.own[child.of] != of)
            yield self._child(child, within)
            return
        for _, there in self._places(of, self.own[child.of]):
            made = self._child(child, there)
            policy = child.not_applicable or node.not_applicable
            if of in self.rewriting.conditional and (node.least_counted or policy is not Inapplicable.EXCLUDE):
                made = made.model_copy(update={"weight": _where_applies(of, made.weight)})
            yield made

    def _child(self, child: Child, place: Place | None) -> Child:
        found = self._formulas(child, _CHILD_FORMULAS, place)
        return child.model_copy(update={"of": self._id(child.of, place), **found})

    def texts(self, language: str, texts: Texts) -> Texts:
        """The words of one language; a title says which item it is about."""
        named: list[tuple[str, Mapping[str, Any]]] = [
            ("questions", texts.questions),
            ("nodes", texts.nodes),
            ("figures", texts.figures),
        ]
        update: dict[str, Any] = {part: self._titled(language, words) for part, words in named}
        about: dict[str, str] = {}
        for contradiction in self.base.contradictions:
            sentence = texts.contradictions.get(contradiction.id)
            of, own = self._list_of(contradiction)
            if sentence is None:
                continue
            if of is None:
                about[contradiction.id] = sentence
            for item in self.items[of] if of is not None else ():
                about[key(str(of), item.id, contradiction.id)] = self._of_item(language, str(of), own, item, sentence)
        return texts.model_copy(update={**update, "contradictions": about})

    def _of_item(self, language: str, of: str, own: str | None, item: Item, title: str) -> str:
        """A title that says which item it is about; further within, that is for the list there to say."""
        return _of_item(language, self._name(of, item), title) if own == of else title

    def _titled(self, language: str, words: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for identifier, text in words.items():
            of = self.belonging.get(identifier)
            if of is None:
                found[identifier] = text
                continue
            for item in self.items[of]:
                title = self._of_item(language, of, self.own[identifier], item, text.title)
                found[key(of, item.id, identifier)] = text.model_copy(update={"title": title})
        return found


def _of_item(language: str, name: str, title: str) -> str:
    """A title with the name of the item that it is about."""
    return wording.say("questionnaires", "item.title", language, item=name, title=title)


def _where_applies(of: str, weight: Amount) -> str:
    """A weight that counts nothing where the list does not apply."""
    written = f"{weight.numerator} / {weight.denominator}" if not isinstance(weight, str) else weight
    return one_of(f"applies({of})", written, "0")
