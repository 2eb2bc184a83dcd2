"""Comparing descriptions: every kind of difference is found, and what is called harmless is harmless."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itti.contract.compare import demanded, differences
from itti.contract.schemas import Reading, Way
from questionnaires import wording
from questionnaires.versions import Step

Document = dict[str, Any]

COLOUR = {"type": "string", "enum": ["red", "green"]}
ONE = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "one"}}}
TWO = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "two"}}}
TOOL: Document = {
    "info": {"title": "Tools", "version": "1.2.3"},
    "paths": {
        "/tools/{tool_id}": {
            "put": {
                "operationId": "changeTool",
                "summary": "Change a tool",
                "security": [],
                "parameters": [
                    {"name": "tool_id", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "least", "in": "query", "schema": {"type": "integer", "default": 3}},
                ],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Input"}}}},
                "responses": {
                    "200": {
                        "headers": {"ETag": {"schema": {"type": "string"}}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/View"}}},
                    },
                    "201": {"description": "Made."},
                    "422": {"description": "Refused."},
                },
            }
        },
        "/tools": {"get": {"operationId": "listTools", "responses": {"200": {"description": "All."}}}},
    },
    "webhooks": {
        "told": {
            "post": {
                "operationId": "told",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/View"}}}},
                "responses": {},
            }
        }
    },
    "components": {
        "schemas": {
            "Input": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "maxLength": 20, "pattern": "^[a-z]+$", "description": "Its name."},
                    "colour": COLOUR,
                    "size": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Input"}},
                    "extra": True,
                },
            },
            "View": {
                "type": "object",
                "required": ["name", "shape"],
                "properties": {
                    "name": {"type": "string"},
                    "title": {"type": "string"},
                    "colour": COLOUR,
                    "shape": {"oneOf": [ONE, TWO], "discriminator": {"propertyName": "kind"}},
                },
            },
        }
    },
}

Change = Callable[[Document], object]


def operation(document: Document) -> Document:
    found: Document = document["paths"]["/tools/{tool_id}"]["put"]
    return found


def schemas(document: Document) -> Document:
    found: Document = document["components"]["schemas"]
    return found


def inputs(document: Document) -> Document:
    found: Document = schemas(document)["Input"]["properties"]
    return found


def views(document: Document) -> Document:
    found: Document = schemas(document)["View"]["properties"]
    return found


JSON = "application/json"
AT = "PUT /tools/{}"
BREAKING: list[tuple[str, str, Change]] = [
    ("operation-gone", "GET /tools", lambda d: d["paths"].pop("/tools")),
    ("operation-gone", "webhook told", lambda d: d["webhooks"].pop("told")),
    ("operation-renamed", AT, lambda d: operation(d).update(operationId="alterTool")),
    ("sign-in", AT, lambda d: operation(d).update(security=[{"bearer": []}])),
    ("parameter-required", f"{AT}: query least", lambda d: operation(d)["parameters"][1].update(required=True)),
    ("parameter-gone", f"{AT}: query least", lambda d: operation(d)["parameters"].pop()),
    ("default", f"{AT}: query least", lambda d: operation(d)["parameters"][1]["schema"].update(default=4)),
    ("unjudged", f"{AT}: query least", lambda d: operation(d)["parameters"][1].update(explode=False)),
    ("body-required", f"{AT}: body", lambda d: operation(d)["requestBody"].update(required=True)),
    ("body-gone", f"{AT}: body", lambda d: operation(d).pop("requestBody")),
    ("answer-gone", f"{AT}: 201", lambda d: operation(d)["responses"].pop("201")),
    ("header-gone", f"{AT}: 200: ETag", lambda d: operation(d)["responses"]["200"]["headers"].clear()),
    ("media-gone", f"{AT}: 200: {JSON}", lambda d: operation(d)["responses"]["200"]["content"].clear()),
    ("field-gone", f"{AT}: body /colour", lambda d: inputs(d).pop("colour")),
    ("field-gone", f"{AT}: 200 /title", lambda d: views(d).pop("title")),
    ("field-gone", "webhook told: body /title", lambda d: views(d).pop("title")),
    ("required", f"{AT}: body /colour", lambda d: schemas(d)["Input"]["required"].append("colour")),
    ("required", f"{AT}: 200 /name", lambda d: schemas(d)["View"]["required"].remove("name")),
    ("type", f"{AT}: query least", lambda d: operation(d)["parameters"][1]["schema"].update(type="boolean")),
    ("type", f"{AT}: 200 /name", lambda d: views(d)["name"].update(type=["string", "null"])),
    ("words", f"{AT}: body /colour", lambda d: inputs(d)["colour"]["enum"].remove("red")),
    ("words", f"{AT}: 200 /colour", lambda d: views(d).update(colour={"enum": [1]})),
    ("alternative-lost", f"{AT}: body /size", lambda d: inputs(d)["size"]["anyOf"].pop()),
    ("limit", f"{AT}: body /name", lambda d: inputs(d)["name"].update(maxLength=19)),
    ("limit", f"{AT}: body /parts", lambda d: inputs(d)["parts"].update(maxItems=9)),
    ("form", f"{AT}: body /name", lambda d: inputs(d)["name"].update(pattern="^[a-y]+$")),
    ("forbidden", f"{AT}: body /extra", lambda d: inputs(d).update(extra=False)),
    ("unjudged", f"{AT}: body /name (if)", lambda d: inputs(d)["name"].update({"if": {"minLength": 3}})),
]
THREE = {**ONE, "properties": {"kind": {"const": "three"}}}
HARMLESS: list[tuple[str, Step, Change]] = [
    ("operation-new", Step.MINOR, lambda d: d["paths"].update({"/x": {"get": {"operationId": "x", "responses": {}}}})),
    ("operation-extended", Step.MINOR, lambda d: views(d).update(age={"type": "integer"})),
    ("operation-extended", Step.MINOR, lambda d: views(d)["colour"]["enum"].append("blue")),
    ("operation-extended", Step.MINOR, lambda d: views(d)["shape"]["oneOf"].append(THREE)),
    ("operation-extended", Step.MINOR, lambda d: inputs(d).update(age={"type": "integer"})),
    ("operation-extended", Step.MINOR, lambda d: inputs(d)["name"].update(maxLength=21)),
    ("operation-extended", Step.MINOR, lambda d: operation(d)["responses"].pop("422")),
    ("operation-extended", Step.MINOR, lambda d: operation(d)["responses"].update({"204": {"description": "Bare."}})),
    ("reworded", Step.PATCH, lambda d: operation(d).update(summary="Alter a tool")),
    ("reworded", Step.PATCH, lambda d: inputs(d)["name"].update(description="What it is called.")),
]


def changed(change: Change) -> Document:
    document = copy.deepcopy(TOOL)
    change(document)
    return document


@pytest.mark.parametrize(("code", "place", "change"), BREAKING)
def test_what_breaks_tools_is_told_with_its_place(code: str, place: str, change: Change) -> None:
    found = differences(TOOL, changed(change))
    assert (code, place, Step.MAJOR) in {(each.code, each.place, each.step) for each in found}
    assert demanded(found) is Step.MAJOR


@pytest.mark.parametrize(("code", "step", "change"), HARMLESS)
def test_what_tools_can_bear_is_told_as_such(code: str, step: Step, change: Change) -> None:
    found = differences(TOOL, changed(change))
    assert {each.code for each in found} == {code}
    assert demanded(found) is step


def test_every_kind_of_difference_is_tried_here() -> None:
    tried = {code for code, *_ in [*BREAKING, *HARMLESS]}
    spoken = wording.catalogue("itti.contract", "en").keys()
    assert tried == {key.removeprefix("difference.") for key in spoken if key.startswith("difference.")}


def test_names_in_addresses_and_the_number_itself_are_no_differences() -> None:
    document = copy.deepcopy(TOOL)
    document["info"]["version"] = "7.0.0"
    assert differences(TOOL, document) == []
    document["paths"] = {path.replace("tool_id", "id"): each for path, each in document["paths"].items()}
    assert demanded(differences(TOOL, document)) is Step.PATCH


Pair = tuple[Any, Any]


def pairs(required: dict[str, Any], optional: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Pair]:
    """Two schemas of one kind with limits of their own."""
    one = st.fixed_dictionaries({key: st.just(value) for key, value in required.items()}, optional=optional)
    return st.tuples(one, one)


SMALL = st.integers(0, 2)
BOUNDS = dict.fromkeys(("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"), SMALL)
LENGTHS = {"minLength": SMALL, "maxLength": SMALL, "pattern": st.sampled_from("xy")}
listed = st.fixed_dictionaries({"enum": st.lists(st.sampled_from(["x", "xy", "", 2, None]), min_size=1, unique=True)})
scalars = st.one_of(
    pairs({"type": "integer"}, BOUNDS),
    pairs({"type": "number"}, BOUNDS),
    pairs({"type": "string"}, LENGTHS),
    st.tuples(listed, listed | st.just({"type": "string", "maxLength": 1}) | st.just({"const": "x"})),
    st.tuples(*[st.sampled_from([{"type": "null"}, {"type": "boolean"}, {"type": ["integer", "null"]}, {}])] * 2),
)


@st.composite
def lists(draw: st.DrawFn, inner: st.SearchStrategy[Pair]) -> Pair:
    """Two schemas of lists whose items are alike."""
    items = draw(inner)
    limits = draw(pairs({"type": "array"}, {"minItems": SMALL, "maxItems": SMALL}))
    return {**limits[0], "items": items[0]}, {**limits[1], "items": items[1]}


@st.composite
def objects(draw: st.DrawFn, inner: st.SearchStrategy[Pair]) -> Pair:
    """Two schemas of objects whose fields are alike, where both have them."""
    sides: tuple[dict[str, Any], dict[str, Any]] = ({"type": "object"}, {"type": "object"})
    fields = {name: draw(inner) for name in draw(st.sets(st.sampled_from("ab")))}
    rest = draw(st.tuples(st.booleans(), st.booleans()) | inner)
    for number, side in enumerate(sides):
        side["properties"] = {name: each[number] for name, each in fields.items() if draw(st.integers(0, 5))}
        side["required"] = sorted(draw(st.sets(st.sampled_from("ab"))))
        if draw(st.booleans()):
            side["additionalProperties"] = rest[number]
    return sides


@st.composite
def unions(draw: st.DrawFn, inner: st.SearchStrategy[Pair]) -> Pair:
    """Two schemas of alternatives."""
    parts = draw(st.lists(inner, min_size=1, max_size=2))
    one, other = ({"anyOf": [part[number] for part in parts]} for number in (0, 1))
    return one, draw(st.sampled_from([other, other["anyOf"][0]]))


alike = st.recursive(scalars, lambda deep: lists(deep) | objects(deep) | unions(deep), max_leaves=3)
SCALARS = [None, True, 0, 1, 2, 3, 1.5, "", "x", "y", "xy", "xyx"]
VALUES = [
    *SCALARS,
    *([], [1, "x"], [1, 2, 3], [[1]], {}, {"a": 1, "b": "x"}, {"a": "x", "b": 1}, {"a": {"a": 1}}, [{"a": 1}]),
    *([value] for value in SCALARS),
    *({"a": value} for value in SCALARS),
    *({"b": value} for value in SCALARS),
    *({"c": value} for value in SCALARS),
    *({"a": value, "b": value} for value in SCALARS),
]


@settings(max_examples=400, deadline=None)
@given(alike)
def test_what_is_called_harmless_loses_no_value(pair: Pair) -> None:
    one, other = pair
    if not list(Reading(Way.SENT, {}, {}).losses(one, other)):
        before, after = jsonschema_rs.validator_for(one), jsonschema_rs.validator_for(other)
        assert [value for value in VALUES if before.is_valid(value) and not after.is_valid(value)] == []


@settings(max_examples=50, deadline=None)
@given(alike)
def test_a_schema_fits_into_itself(pair: Pair) -> None:
    schema = pair[0]
    for way in Way:
        assert list(Reading(way, {}, {}).losses(schema, copy.deepcopy(schema))) == []
