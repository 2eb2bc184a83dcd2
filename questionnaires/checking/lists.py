"""Lists: what is asked of every item belongs to one list, and is named where it is clear which item is meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from questionnaires.belonging import apart, around, goes_over, innermost, lists_of
from questionnaires.checking.contents import Contents
from questionnaires.checking.formulas import Stated, stated
from questionnaires.formula.parsing import parse
from questionnaires.formula.problems import FormulaMistaken
from questionnaires.formula.tree import Call, Expression, Name, names, parts
from questionnaires.mistakes import Mistake
from questionnaires.model import ItemsQuestion, Node
from questionnaires.places import Path
from questionnaires.questions import MOST_ASKED

_ONCE: Final = (
    ("views", "nodes"),
    ("rankings", "of"),
    ("rankings", "by"),
    ("roll_ups", "sums"),
    ("roll_ups", "by"),
    ("roll_ups", "same"),
    ("cohort_figures", "of"),
    ("cohort_figures", "by"),
    ("priorities", "of"),
)
"""Parts of a definition, with the key that names questions or nodes which have to be there once."""


def check_lists(contents: Contents) -> Iterator[Mistake]:
    """Mistakes of everything that is there once for every item of a list."""
    structure = contents.structure
    known = {each.id for each in structure.questions if isinstance(each, ItemsQuestion)}
    yield from _asked(contents, known)
    for number, node in enumerate(structure.nodes):
        if node.each is not None and node.each not in known:
            yield contents.mistake("each-of-no-list", ("nodes", number, "each"), id=node.each)
        yield from _children(contents, node, ("nodes", number))
    if contents.members:
        yield from _alone(contents)
        for formula in stated(structure):
            yield from _formula(contents, formula)


def _asked(contents: Contents, known: set[str]) -> Iterator[Mistake]:
    """Questions that a list asks: they exist, are no lists, and are asked once."""
    home: dict[str, str] = {}
    for number, question in enumerate(contents.structure.questions):
        if not isinstance(question, ItemsQuestion):
            continue
        asks = _asked_of_one(contents, question)
        if question.most * asks > MOST_ASKED:
            told = {"id": question.id, "most": question.most, "asks": asks, "limit": MOST_ASKED}
            fitting = MOST_ASKED // asks
            yield contents.mistake("list-asks-too-much", ("questions", number, "most"), **told, fitting=fitting)
        for place, identifier in enumerate(question.asks):
            path: Path = ("questions", number, "asks", place)
            if identifier in known and question.id in contents.members:
                told = {"id": identifier, "list": question.id, "outer": contents.members[question.id]}
                yield contents.mistake("list-in-list", path, **told)
            elif identifier not in contents.questions:
                yield contents.mistake("unknown-question", path, id=identifier)
            elif identifier in home:
                yield contents.mistake("asked-twice", path, id=identifier, list=home[identifier])
            home.setdefault(identifier, question.id)


def _asked_of_one(contents: Contents, question: ItemsQuestion) -> int:
    """How much a list asks of one item, with all that lists within it may come to ask."""
    inner = [found for each in question.asks if isinstance(found := contents.questions.get(each), ItemsQuestion)]
    return len(question.asks) - len(inner) + sum(each.most * len(each.asks) for each in inner)


def _children(contents: Contents, node: Node, path: Path) -> Iterator[Mistake]:
    """Children that belong to a list: how often they are there is not known beforehand."""
    own = contents.members.get(node.id)
    listed = [(place, child.of) for place, child in enumerate(node.children) if child.of in contents.members]
    for place, identifier in listed:
        of = contents.members[identifier]
        further = set(around(of, contents.members)).difference(around(own, contents.members))
        if own is not None and own != of and not _one_within_other(contents, of, own):
            told = {"id": identifier, "list": of, "own": own}
            yield contents.mistake("child-of-other-list", (*path, "children", place, "of"), **told)
        elif further and node.weights_total is not None:
            yield contents.mistake("weights-total-of-items", (*path, "weights_total"), id=identifier, list=of)


def _one_within_other(contents: Contents, one: str, other: str) -> bool:
    """Whether one of two lists is asked of the items of the other."""
    return one in around(other, contents.members) or other in around(one, contents.members)


def _alone(contents: Contents) -> Iterator[Mistake]:
    """Places where something has to be there once, whatever items there are."""
    structure = contents.structure
    for key in ("index", "sub_indices", "categories"):
        yield from _once(contents, (key,), getattr(structure, key))
    for part, key in _ONCE:
        for number, thing in enumerate(getattr(structure, part)):
            yield from _once(contents, (part, number, key), getattr(thing, key))
    for number, crosswalk in enumerate(structure.crosswalks):
        for place, item in enumerate(crosswalk.items):
            yield from _once(contents, ("crosswalks", number, "items", place, "of"), item.of)
    for number, section in enumerate(structure.sections):
        for place, identifier in enumerate(section.questions):
            if identifier in contents.members:
                path = ("sections", number, "questions", place)
                yield contents.mistake("member-in-section", path, id=identifier, list=contents.members[identifier])


def _once(contents: Contents, path: Path, named: str | Sequence[str] | None) -> Iterator[Mistake]:
    if isinstance(named, str):
        if named in contents.members:
            yield contents.mistake("member-alone", path, id=named, list=contents.members[named])
        return
    for place, identifier in enumerate(named or ()):
        yield from _once(contents, (*path, place), identifier)


def _formula(contents: Contents, formula: Stated) -> Iterator[Mistake]:
    """What a formula names of lists: of the same item, or of all items in functions over them."""
    try:
        expression = parse(formula.text)
    except FormulaMistaken:
        return
    if not names(expression).isdisjoint(contents.members):
        yield from _named(contents, formula, expression, own_lists(contents, formula))


def own_lists(contents: Contents, formula: Stated) -> frozenset[str]:
    """The list of which a formula is worked out for every item, and the one around it: none, one or two."""
    part = formula.path[0]
    if part == "contradictions":
        of = innermost(lists_of(formula.text, contents.members), contents.members)
        return frozenset(around(of, contents.members))
    if part in {"rankings", "roll_ups", "cohort_figures"}:
        return frozenset()
    of = contents.members.get(formula.owner)
    if part == "nodes" and formula.path[2] == "children":
        place = formula.path[3]
        child = contents.structure.nodes[int(formula.path[1])].children[int(place)]
        of = innermost(filter(None, (of, contents.members.get(child.of))), contents.members)
    return frozenset(around(of, contents.members))


def _named(contents: Contents, formula: Stated, expression: Expression, own: frozenset[str]) -> Iterator[Mistake]:
    if isinstance(expression, Name):
        of = contents.members.get(expression.id)
        if of is not None and of not in own:
            told = {"id": expression.id, "list": of, "position": expression.at + 1}
            yield contents.mistake("formula-item-not-named", formula.path, **told)
        return
    for place, part in enumerate(parts(expression)):
        over = isinstance(expression, Call) and goes_over(expression.function, place)
        named = {contents.members[name] for name in names(part) if name in contents.members} - own
        if over and apart(named, contents.members):
            told = {"lists": ", ".join(sorted(named)), "position": part.at + 1}
            yield contents.mistake("formula-two-lists", formula.path, **told)
        else:
            all_around = frozenset(around(innermost(named, contents.members), contents.members))
            yield from _named(contents, formula, part, own | all_around if over else own)
