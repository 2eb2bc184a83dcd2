"""What pages do, the API does: every page and every form is named beside its operations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.itti.conftest import description
from tests.itti.doors.trying import Door, doors

ROOT: Final = Path(__file__).parents[3]
PAGE: Final = ROOT / "docs" / "pages-and-api.md"
_FORM: Final = re.compile(r"<form\b(?P<words>[^>]*)>")
_NAME: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


def named() -> dict[Door, str]:
    """Page → what the page of the documentation has beside it."""
    rows = [line.split("|") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    return {
        Door(path, method): said.strip() for _, door, said, _ in rows for method, path in [door.split("`")[1].split()]
    }


def forms() -> Iterator[tuple[str, str]]:
    """Method and address of every form in the templates; `*` stands for what is filled in."""
    for template in (ROOT / "itti").glob("*/templates/**/*.html"):
        for found in _FORM.finditer(template.read_text("utf-8")):
            words = dict(re.findall(r'(\w+)="([^"]*)"', found["words"]))
            address = _NAME.sub("*", words.get("action", "*")).partition("?")[0]
            yield words.get("method", "get").upper(), address


def leads_to(address: str, door: Door) -> bool:
    """Whether a form can be for this page. What is filled in may stand for several parts of an address."""
    parts = [re.escape(part) for part in address.split("*")]
    sample = re.sub(r"\{\w+\}", "x", door.path)
    return re.fullmatch(r"[\w./-]*?".join(parts), sample) is not None


def test_every_page_is_named() -> None:
    pages = {door for door in doors() if not door.path.startswith("/api/")}
    assert set(named()) == pages, "say in docs/pages-and-api.md how tools do the same"


def test_the_operations_are_there_and_change_where_the_page_changes() -> None:
    methods = {
        operation["operationId"]: method
        for path in description()["paths"].values()
        for method, operation in path.items()
    }
    for door, said in named().items():
        operations = re.findall(r"`(\w+)`", said) if not said.startswith("– ") else []
        assert operations or len(said) > len("– "), f"{door}: neither an operation nor a reason"
        assert set(operations) <= methods.keys(), door
        if operations and door.method != "GET":
            assert {methods[name] for name in operations} - {"get"}, f"{door} changes something"


def test_every_form_is_for_a_page() -> None:
    pages = list(named())
    found = set(forms())
    assert len(found) > 50
    lost = [form for form in found if not any(door.method == form[0] and leads_to(form[1], door) for door in pages)]
    assert lost == []


@pytest.mark.parametrize(
    ("address", "path", "leads"),
    [
        ("/people/*/erasure", "/people/{user_id}/erasure", True),
        ("*/erasure", "/people/{user_id}/erasure", True),
        ("/people/*/erasure", "/people/{user_id}/invitation", False),
        ("/people", "/people/{user_id}", False),
    ],
)
def test_forms_are_told_from_each_other(address: str, path: str, leads: bool) -> None:  # noqa: FBT001
    assert leads_to(address, Door(path, "POST")) is leads
