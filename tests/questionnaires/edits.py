"""Random edits of a definition's structure: those an author makes on purpose, and blind ones anywhere."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

Structure = dict[str, Any]


@st.composite
def edited(draw: st.DrawFn, structure: Structure) -> Structure:
    """A copy with one to three edits and sometimes a blind one; it need not be a sound definition any more."""
    new = copy.deepcopy(structure)
    for number in range(draw(st.integers(1, 3))):
        draw(st.sampled_from(_EDITS))(draw, new, f"x{number}")
    if draw(st.integers(0, 2)) == 0:
        _blind(draw, new)  # last, since nothing is certain of the structure any more
    return new


def _shuffle(draw: st.DrawFn, things: list[Any]) -> None:
    things[:] = draw(st.permutations(things))


def _order_of_questions(draw: st.DrawFn, new: Structure, _: str) -> None:
    _shuffle(draw, new["questions"])


def _order_of_nodes(draw: st.DrawFn, new: Structure, _: str) -> None:
    _shuffle(draw, new["nodes"])


def _order_of_children(draw: st.DrawFn, new: Structure, _: str) -> None:
    _shuffle(draw, draw(st.sampled_from(new["nodes"]))["children"])


def _order_of_options(draw: st.DrawFn, new: Structure, _: str) -> None:
    question = draw(st.sampled_from(new["questions"]))
    for part in ("options", "rows"):
        if part in question:
            _shuffle(draw, question[part])


def _order_of_rules(draw: st.DrawFn, new: Structure, _: str) -> None:
    for node in new["nodes"]:
        _shuffle(draw, node.setdefault("rules", []))


def _question(draw: st.DrawFn, new: Structure, name: str) -> None:
    added: dict[str, Any] = {"id": name, "kind": "yes_no", "not_applicable": "refused"}
    if draw(st.booleans()):
        added = {"id": name, "kind": "level", "lowest": 0, "highest": 3, "not_applicable": "allowed"}
    if draw(st.booleans()):
        added = {"id": name, "kind": "computed", "formula": f"{_any_question(draw, new)} + 1"}
    elif draw(st.booleans()):
        added["applies_when"] = f"{_any_question(draw, new)} > 1"
    new["questions"].insert(draw(st.integers(0, len(new["questions"]))), added)
    new["sections"] = [*new.get("sections", []), {"id": f"{name}-part", "questions": [name]}]
    if draw(st.booleans()):
        draw(st.sampled_from(new["nodes"]))["children"].append({"of": name})


def _node(draw: st.DrawFn, new: Structure, name: str) -> None:
    below = draw(st.lists(st.sampled_from([one["id"] for one in new["questions"]]), min_size=1, unique=True))
    aggregation = draw(st.sampled_from(["mean", "minimum", "sum"]))
    node = {"id": name, "aggregation": aggregation, "children": [{"of": one} for one in below]}
    new["nodes"].insert(draw(st.integers(0, len(new["nodes"]))), node)
    if draw(st.booleans()):
        new["views"] = [*new.get("views", []), {"id": f"{name}-view", "nodes": [name]}]
    elif draw(st.booleans()):
        draw(st.sampled_from(new["nodes"]))["children"].append({"of": name})


def _beside(draw: st.DrawFn, new: Structure, name: str) -> None:
    part, thing = draw(
        st.sampled_from(
            [
                ("views", {"id": name, "nodes": ["overall"]}),
                ("crosswalks", {"id": name, "items": [{"id": "item", "of": ["overall"]}]}),
                ("constants", {"id": name, "value": 2}),
                ("sources", {"id": name, "certainty": "own"}),
                ("rankings", {"id": name, "of": "overall", "places": [{"id": f"{name}-a", "top": 1}]}),
                ("roll_ups", {"id": name, "sums": ["overall"]}),
                ("priority_factors", {"id": name, "kind": "gap"}),
            ]
        )
    )
    new[part] = [*new.get(part, []), thing]


def _origin(_draw: st.DrawFn, new: Structure, _: str) -> None:
    new["origin"] = "published"


def _any_question(draw: st.DrawFn, new: Structure) -> str:
    return str(draw(st.sampled_from([one["id"] for one in new["questions"]])))


Edit = Callable[[st.DrawFn, Structure, str], None]
_EDITS: tuple[Edit, ...] = (
    _order_of_questions,
    _order_of_nodes,
    _order_of_children,
    _order_of_options,
    _order_of_rules,
    _question,
    _node,
    _beside,
    _origin,
)


def _blind(draw: st.DrawFn, new: Structure) -> None:
    """Change, swap or delete anything anywhere."""
    holder, key = draw(st.sampled_from(list(_places(new))))
    value = holder[key]
    match draw(st.sampled_from(["delete", "swap", "change"])):
        case "delete":
            del holder[key]
        case "swap" if isinstance(value, list):
            _shuffle(draw, value)
        case _:
            holder[key] = _other(draw, value, new)


def _other(draw: st.DrawFn, value: Any, new: Structure) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + draw(st.sampled_from([-1, 1]))
    if isinstance(value, str):
        words = {one for holder, key in _places(new) if isinstance(one := holder[key], str)}
        return draw(st.sampled_from(sorted(words)))
    return value


def _places(thing: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(thing) if isinstance(thing, dict) else range(len(thing))
    for key in keys:
        yield thing, key
        if isinstance(thing[key], (dict, list)):
            yield from _places(thing[key])
