"""Definitions from files: YAML in, a :class:`Definition` out, or every mistake with its file, line and path.

The only module of this room that reads files (beside the message catalogues).

A definition is a folder::

    definition.yaml       the structure
    <language>.yaml       the texts, one file for every language the structure names
    examples/*.yaml       complete answers with the scores they must give
"""

from __future__ import annotations

from collections.abc import Mapping, Sized
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from questionnaires.checking import check_structure, check_texts
from questionnaires.digest import digest
from questionnaires.errors import Fault
from questionnaires.mistakes import Mistake, Mistaken
from questionnaires.model import Definition, Structure, Texts
from questionnaires.places import Document, read
from questionnaires.sharing import alone_in_set, expand, once, unknown_set

PUBLISHED: Final = Path(__file__).parent / "published"
"""Folder of the definitions that ship with the project: ``<family>/<version>/``."""

EXAMPLE: Final = Path(__file__).parent / "example"
"""Folder of the definition that uses every word of the language but those for lists; never published, see
``docs/language.md``."""

EXAMPLES: Final = (EXAMPLE, EXAMPLE / "lists", EXAMPLE / "lists-in-lists")
"""The same, and those of the definitions with lists, and with a list within a list."""

EXAMPLE_UPGRADE: Final = EXAMPLE / "upgrade"
"""Folder of two versions, each in a folder of its name; the newer has a migration that uses every word, see
``docs/migrations.md``."""

M = TypeVar("M", bound=BaseModel)


class UnknownDefinition(Fault):
    """No definition of that family and version is published here."""

    code = "unknown-definition"


class UnknownFamily(UnknownDefinition):
    """No definition of that family is published here."""

    code = "unknown-family"


class PublishedChanged(Fault):
    """A published definition is not what was published: it never changes, a change is a new version."""

    code = "published-changed"


class NoSuchFile(Fault):
    """A file or folder that was named does not exist or cannot be read."""

    code = "no-such-file"


