"""Lists unrolled: from a definition with lists to the ordinary definition for the items that an assessment names.

A list (:class:`~questionnaires.questions.ItemsQuestion`) asks the same questions of every item. Once the items are
known, each of those questions, and each node that says ``each``, is written out for every item under an id of its own,
``list.item.question``; formulas over all items then name them one by one. What comes out has ordinary questions and
nodes only (and the list itself, which asks nothing any more), so that whoever scores, shows or stores it needs to know
nothing of lists.

No id with a dot is ever written by an author; they are made here only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from questionnaires import wording
from questionnaires.belonging import has_lists, lists, members
from questionnaires.formula.items import Rewriting, both, key, one_of
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

__all__ = ["Items", "has_lists", "key", "lists", "members", "rewriting_of", "unrolled", "unrolled_where_given"]

Items = Mapping[str, Sequence[Item] | None]
"""List → its items; None, or no entry: not known yet."""

Place = tuple[str, Item]
"""A list, and one of its items."""

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
    asking = lists(definition)
    if not asking:
        return definition
    return unrolled_where_given(definition, {each.id: items.get(each.id) or () for each in asking})


def unrolled_where_given(definition: Definition, items: Items) -> Definition:
    """The definition with every list unrolled whose items are given; the others stay as they are."""
    asking = {each.id: each for each in lists(definition)}
    given = {name: tuple(of) for name, of in items.items() if of is not None and name in asking}
    if not given:
        return definition
    parts = _Parts.of(definition, {name: asking[name] for name in given}, given)
    return definition.model_copy(
        update={
            "sections": tuple(parts.section(section) for section in definition.sections),
            "tables": tuple(parts.each(definition.tables, parts.table)),
            "conditions": tuple(parts.each(definition.conditions, parts.condition)),
            "contradictions": tuple(made for each in definition.contradictions for made in parts.contradictions(each)),
            "questions": tuple(made for question in definition.questions for made in parts.questions(question)),
            "nodes": tuple(parts.each(definition.nodes, parts.node)),
            "texts": {language: parts.texts(language, texts) for language, texts in definition.texts.items()},
        }
    )


def rewriting_of(definition: Definition, items: Items) -> Rewriting:
    """How formulas that stand outside of all lists name the items given."""
    asking = {each.id: each for each in lists(definition)}
    given = {name: tuple(of) for name, of in items.items() if of is not None and name in asking}
    return _Parts.of(definition, {name: asking[name] for name in given}, given).rewriting


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a definition, written out. Formulas stay text, so that what comes out is like any definition."""

    base: Definition
    asking: Mapping[str, ItemsQuestion]
    items: Mapping[str, Sequence[Item]]
    belonging: Mapping[str, str]
    rewriting: Rewriting

    @classmethod
    def of(cls, base: Definition, asking: Mapping[str, ItemsQuestion], items: Mapping[str, Sequence[Item]]) -> _Parts:
        """Everything that has to be known to write out some lists of a definition."""
        belonging = {name: of for name, of in members(base).items() if of in asking}
        conditional = frozenset(name for name, each in asking.items() if each.applies_when is not None)
        ids = {name: [item.id for item in of] for name, of in items.items()}
        return cls(base, asking, items, belonging, Rewriting(belonging, ids, conditional))

    def each(self, things: Sequence[Any], made: Callable[[Any, Place | None], Any]) -> Iterator[Any]:
        """Every thing as it is made outside lists, or for each item of its list."""
        for thing in things:
            of = self.belonging.get(thing.id)
            if of is None:
                yield made(thing, None)
            else:
                yield from (made(thing, (of, item)) for item in self.items[of])

    def _id(self, identifier: str, place: Place | None) -> str:
        """The id of something, seen from a place."""
        if place is None or self.belonging.get(identifier) != place[0]:
            return identifier
        return key(place[0], place[1].id, identifier)

    def _formula(self, place: Place | None) -> _Formula:
        if place is None:
            return self.rewriting.outside
        of, item = place
        return lambda text: self.rewriting.inside(text, of, item.id)

    def _formulas(self, thing: Any, keys: Sequence[str], place: Place | None) -> dict[str, Any]:
        """The keys of a word that are formulas, rewritten; plain numbers and what is not given are left out."""
        formula = self._formula(place)
        return {name: formula(text) for name in keys if isinstance(text := getattr(thing, name), str)}

    def _where_the_list_applies(self, when: str | None, place: Place | None) -> str | None:
        """A condition of one item: it also needs that its list applies."""
        if place is None or place[0] not in self.rewriting.conditional:
            return when
        applies = f"applies({place[0]})"
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
        of = min(self.rewriting.lists_of(contradiction.when), default=None)
        if of is None:
            yield contradiction.model_copy(update=self._formulas(contradiction, ("when",), None))
            return
        for item in self.items[of]:
            own = key(of, item.id, contradiction.id)
            yield contradiction.model_copy(update={"id": own, **self._formulas(contradiction, ("when",), (of, item))})

    def questions(self, question: Question) -> Iterator[Question]:
        """A question; behind a list what it asks of each item."""
        if question.id in self.belonging:
            return
        if question.id not in self.asking or not isinstance(question, ItemsQuestion):
            yield self._question(question, None)
            return
        yield self._question(question, None).model_copy(update={"asks": ()})
        asked = {each.id: each for each in self.base.questions}
        for item in self.items[question.id]:
            yield from (self._question(asked[each], (question.id, item)) for each in question.asks)

    def _question(self, question: Question, place: Place | None) -> Question:
        update: dict[str, Any] = self._formulas(question, ("applies_when",), place)
        update["applies_when"] = self._where_the_list_applies(update.get("applies_when"), place)
        if isinstance(question, ComputedQuestion):
            update |= self._formulas(question, ("formula",), place)
        curve = getattr(question, "curve", None)
        if isinstance(curve, LinearCurve | LogCurve):
            update["curve"] = curve.model_copy(update=self._formulas(curve, ("base", "lead"), place))
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
                "each": None,
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

    def _rule(self, rule: Rule, place: Place | None) -> Rule:
        return rule.model_copy(update=self._formulas(rule, _RULE_FORMULAS, place))

    def _children(self, node: Node, child: Child, place: Place | None) -> Iterator[Child]:
        of = self.belonging.get(child.of)
        if of is None or (place is not None and of == place[0]):
            yield self._child(child, place)
            return
        for item in self.items[of]:
            made = self._child(child, (of, item))
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
            of = min(self.rewriting.lists_of(contradiction.when), default=None)
            if sentence is None:
                continue
            if of is None:
                about[contradiction.id] = sentence
            for item in self.items[of] if of is not None else ():
                about[key(str(of), item.id, contradiction.id)] = _of_item(language, item, sentence)
        return texts.model_copy(update={**update, "contradictions": about})

    def _titled(self, language: str, words: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for identifier, text in words.items():
            of = self.belonging.get(identifier)
            if of is None:
                found[identifier] = text
                continue
            for item in self.items[of]:
                title = _of_item(language, item, text.title)
                found[key(of, item.id, identifier)] = text.model_copy(update={"title": title})
        return found


def _of_item(language: str, item: Item, title: str) -> str:
    """A title with the name of the item that it is about."""
    return wording.say("questionnaires", "item.title", language, item=item.name, title=title)


def _where_applies(of: str, weight: Amount) -> str:
    """A weight that counts nothing where the list does not apply."""
    written = f"{weight.numerator} / {weight.denominator}" if not isinstance(weight, str) else weight
    return one_of(f"applies({of})", written, "0")
