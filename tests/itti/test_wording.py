"""Every fault and every field mistake has its sentence in every language, with the same placeholders."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import string
from pathlib import Path

import pytest

import itti
from itti.http import mistakes
from itti.http.problems import every_fault, status_of
from questionnaires.errors import Fault
from questionnaires.wording import LANGUAGES, catalogue

ROOT = Path(__file__).parents[2]


def all_faults() -> list[type[Fault]]:
    """The fault classes of the whole project: every module is imported, so that none is missed."""
    for top in ("itti", "reports", "scoring", "questionnaires"):
        for module in pkgutil.walk_packages([str(ROOT / top)], f"{top}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    found = [kind for kind in every_fault() if not kind.__module__.startswith("tests.")]
    return sorted(found, key=lambda kind: (kind.room, kind.code))


FAULTS = all_faults()


def placeholders(room: str, key: str, language: str) -> set[str]:
    text = catalogue(room, language)[key]
    forms = text if isinstance(text, tuple) else (text,)
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name is not None}


@pytest.mark.parametrize("kind", FAULTS, ids=lambda kind: kind.code)
def test_fault_has_its_sentence_in_every_language(kind: type[Fault]) -> None:
    key = f"fault.{kind.code}"
    named = {language: placeholders(kind.room, key, language) for language in LANGUAGES}
    assert named["ar"] == named["en"]
    for language in LANGUAGES:
        text = catalogue(kind.room, language)[key]
        assert text if isinstance(text, str) else all(text)


@pytest.mark.parametrize("kind", FAULTS, ids=lambda kind: kind.code)
def test_status_has_its_title(kind: type[Fault]) -> None:
    for language in LANGUAGES:
        assert catalogue("itti.http", language)[f"status.{status_of(kind)}"]


def test_codes_are_not_used_twice() -> None:
    """A code is part of the API and means one thing; a subclass that narrows a kind has a code of its own.

    What only the command line says is not part of the API.
    """
    codes = [(kind.code, kind.room) for kind in FAULTS if kind.room != "itti.commands"]
    assert len({code for code, _ in codes}) == len(codes), sorted(codes)


def test_there_are_faults() -> None:
    assert len(FAULTS) > 30


def field_keys() -> set[str]:
    return {key for key, _ in mistakes._KEYS.values()} | set(mistakes.OWN_KINDS) | {"invalid", "taken"}


@pytest.mark.parametrize("key", sorted(field_keys()))
def test_field_mistake_has_its_sentence(key: str) -> None:
    named = {language: placeholders("itti.http", f"field.{key}", language) for language in LANGUAGES}
    assert named["ar"] == named["en"]


def rooms() -> list[str]:
    return sorted(
        "itti." + path.parent.name for path in Path(itti.__path__[0]).glob("*/locale") if (path / "en.po").exists()
    )


@pytest.mark.parametrize("room", rooms())
def test_catalogues_of_a_room_match(room: str) -> None:
    english, arabic = catalogue(room, "en"), catalogue(room, "ar")
    assert set(english) == set(arabic)
    for key in english:
        assert placeholders(room, key, "en") == placeholders(room, key, "ar"), key


def test_no_custom_mistake_without_a_sentence() -> None:
    """Whatever our validators raise is known to :mod:`itti.http.mistakes`."""
    raised: set[str] = set()
    for file in (ROOT / "itti").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "PydanticCustomError"
                and isinstance(node.args[0], ast.Constant)
            ):
                raised.add(str(node.args[0].value))
    assert raised <= mistakes.OWN_KINDS