def read_file(path: Path, shown_as: str | None = None) -> Document:
    """Read one YAML or JSON file strictly.

    Raises:
        NoSuchFile: it does not exist or cannot be read.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise NoSuchFile(file=shown_as or str(path), reason=error.strerror or type(error).__name__) from error
    return read(text, shown_as or str(path))


def fit(kind: type[M], document: Document) -> M | None:
    """The document as ``kind``, or None with a mistake for every place that does not fit."""
    if document.mistakes and document.data is None:
        return None
    try:
        return kind.model_validate(document.data)
    except ValidationError as error:
        items = [dict(item) for item in error.errors(include_url=False)]
        told = [item for item in items if not _is_long_enough(item)]
        document.mistakes.extend(_mistake_of(item, document) for item in told)
        return None


def _is_long_enough(item: Mapping[str, Any]) -> bool:
    """Whether a list counts as too short only because items of it are mistaken: their own mistakes say all."""
    found = item.get("input")
    return item["type"] == "too_short" and isinstance(found, Sized) and len(found) >= item["ctx"]["min_length"]


def _mistake_of(item: dict[str, Any], document: Document) -> Mistake:
    path = _real_path(tuple(item["loc"]), document.data)
    kind = str(item["type"])
    code = _CODES.get(kind, "invalid-value")
    limits = {name: value for name, value in (item.get("ctx") or {}).items() if name != "error"}
    if kind.startswith("union_tag"):
        path = (*path, str(limits.get("discriminator", "")).strip("'"))
        item = {**item, "input": limits.get("tag", "")}
        limits["expected"] = limits.get("expected_tags", "")
    if "le" in limits or "lt" in limits:
        limits["most"] = limits.get("le", limits.get("lt"))
    if code == "not-a-list" and path[-1:] == ("options",) and isinstance(item["input"], str):
        return unknown_set(document, path, item["input"])
    if kind == "extra_forbidden" and document.written_at(path) != path and path[-1] == "alone":
        return alone_in_set(document, path)
    if kind == "extra_forbidden" and item.get("input") is None and (cut := _cut_short(path, document.data)):
        return document.mistake("cut-by-comma", (*path[:-1], cut[0]), key=cut[0], found=_shown(cut[1]))
    if kind == "too_short" and limits["min_length"] > 1:
        return document.mistake("list-short", path, found=len(item["input"]), least=limits["min_length"])
    if kind == "too_long" and path[-1:] == ("by",):
        known = ", ".join(_telling_apart(document.data)) or "–"
        return document.mistake(
            "by-too-many", path, most=limits["max_length"], found=limits["actual_length"], known=known
        )
    details = {"key": str(path[-1]) if path else "", "found": _shown(item.get("input")), **limits}
    return document.mistake(code, path, **details)


def _cut_short(path: tuple[str | int, ...], data: object) -> tuple[str, str] | None:
    """The key and value that a comma inside brackets has cut off: within braces YAML ends a value at each comma."""
    around: Any = data
    for part in path[:-1]:
        around = around[part]
    if not isinstance(around, dict):
        return None
    texts = [(key, text) for key, text in around.items() if isinstance(key, str) and isinstance(text, str)]
    return next(((key, text) for key, text in texts if text.count("(") > text.count(")")), None)


def _real_path(location: tuple[str | int, ...], data: object) -> tuple[str | int, ...]:
    """The place as the file knows it: pydantic also names the alternatives of a union on the way."""
    path: list[str | int] = []
    for number, part in enumerate(location):
        if isinstance(data, dict) and (part in data or number == len(location) - 1):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int):
            data = data[part] if part < len(data) else None
        else:
            continue
        path.append(part)
    return tuple(path)


def _telling_apart(data: object) -> list[str]:
    """The first of the questions in a file whose answer can tell rows or groups apart."""
    asked = data.get("questions") if isinstance(data, dict) else None
    kinds = {"choice", "level", "yes_no"}
    found = [each.get("id") for each in asked or () if isinstance(each, dict) and each.get("kind") in kinds]
    return [each for each in found if isinstance(each, str)][:12]


_CODES: Final = {
    "missing": "missing-key",
    "extra_forbidden": "unknown-key",
    "exact-number": "not-exact",
    "evidence-from": "not-evidence-from",
    "not-decimal": "not-decimal",
    "string_pattern_mismatch": "wrong-form",
    "string_type": "not-text",
    "string_too_short": "text-empty",
    "string_too_long": "text-too-long",
    "int_type": "not-whole",
    "int_parsing": "not-whole",
    "enum": "not-one-of",
    "literal_error": "not-one-of",
    "union_tag_invalid": "not-one-of",
    "union_tag_not_found": "missing-key",
    "model_type": "not-a-mapping",
    "mapping_type": "not-a-mapping",
    "dict_type": "not-a-mapping",
    "tuple_type": "not-a-list",
    "too_short": "list-empty",
    "greater_than": "not-above",
    "greater_than_equal": "below-least",
    "less_than": "above-most",
    "less_than_equal": "above-most",
    "answer-form": "answer-form",
    "reason-missing": "reason-missing",
    "bool_type": "not-true-or-false",
    "not-a-date": "not-a-date",
    "date_from_datetime_parsing": "not-a-date",
    "date_type": "not-a-date",
    "date_parsing": "not-a-date",
}


def _shown(value: object) -> str:
    text = "" if isinstance(value, (dict, list)) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def load_folder(folder: Path) -> Definition:
    """Load a definition from any folder.

    Raises:
        Mistaken: it holds mistakes; all of them are named.
        NoSuchFile: the folder has no ``definition.yaml``.
    """
    document = read_file(folder / "definition.yaml")
    expand(document)
    structure = fit(Structure, document)
    mistakes = document.mistakes
    if structure is None:
        raise Mistaken(once(mistakes))
    mistakes.extend(check_structure(structure, document))
    texts: dict[str, Texts] = {}
    for language in dict.fromkeys(structure.languages):
        try:
            words_document = read_file(folder / f"{language}.yaml")
        except NoSuchFile as fault:
            mistakes.append(document.mistake("language-file-missing", ("languages",), file=fault.details["file"]))
            continue
        words = fit(Texts, words_document)
        mistakes.extend(words_document.mistakes)
        if words is not None:
            mistakes.extend(check_texts(structure, words, language, words_document))
            texts[language] = words
    if mistakes:
        raise Mistaken(once(mistakes))
    return Definition.of(structure, texts)


def published() -> tuple[tuple[str, str], ...]:
    """Family and version of every definition that ships with the project, oldest version first."""
    return _published(PUBLISHED)


@cache
def _published(shelf: Path) -> tuple[tuple[str, str], ...]:
    found = [(path.parent.parent.name, path.parent.name) for path in shelf.glob("*/*/definition.yaml")]
    return tuple(sorted(found, key=lambda name: (name[0], version_key(name[1]))))


def newest_first() -> tuple[tuple[str, str], ...]:
    """Family and version of every definition that ships with the project: families by name, newest version first."""
    families = dict.fromkeys(family for family, _ in published())
    return tuple(name for family in families for name in reversed(published()) if name[0] == family)


def version_key(version: str) -> tuple[int, ...]:
    """Sorts version numbers as numbers: 1.10.0 comes after 1.9.0."""
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _known() -> str:
    return ", ".join(f"{family}@{version}" for family, version in published())


def load(family: str, version: str) -> Definition:
    """The published definition of that family and version, read once: it never changes.

    Raises:
        UnknownDefinition: there is none.
        Mistaken: its files hold mistakes.
    """
    return _load(PUBLISHED, family, version)


@cache
def _load(shelf: Path, family: str, version: str) -> Definition:
    if (family, version) not in _published(shelf):
        raise UnknownDefinition(family=family, version=version, known=_known())
    definition = load_folder(shelf / family / version)
    if (definition.family, definition.version) != (family, version):
        raise UnknownDefinition(family=family, version=version, known=definition.name)
    return definition


def latest(family: str) -> str:
    """The newest published version number of a family.

    Raises:
        UnknownFamily: no such family.
    """
    versions = [version for name, version in published() if name == family]
    if not versions:
        raise UnknownFamily(family=family, known=_known())
    return versions[-1]


def examples(family: str, version: str) -> tuple[Path, ...]:
    """The example files of a published definition, by name."""
    return tuple(sorted((PUBLISHED / family / version / "examples").glob("*.yaml")))


def frozen() -> dict[tuple[str, str], str]:
    """Digests of the published definitions as they were published: (family, version) → SHA-256.

    Kept in ``published/digests.lock``, one line each: family, version, digest.
    """
    lines = (PUBLISHED / "digests.lock").read_text(encoding="ascii").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {(family, version): stated for family, version, stated in rows}


def check_frozen(definition: Definition) -> None:
    """Check that a published definition is what was published.

    Raises:
        PublishedChanged: its digest is another one, or none is on record.
    """
    stated = frozen().get((definition.family, definition.version), "–")
    found = digest(definition)
    if stated != found:
        raise PublishedChanged(name=definition.name, stated=stated, found=found)
