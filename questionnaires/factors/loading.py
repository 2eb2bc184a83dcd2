"""Factor sets and warming potentials from files: a book out, or every mistake with its file, line and path."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from questionnaires.errors import Fault
from questionnaires.factors.book import FactorBook, Library, PotentialBook
from questionnaires.factors.checking import check_factors, check_potentials, check_texts
from questionnaires.factors.model import FactorSet, FactorTexts, PotentialSet
from questionnaires.loading import PUBLISHED, NoSuchFile, fit, read_file
from questionnaires.mistakes import Mistake, Mistaken
from questionnaires.places import Document

FACTORS: Final = PUBLISHED / "factors"
"""Folder of the sets that ship with the project: ``<publisher>/<edition>/``."""

LOCK: Final = "digests.lock"

S = TypeVar("S", FactorSet, PotentialSet)


class UnknownFactorSet(Fault):
    """No set of that publisher and edition is here."""

    code = "unknown-factor-set"
    room = "questionnaires.factors"


class FactorSetChanged(Fault):
    """A published set is not what was published: it never changes, a correction is a new edition."""

    code = "factor-set-changed"
    room = "questionnaires.factors"


def load_book(folder: Path) -> FactorBook:
    """Load a factor set from any folder.

    Raises:
        Mistaken: it holds mistakes; all of them are named.
        NoSuchFile: the folder has no ``factors.yaml``.
    """
    factors, texts = _load(folder / "factors.yaml", FactorSet, check_factors)
    return FactorBook(factors, texts)


def load_potentials(folder: Path) -> PotentialBook:
    """Load warming potentials from any folder.

    Raises:
        Mistaken: it holds mistakes; all of them are named.
        NoSuchFile: the folder has no ``potentials.yaml``.
    """
    potentials, texts = _load(folder / "potentials.yaml", PotentialSet, check_potentials)
    return PotentialBook(potentials, texts)


def _load(path: Path, kind: type[S], check: Callable[[S, Document], list[Mistake]]) -> tuple[S, dict[str, FactorTexts]]:
    document = read_file(path)
    found = fit(kind, document)
    mistakes = document.mistakes
    if found is None:
        raise Mistaken(mistakes)
    mistakes.extend(check(found, document))
    texts: dict[str, FactorTexts] = {}
    for language in dict.fromkeys(found.languages):
        try:
            words_document = read_file(path.parent / f"{language}.yaml")
        except NoSuchFile as fault:
            mistakes.append(document.mistake("language-file-missing", ("languages",), file=fault.details["file"]))
            continue
        words = fit(FactorTexts, words_document)
        mistakes.extend(words_document.mistakes)
        if words is not None:
            mistakes.extend(check_texts(found, words, language, words_document))
            texts[language] = words
    if mistakes:
        raise Mistaken(mistakes)
    return found, texts


@cache
def published_sets(root: Path = FACTORS) -> tuple[tuple[str, Path], ...]:
    """Name and file of every set that ships with the project, by name."""
    found = [*root.glob("*/*/factors.yaml"), *root.glob("*/*/potentials.yaml")]
    return tuple(sorted((f"{path.parent.parent.name}@{path.parent.name}", path) for path in found))


@cache
def load(name: str) -> FactorBook | PotentialBook:
    """The published set of that name.

    Raises:
        UnknownFactorSet: there is none.
        Mistaken: its files hold mistakes.
    """
    path = dict(published_sets()).get(name)
    if path is None:
        raise UnknownFactorSet(name=name, known=", ".join(known for known, _ in published_sets()))
    return load_potentials(path.parent) if path.name == "potentials.yaml" else load_book(path.parent)


@cache
def library() -> Library:
    """Everything that ships with the project."""
    books = [load(name) for name, _ in published_sets()]
    return Library(
        {book.name: book for book in books if isinstance(book, FactorBook)},
        {book.potentials.edition: book for book in books if isinstance(book, PotentialBook)},
    )


def frozen(root: Path = FACTORS) -> dict[str, str]:
    """Digests of the sets as they were published: name → SHA-256, from ``digests.lock``."""
    lines = (root / LOCK).read_text(encoding="ascii").splitlines()
    return {line.split()[0]: line.split()[1] for line in lines if line and not line.startswith("#")}


def check_frozen(book: FactorBook | PotentialBook, root: Path = FACTORS) -> None:
    """Check that a published set is what was published.

    Raises:
        FactorSetChanged: its digest is another one, or none is on record.
    """
    stated = frozen(root).get(book.name, "–")
    if stated != book.digest:
        raise FactorSetChanged(name=book.name, stated=stated, found=book.digest)
