"""Random definitions with a list: a few questions asked of every item, and all kinds of things made of all items."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from questionnaires.model import Item
from scoring import Answer, Answers, ItemsAnswer, NotApplicableAnswer
from tests.scoring.wide import every_answer, some_condition, some_node, some_question

MOST = 2
ITEMS = (Item(id="a", name="A"), Item(id="b", name="B"))
MEMBERS = ("m0", "m1", "made")

OVER = (
    "sum({a})",
    "mean({a})",
    "max({a}, {b})",
    "min({a} + {b}, q0)",
    "median({a}, {b})",
    "highest(2, {a}, {b})",
    "lowest(1, {a})",
    "highest(ceil(lines / 2), {a})",
    "lowest(count(fine), {a}, {b})",
    "highest(round(q0, 0), {a}) / lines",
    "rank(q0, max({a}), min({b}))",
    "sum({a} * {b}) / sum({b})",
    "product({a})",
    "product({a} - 1, {b}, q0)",
    "product(if({a} >= 1, {b}, 1)) - lines",
    "count({a} >= 1, {b} > 1)",
    "count(fine) / lines",
    "sum({a}) - lines",
    "lines * 2",
    "if(lines > 1, max({a}), q0)",
    "round(mean({a} / 3), 1)",
)
CONDITIONS = ("count(fine) >= 1", "lines > 1", "min({a}) >= 1 or q0 > 1", "sum({a}) > q0", "over >= 1", "fine-all")


@st.composite
def listed_structures(draw: st.DrawFn) -> dict[str, Any]:
    """Two questions outside, a list of at most two items with two questions, and nodes inside and outside of it."""
    outside = [draw(some_question(name)) for name in ("q0", "q1")]
    inside = [draw(some_question(name)) for name in ("m0", "m1")]
    if draw(st.integers(0, 2)) == 0:
        inside[1]["applies_when"] = draw(some_condition(["m0", "q0"]))
    lines: dict[str, Any] = {"id": "lines", "kind": "items", "most": MOST, "asks": list(MEMBERS)}
    lines |= {"least": draw(st.integers(0, 1)), "not_applicable": draw(st.sampled_from(["allowed", "refused"]))}
    if draw(st.integers(0, 3)) == 0:
        lines["applies_when"] = draw(some_condition(["q0"]))
    made = {
        "id": "made",
        "kind": "computed",
        "formula": draw(st.sampled_from(["m0 + m1", "m0 / q0", "mean(m0, m1)", "rank(m0 - m1)", "rank(m0 / q0) + m1"])),
    }
    over = {"id": "over", "kind": "computed", "formula": draw(_over(OVER))}
    index: dict[str, Any] = {"id": "overall", "aggregation": "weighted_mean", "missing": "exclude"}
    index["children"] = [{"of": "first", "weight": 2}, {"of": "second"}]
    if draw(st.booleans()):
        index["rules"] = [{"id": "r", "kind": "cap", "when": draw(_over(CONDITIONS)), "at_most": 1}]
    return {
        "family": "listed",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 6, "mode": "half_up"},
        "index": "overall",
        "categories": ["first", "second"],
        "conditions": [
            {"id": "fine", "when": draw(some_condition(["m0", "m1", "q0"]))},
            {"id": "fine-all", "when": "count(fine) = lines"},
        ],
        "questions": [outside[0], lines, *inside, made, outside[1], over],
        "nodes": [
            draw(_line()),
            draw(_first()),
            draw(some_node("second", ["q1", "over"], ["q0"], ["q0", "q1"])),
            draw(_types()),
            {
                "id": "typed",
                "aggregation": "formula",
                "children": [{"of": "types"}],
                "formula": "count(class(types) = 'one') + 2 * count(class(types) = 'two', class(types) != 'three')",
            },
            index,
        ],
    }


@st.composite
def _over(draw: st.DrawFn, forms: tuple[str, ...]) -> str:
    """A formula over all items."""
    a, b = draw(st.sampled_from(MEMBERS)), draw(st.sampled_from(MEMBERS))
    return draw(st.sampled_from(forms)).format(a=a, b=b)


@st.composite
def _line(draw: st.DrawFn) -> dict[str, Any]:
    """A node of every item."""
    names = ["m0", "m1", "q0"]
    return {**draw(some_node("line", ["m0", "m1"], names, names)), "each": "lines"}


@st.composite
def _types(draw: st.DrawFn) -> dict[str, Any]:
    """A profile over all items that falls into one of three classes."""
    members = draw(st.sampled_from([["line"], ["line", "over"], ["made", "q0"]]))
    classes = [{"id": name, "when": draw(_over(CONDITIONS))} for name in ("one", "two")]
    children = [{"of": member} for member in members]
    return {"id": "types", "aggregation": "profile", "children": children, "classes": [*classes, {"id": "three"}]}


@st.composite
def _first(draw: st.DrawFn) -> dict[str, Any]:
    """A node over all items, with something beside them."""
    members = draw(st.sampled_from([["line"], ["line", "q0"], ["m1", "q0"], ["line", "made"]]))
    node: dict[str, Any] = draw(some_node("first", members, ["q0", "q1"], ["q0", "q1"]))
    if "formula" in node:
        node["children"] = [{"of": name} for name in (*MEMBERS, "q0")]
        node["formula"] = draw(_over(OVER))
    for stage in node.get("stages", ()):
        stage["when"] = draw(_over(CONDITIONS[1:4]))
        node["children"] = [{"of": name} for name in (*MEMBERS, "q0")]
    child = node["children"][0]
    if isinstance(child.get("weight"), str) and draw(st.booleans()):
        child["weight"] = draw(st.sampled_from(["m1", "abs(m0)", "if(made > 1, 2, 1)"]))
    if draw(st.integers(0, 4)) == 0:
        node["least_counted"] = "1/2"
    return node


@st.composite
def stages_of(draw: st.DrawFn, structure: dict[str, Any]) -> list[Answers]:
    """Answers that grow: nothing of the list, its items, some of their answers, everything."""
    asked = {question["id"]: question for question in structure["questions"] if question["kind"] != "computed"}
    given: dict[str, Answer] = {}
    stages: list[Answers] = []
    open_ones = draw(st.sets(st.sampled_from(["q0", "q1"])))
    for name in {"q0", "q1"} - open_ones:
        given[name] = draw(st.sampled_from(every_answer(asked[name])))
    stages.append(dict(given))
    lines = asked["lines"]
    count = draw(st.integers(lines["least"], MOST))
    if lines["not_applicable"] == "allowed" and draw(st.integers(0, 4)) == 0:
        given["lines"] = NotApplicableAnswer(reason="None here.")
        count = 0
    else:
        given["lines"] = ItemsAnswer(items=ITEMS[:count])
    stages.append(dict(given))
    keys = {f"lines.{item.id}.{name}": asked[name] for item in ITEMS[:count] for name in ("m0", "m1")}
    keys |= {name: asked[name] for name in open_ones}
    for key in draw(st.permutations(sorted(keys))):
        given[key] = draw(st.sampled_from(every_answer(keys[key])))
        stages.append(dict(given))
    return stages
