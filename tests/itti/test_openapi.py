"""The description of the API: whole, honest, and held by the API itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest

from itti.web import problems
from questionnaires.wording import LANGUAGES
from tests.itti.conftest import World, description
from tests.judges import redocly


@pytest.fixture
def document() -> dict[str, Any]:
    """The description, for this test alone."""
    return deepcopy(description())


def test_the_description_is_served(world: World) -> None:
    answer = world.running.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.json()) == (200, description())


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_operations_are_described(document: dict[str, Any]) -> None:
    ids = []
    for name, operation in operations(document):
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"], name
        ids.append(operation["operationId"])
        assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", operation["operationId"]), name
    assert len(set(ids)) == len(ids)


def test_only_the_api_is_described(document: dict[str, Any]) -> None:
    assert all(path.startswith("/api/v1/") for path in document["paths"])


def test_errors_are_problems(document: dict[str, Any]) -> None:
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for name, operation in operations(document):
        assert "500" in operation["responses"], name
        for status, response in operation["responses"].items():
            if status >= "400":
                assert set(response["content"]) == {"application/problem+json"}, (name, status)
                content = response["content"]["application/problem+json"]
                assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
                assert content["examples"], (name, status)
                for code, example in content["examples"].items():
                    assert example == {"$ref": f"#/components/examples/{code}"}
    for code, example in document["components"]["examples"].items():
        assert example["value"]["code"] == code
        assert "{" not in example["value"]["detail"], code


PUBLIC = {
    "post /api/v1/tokens",
    "post /api/v1/tokens/passkey",
    "post /api/v1/tokens/passkey/challenge",
    "post /api/v1/passwords",
    "post /api/v1/recoveries",
    "get /api/v1/questionnaires",
    "get /api/v1/questionnaires/{family}/{version}",
    "get /api/v1/certificates/{number}",
    "get /api/v1/certificates/{number}/credential",
    "get /api/v1/certificates/status-lists/{name}",
    "get /api/v1/accredited-bodies",
    "post /api/v1/verifications",
    "get /api/v1/record",
    "get /api/v1/record/consistency",
    "get /api/v1/certificates/{number}/record",
}


def test_private_operations_declare_the_token(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        if name not in PUBLIC:
            assert [list(each) for each in operation["security"]] == [["bearer"]], name
            assert "401" in operation["responses"], name


def test_strangers_are_refused_at_every_other_door(world: World, document: dict[str, Any]) -> None:
    stranger = world.api()
    for name, operation in operations(document):
        if name in PUBLIC:
            continue
        method, path = name.split()
        path = re.sub(r"\{\w+\}", str(uuid4()), path.removeprefix("/api/v1"))
        answer = stranger.request(method, path, json={})
        assert answer.status_code == 401, (name, operation["operationId"], answer.text)


def test_every_kind_of_problem_is_explained_in_both_languages(world: World, document: dict[str, Any]) -> None:
    codes = document["components"]["examples"].keys()
    assert len(codes) > 100
    for language in LANGUAGES:
        assert codes <= problems.kinds(language).keys()
        answer = world.browser(None).get("/problems/answer-stale", headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert f'lang="{language}"' in answer.text


KNOWN = "/api/v1/certificates/status-lists/{name}"
"""Its addresses could be those of a certificate whose number is "status-lists"; there is none."""


@pytest.mark.judge
def test_the_linter_finds_nothing_but_a_planted_mistake(document: dict[str, Any]) -> None:
    del document["paths"]["/api/v1/me"]["get"]["summary"]
    found = [each for each in redocly(document) if not (each.rule == "no-ambiguous-paths" and KNOWN in each.message)]
    assert [(each.rule, each.place) for each in found] == [("operation-summary", "#/paths/~1api~1v1~1me/get/summary")]


def needs_example(words: dict[str, Any]) -> bool:
    """Fields made of other models or of true and false speak for themselves."""
    kinds = [words, *words.get("anyOf", []), words.get("items", {})]
    return not any("$ref" in kind or kind.get("type") == "boolean" for kind in kinds)


def test_fields_are_described_with_examples(document: dict[str, Any]) -> None:
    """Of our own models; the words of a questionnaire are described by the definition language itself."""
    ours = re.compile(r"(\wView|Input|Credentials|PasswordChange|ProblemField)$")
    bare = [
        f"{name}.{field}"
        for name, schema in document["components"]["schemas"].items()
        if ours.search(name)
        for field, words in schema.get("properties", {}).items()
        if not (words.get("description") or "$ref" in words) or (needs_example(words) and "examples" not in words)
    ]
    assert not bare


def test_no_outside_assets(world: World) -> None:
    """There is no ready-made page that would load scripts from elsewhere."""
    for path in ("/docs", "/redoc"):
        assert world.running.get(path).status_code == 404
