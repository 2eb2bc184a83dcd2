"""``itti statistics benchmark FOLDER``: groups of factories side by side, small ones withheld."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from itti.commands.statistics.beside import valued, write_beside
from itti.commands.statistics.sheets import Given, Sheets, Unfit, plain, sheets_of, take_sheets
from itti.commands.words import language, words
from questionnaires.errors import Fault
from questionnaires.model import Better, Node, Rounding, RoundingMode
from scoring import Scorecard, State, score
from scoring.rounding import stated

if TYPE_CHECKING:
    from scoring.benchmark import Cell, Group, Member, Release

_TRAITS: Final = ("sector", "size", "region")
_LIMITS: Final = "10,50,250"


class NotCompared(Fault):
    """There is no factory of that name with a value among the sheets."""

    code = "not-compared"
    room = "itti.commands"


def declare(verbs: Any) -> None:
    """Add the verb's words."""
    parser = verbs.add_parser(
        "benchmark", help=words("statistics.benchmark-help"), description=words("statistics.benchmark-about")
    )
    take_sheets(parser, "statistics.benchmark-files")
    parser.add_argument("--node", metavar="NODE", help=words("statistics.node"))
    parser.add_argument("--by", default="sector", metavar="TRAITS", help=words("statistics.by"))
    parser.add_argument("--least", type=int, default=10, metavar="K", help=words("statistics.least"))
    parser.add_argument("--sizes", default=_LIMITS, metavar="NUMBERS", help=words("statistics.sizes"))
    parser.add_argument("--factory", metavar="NAME", help=words("statistics.factory"))
    parser.add_argument("--beside", type=Path, metavar="FILE", help=words("statistics.beside"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """What may be published, or where one factory stands in it."""
    from scoring.benchmark import release

    traits = [trait for trait in options.by.split(",") if trait]
    if strangers := [trait for trait in traits if trait not in _TRAITS]:
        raise Unfit(option="--by", value=strangers[0], allowed=", ".join(_TRAITS))
    if options.least < 1:
        raise Unfit(option="--least", value=options.least, allowed="≥ 1")
    sheets = sheets_of(options)
    node = sheets.node(options.node)
    if options.beside is not None and options.factory is None:
        raise Unfit(option="--beside", value=options.beside, allowed="--factory NAME --beside FILE")
    sizes, cards = _sizes(options.sizes), _scorecards(sheets)
    members, unscored = _members(sheets, node, sizes, cards)
    found = release(members, traits, options.least, less_is_better=node.better is Better.LESS)
    if options.factory is not None and options.factory not in {member.name for member in members}:
        raise NotCompared(factory=options.factory, known=", ".join(sorted(member.name for member in members)))
    if options.beside is not None:
        peers = found.peers(options.factory)
        if peers.group is not None:
            releases = {
                each.id: release(
                    _members(sheets, each, sizes, cards)[0],
                    traits,
                    options.least,
                    less_is_better=each.better is Better.LESS,
                )
                for each in valued(sheets)
            }
            write_beside(options.beside, sheets.definition, releases, options.factory, peers.group)
    if options.json:
        print(json.dumps(_data(sheets, node, found, unscored, options.factory), ensure_ascii=False, indent=2))
        return 0
    rounding = node.rounding or sheets.definition.rounding
    lines = _peers(found, options.factory, rounding) if options.factory else _table(sheets, node, found, rounding)
    print("\n".join(lines))
    if unscored:
        print(words("statistics.unscored", members=", ".join(unscored)))
    return 0


def _sizes(text: str) -> list[int]:
    try:
        return [int(limit) for limit in text.split(",")]
    except ValueError as error:
        raise Unfit(option="--sizes", value=text, allowed=_LIMITS) from error


def _scorecards(sheets: Sheets) -> dict[str, Scorecard]:
    """Everybody's scorecard, by name."""
    return {name: score(sheets.plan, each.answers) for name, each in sheets.by_factory().items()}


def _members(
    sheets: Sheets, node: Node, sizes: Sequence[int], cards: Mapping[str, Scorecard]
) -> tuple[list[Member], list[str]]:
    """Everybody with a stated value, and the names of those without."""
    from scoring.benchmark import Member

    members: list[Member] = []
    unscored: list[str] = []
    for name, each in sheets.by_factory().items():
        scored = cards[name].node(node.id)
        if scored.state is State.SCORED and scored.value is not None:
            members.append(Member(name, Fraction(scored.value), _traits(each, sizes)))
        else:
            unscored.append(name)
    return members, unscored


def _traits(given: Given, sizes: Sequence[int]) -> dict[str, str]:
    from scoring.benchmark import size_class

    factory = given.sheet.factory
    if factory is None:
        return {}
    size = None if factory.employees is None else size_class(factory.employees, sizes)
    known = {"sector": factory.sector, "size": size, "region": factory.region}
    return {trait: value for trait, value in known.items() if value is not None}


def _named(group: Group) -> str:
    if not group:
        return words("statistics.everybody")
    return ", ".join(words("statistics.trait", trait=words(f"statistics.trait-{t}"), value=v) for t, v in group)


def _table(sheets: Sheets, node: Node, found: Release, rounding: Rounding) -> list[str]:
    title = sheets.definition.words(language()).nodes[node.id].title
    lines = [
        words(
            "statistics.benchmark-of",
            node=title,
            questionnaire=sheets.definition.name,
            count=len(found.members),
            least=found.least,
        )
    ]
    lines += [_cell(cell, rounding) for cell in found.cells]
    if found.withheld:
        lines.append(words("statistics.withheld", groups="; ".join(_named(group) for group in found.withheld)))
    return lines


def _cell(cell: Cell, rounding: Rounding) -> str:
    first, median, third = (stated(each, rounding) for each in cell.quartiles)
    line = words(
        "statistics.cell",
        group=_named(cell.group),
        count=cell.count,
        mean=stated(cell.mean, rounding),
        first=first,
        median=median,
        third=third,
        best="–" if cell.best is None else stated(cell.best, rounding),
    )
    return words("statistics.cell-few", cell=line) if cell.few else line


def _peers(found: Release, factory: str, rounding: Rounding) -> list[str]:
    peers = found.peers(factory)
    if peers.group is None or peers.standing is None:
        return [words("statistics.no-peers", factory=factory, least=found.least)]
    own = peers.standing
    lines = [
        words(
            "statistics.standing",
            factory=factory,
            value=stated(own.value, rounding),
            rank=own.rank,
            of=own.of,
            group=_named(peers.group),
            equals=own.equals,
            worse=stated(own.percent_rank * 100, Rounding(places=0, mode=RoundingMode.HALF_UP)),
            quartile=own.quartile,
        ),
        words("statistics.to-median", median=stated(own.median, rounding), gap=_signed(own.to_median, rounding)),
    ]
    if peers.best is not None and peers.to_best is not None and peers.best_of is not None:
        gap, best = _signed(peers.to_best, rounding), stated(peers.best, rounding)
        lines.append(words("statistics.to-best", best=best, gap=gap, group=_named(peers.best_of)))
    if peers.withheld:
        lines.append(words("statistics.fallen-back", groups="; ".join(_named(group) for group in peers.withheld)))
    return lines


def _signed(value: Fraction, rounding: Rounding) -> str:
    text = stated(value, rounding)
    return text if text.startswith("-") else f"+{text}"


def _data(
    sheets: Sheets, node: Node, found: Release, unscored: Sequence[str], factory: str | None
) -> dict[str, object]:
    about: dict[str, object] = {
        "questionnaire": sheets.definition.name,
        "digest": sheets.plan.digest,
        "node": node.id,
        "least": found.least,
        "percentiles": "inclusive",
        "ties": "best rank",
    }
    if factory is not None:
        return about | {"peers": plain(found.peers(factory))}
    return about | {
        "cells": plain(found.cells),
        "withheld": plain(found.withheld),
        "without_value": list(unscored),
    }
