"""``itti factors list|show|find|validate``: the factor sets that ship, and sets of one's own."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from itti.commands.footprints.words import number, words
from itti.commands.words import language
from questionnaires.errors import Fault

if TYPE_CHECKING:
    from questionnaires.factors import FactorBook, Library, PotentialBook, Row


class NoSuchFactor(Fault):
    """The set has no factor of that name."""

    code = "no-such-factor"
    room = "itti.commands.footprints"


def declare(commands: Any) -> None:
    """Add the command's words."""
    parser = commands.add_parser("factors", help=words("factors.help"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=words("metavar-command"))
    lister = verbs.add_parser("list", help=words("factors.list"))
    lister.set_defaults(run=run_list)
    shower = verbs.add_parser("show", help=words("factors.show"), description=words("factors.show-about"))
    shower.add_argument("name", metavar="SET[/FACTOR]", help=words("factors.name"))
    shower.set_defaults(run=run_show)
    finder = verbs.add_parser("find", help=words("factors.find"), description=words("factors.find-about"))
    finder.add_argument("words", nargs="+", metavar="WORD", help=words("factors.words"))
    finder.set_defaults(run=run_find)
    checker = verbs.add_parser("validate", help=words("factors.validate"), description=words("factors.validate-about"))
    checker.add_argument("what", nargs="*", metavar="FOLDER|SET", help=words("factors.what"))
    checker.set_defaults(run=run_validate)
    for verb in (lister, shower, finder):
        verb.add_argument("--json", action="store_true", help=words("factors.json"))


def run_list(options: argparse.Namespace) -> int:
    """One line for every set."""
    from questionnaires.factors.loading import load, published_sets

    books = [load(name) for name, _ in published_sets()]
    if options.json:
        print(json.dumps([_brief(book) for book in books], ensure_ascii=False, indent=2))
        return 0
    for book in books:
        print(words("factors.row", name=book.name, title=book.words(language()).title, count=len(book.rows)))
    return 0


def _brief(book: FactorBook | PotentialBook) -> dict[str, object]:
    texts = {code: {"title": each.title, "licence": each.licence} for code, each in book.texts.items()}
    return {"name": book.name, "digest": book.digest, "count": len(book.rows), "texts": texts}


def run_show(options: argparse.Namespace) -> int:
    """A whole set, or one factor with everything that is known of it."""
    from questionnaires.factors import library
    from questionnaires.factors.loading import load

    name, _, identifier = options.name.partition("/")
    book = load(name)
    if identifier:
        return _show_one(book, options.name, library(), as_json=options.json)
    if options.json:
        print(_model(book).model_dump_json(by_alias=True, exclude_defaults=True, indent=2))
        return 0
    texts = book.words(language())
    print(f"{texts.title} ({book.name})\n{book.digest}\n{texts.licence}\n{texts.about}")
    for source in _model(book).sources:
        print(words("show.source", title=texts.sources[source.id], certainty=words(f"certainty.{source.certainty}")))
    print("\n".join(_factor_lines(book) if _is_factors(book) else _potential_lines(book)))
    return 0


def _is_factors(book: FactorBook | PotentialBook) -> bool:
    return hasattr(book, "factors")


def _model(book: FactorBook | PotentialBook) -> Any:
    return getattr(book, "factors", None) or getattr(book, "potentials", None)


def _factor_lines(book: Any) -> list[str]:
    texts, lines = book.words(language()), []
    for table in book.factors.tables:
        lines += ["", texts.tables[table.id].title]
        lines += [f"  {texts.tables[table.id].about}"] if texts.tables[table.id].about else []
        lines += [_line(book, book.rows[each.id]) for each in book.factors.factors if each.table == table.id]
    for each in book.conversions.values():
        key = "show.times" if each.times is not None else "show.per"
        told = {"id": each.id, "title": texts.activities[each.activity], "number": number(each.times or each.per)}
        lines.append(words(key, **told, given=each.from_unit, wanted=each.to_unit))
    return lines


def _line(book: FactorBook, row: Row) -> str:
    details = {"reference": row.reference, "title": book.title(row, language()), "unit": row.unit.text}
    region = book.words(language()).regions[row.region]
    told = details | {"region": region, "year": row.year, "certainty": words(f"certainty.{row.certainty.value}")}
    if row.basis is not None:
        told["unit"] = words(f"basis.{row.basis.value}", unit=row.unit.text)
    return words("show.factor", number=_number_of(row), **told)


def _number_of(row: Row) -> str:
    if row.total is not None:
        return f"{number(row.total)} kgCO2e"
    return " + ".join(f"{number(part.amount)} kg{'CO2e' if part.weighted else ''} {part.gas}" for part in row.parts)


def _potential_lines(book: Any) -> list[str]:
    lines = []
    for gas, each in book.rows.items():
        values = [number(each.value)] if each.value is not None else [number(one.value) for one in each.choices]
        lines.append(words("show.potential", gas=gas, value=" | ".join(values)))
    return lines


def _show_one(book: Any, reference: str, shelf: Library, *, as_json: bool) -> int:
    row = shelf.row(reference) if _is_factors(book) else None
    if row is None:
        raise NoSuchFactor(factor=reference, near=", ".join(shelf.near(reference)) or "–")
    each = next(each for each in book.factors.factors if each.id == reference.partition("/")[2])
    table = next(table for table in book.factors.tables if table.id == each.table)
    if as_json:
        parts = [part.model_dump(mode="json", by_alias=True, exclude_defaults=True) for part in (each, table)]
        print(json.dumps({"factor": parts[0], "table": parts[1]}, ensure_ascii=False, indent=2))
        return 0
    texts = book.words(language())
    print(_line(book, row))
    print(f"{texts.tables[table.id].title}\n{texts.tables[table.id].about}".rstrip())
    print(words("show.scope", scope=row.scope, categories=", ".join(map(str, row.categories)) or "–"))
    for part in row.parts:
        print(words("show.part", gas=part.gas, number=number(part.amount), unit="kgCO2e" if part.weighted else "kg"))
    for source in row.sources:
        certainty = next(one.certainty.value for one in book.factors.sources if one.id == source)
        print(words("show.source", title=texts.sources[source], certainty=words(f"certainty.{certainty}")))
    print(texts.licence)
    return 0


def run_find(options: argparse.Namespace) -> int:
    """Every factor whose name, title or region holds all the words, in any language; 1 when there is none."""
    from questionnaires.factors import library

    wanted = [word.casefold() for word in options.words]
    shelf = library()
    found = [row for row in shelf.rows() if all(word in _about(shelf, row) for word in wanted)]
    if options.json:
        print(json.dumps([row.reference for row in found], indent=2))
    for row in () if options.json else found:
        print(_line(shelf.books[row.set_name], row))
    if not found:
        print(words("factors.none"), file=sys.stderr)
    return 0 if found else 1


def _about(shelf: Library, row: Row) -> str:
    """Everything a factor can be found by."""
    book = shelf.books[row.set_name]
    texts = [word for each in book.texts.values() for word in (each.activities[row.activity], each.regions[row.region])]
    told = (row.reference, row.unit.text, row.region, str(row.year), row.boundary.value, *texts)
    return " ".join(told).casefold()


def run_validate(options: argparse.Namespace) -> int:
    """Every mistake with file, line, path and remedy, and published sets that are not what was published."""
    from questionnaires.factors.loading import published_sets

    faults = [fault for name in options.what or [name for name, _ in published_sets()] for fault in _validated(name)]
    for fault in faults:
        print(fault.sentence(language()), file=sys.stderr)
    return 1 if faults else 0


def _validated(name: str) -> list[Fault]:
    from questionnaires.factors.loading import (
        FactorSetChanged,
        UnknownFactorSet,
        check_frozen,
        load,
        load_book,
        load_potentials,
    )
    from questionnaires.mistakes import Mistaken

    folder = Path(name)
    try:
        if folder.is_dir():
            book = load_potentials(folder) if (folder / "potentials.yaml").exists() else load_book(folder)
        else:
            book = load(name)
            check_frozen(book)
    except (Mistaken, FactorSetChanged, UnknownFactorSet) as fault:
        return [fault]
    print(words("factors.valid", name=book.name, digest=book.digest, count=len(book.rows)))
    return []
