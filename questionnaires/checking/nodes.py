"""Nodes: children fit the aggregation, and each aggregation has the keys it needs and no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from questionnaires.checking.contents import Contents
from questionnaires.checking.question_scales import Scale
from questionnaires.checking.questions import has_value
from questionnaires.mistakes import Mistake
from questionnaires.model import Aggregation, Child, ComputedQuestion, DateQuestion, ItemsQuestion, Node, NumberQuestion
from questionnaires.places import Path

WEIGHTED: Final = frozenset(
    {
        Aggregation.WEIGHTED_MEAN,
        Aggregation.SUM,
        Aggregation.GEOMETRIC,
        Aggregation.HARMONIC,
        Aggregation.SHARE,
        Aggregation.SHARE_REACHED,
    }
)
"""Aggregations that use the weights of children."""

VALUED: Final = frozenset(Aggregation) - {Aggregation.PROFILE}
"""Aggregations that give the node a value."""

OF_A_VALUE: Final = ("not_applicable", "bands", "least", "most", "better", "unit", "rules", "rounding", "passes_on")
"""Keys that say something about a value, and nothing about a node that has none."""

KEYS: Final[Mapping[str, frozenset[Aggregation]]] = {
    "out_of": frozenset({Aggregation.SHARE, Aggregation.SHARE_REACHED}),
    "reached_from": frozenset({Aggregation.COUNT, Aggregation.SHARE_REACHED}),
    "stages": frozenset({Aggregation.CUMULATIVE}),
    "below": frozenset({Aggregation.CUMULATIVE}),
    "formula": frozenset({Aggregation.FORMULA}),
    "weights_total": WEIGHTED,
    "classes": frozenset({Aggregation.PROFILE}),
}
"""Keys that only some aggregations use."""

NEEDED: Final = frozenset({"reached_from", "stages", "formula"})
"""Keys without which the aggregations that use them cannot do their work."""

NAMING: Final = frozenset({Aggregation.FORMULA, Aggregation.CUMULATIVE})
"""Aggregations that name children in formulas."""

OF_ANY_KIND: Final = NAMING | {Aggregation.PROFILE}
"""Aggregations that do no arithmetic over children, which so may be of any kind and in any unit."""

MEASURING: Final = frozenset(
    {
        Aggregation.SUM,
        Aggregation.MINIMUM,
        Aggregation.MAXIMUM,
        Aggregation.MEDIAN,
        Aggregation.MEAN,
        Aggregation.WEIGHTED_MEAN,
        Aggregation.GEOMETRIC,
        Aggregation.HARMONIC,
    }
)
"""Aggregations that make sense of raw numbers in one and the same unit, and give a number in it."""

POSITIVE: Final = frozenset({Aggregation.GEOMETRIC, Aggregation.HARMONIC})
"""Aggregations that have no meaning for negative values."""


def check_nodes(contents: Contents) -> Iterator[Mistake]:
    """Keys unused or missing; children without a value, or beyond what the rule can take."""
    for number, node in enumerate(contents.structure.nodes):
        path: Path = ("nodes", number)
        yield from _keys(contents, node, path)
        for place, child in enumerate(node.children):
            here = (*path, "children", place)
            if child.weight != 1 and node.aggregation not in WEIGHTED:
                yield contents.mistake("weight-unused", (*here, "weight"), rule=node.aggregation.value)
            yield from _child(contents, node, child, here)
        if node.classes and node.aggregation is Aggregation.PROFILE:
            yield from _classes(contents, node, path)


def _keys(contents: Contents, node: Node, path: Path) -> Iterator[Mistake]:
    for key in OF_A_VALUE if node.aggregation not in VALUED else ():
        if getattr(node, key) != Node.model_fields[key].default:
            yield contents.mistake("profile-key", (*path, key), key=key)
    for key, users in KEYS.items():
        used = node.aggregation in users
        if not used and getattr(node, key) != Node.model_fields[key].default:
            names = ", ".join(sorted(user.value for user in users))
            yield contents.mistake("key-unused", (*path, key), key=key, rule=node.aggregation.value, users=names)
        if used and key in NEEDED and getattr(node, key) in (None, ()) and not _by_every_child(node, key):
            yield contents.mistake("key-needed", path, key=key, rule=node.aggregation.value)


def _classes(contents: Contents, node: Node, path: Path) -> Iterator[Mistake]:
    """Classes that leave something out, or are never come to."""
    *before, last = node.classes
    for place, each in enumerate(before):
        if each.when is None:
            here = (*path, "classes", place)
            yield contents.mistake("class-without-condition", here, found=each.id, last=last.id)
    if last.when is not None:
        yield contents.mistake("classes-leave-out", (*path, "classes", len(before), "when"), found=last.id)


def _by_every_child(node: Node, key: str) -> bool:
    """Whether every child brings its own of what the node would have for all."""
    return key == "reached_from" and all(child.reached_from is not None for child in node.children)


def _child(contents: Contents, node: Node, child: Child, path: Path) -> Iterator[Mistake]:
    if node.aggregation is Aggregation.PROFILE:
        for key in ("cap", "not_applicable", "counts_when"):
            if getattr(child, key) is not None:
                yield contents.mistake("profile-key", (*path, key), key=key)
        return
    yield from _policy(contents, node, child, (*path, "not_applicable"))
    if child.counts_when is not None and node.aggregation in NAMING:
        users = ", ".join(sorted(user.value for user in VALUED - NAMING))
        told = {"key": "counts_when", "rule": node.aggregation.value, "users": users}
        yield contents.mistake("key-unused", (*path, "counts_when"), **told)
    if is_profile(contents, child.of):
        if node.aggregation in NAMING and contents.nodes[child.of].classes:
            return  # its class can be asked for
        yield contents.mistake("profile-without-value", (*path, "of"), id=child.of)
        return
    question = contents.questions.get(child.of)
    if node.aggregation in NAMING or (question is None and child.of not in contents.nodes):
        return
    place, rule = (*path, "of"), node.aggregation.value
    if question is not None and not has_value(question):
        codes = {DateQuestion: "date-as-child", ItemsQuestion: "list-as-child"}
        yield contents.mistake(codes.get(type(question), "child-without-value"), place, id=child.of)
        return
    if (
        isinstance(question, NumberQuestion | ComputedQuestion)
        and question.curve is None
        and question.unit is not None
        and node.aggregation not in MEASURING
    ):
        yield contents.mistake("child-needs-curve", place, id=child.of, unit=question.unit, rule=rule)
        return
    scale = contents.scales.of(child.of)
    if node.aggregation in POSITIVE and _may_be_negative(contents, child, scale):
        yield contents.mistake("child-negative", place, id=child.of, rule=rule)
    if node.aggregation is Aggregation.SHARE:
        if scale.highest is None:
            yield contents.mistake("child-without-highest", place, id=child.of)
        elif scale.highest <= 0:
            yield contents.mistake("child-never-positive", place, id=child.of, highest=scale.highest)
    reached = node.reached_from if child.reached_from is None else child.reached_from
    wanted = None if reached is None else contents.scales.amount(reached).lowest
    if wanted is not None and scale.highest is not None and scale.highest < wanted:
        yield contents.mistake("never-reached", place, id=child.of, highest=scale.highest, wanted=wanted)


def _policy(contents: Contents, node: Node, child: Child, path: Path) -> Iterator[Mistake]:
    """What a child does that does not apply, where nothing is done with it or it always applies."""
    if child.not_applicable is None:
        return
    if node.aggregation in NAMING:
        users = ", ".join(sorted(user.value for user in VALUED - NAMING))
        yield contents.mistake("key-unused", path, key="not_applicable", rule=node.aggregation.value, users=users)
    elif contents.scales.knows(child.of) and not contents.scales.may_not_apply(child.of):
        yield contents.mistake("child-always-applies", path, id=child.of)


def is_profile(contents: Contents, identifier: str) -> bool:
    """Whether the id is that of a node without a value of its own."""
    node = contents.nodes.get(identifier)
    return node is not None and node.aggregation not in VALUED


def _may_be_negative(contents: Contents, child: Child, scale: Scale) -> bool:
    """Known to be possible; or an open number, whose author can say ``least``."""
    if scale.lowest is not None:
        return scale.lowest < 0
    return isinstance(contents.questions.get(child.of), NumberQuestion)
