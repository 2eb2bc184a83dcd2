"""The export: a Parquet file of figures of groups, and the dictionary that says what they mean."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlmodel import Session

from itti.results.columns import COLUMNS, DIGITS, Column, Kind, Row
from itti.results.errors import TooFewResults, TooLittleNew
from itti.results.history import Past, Shown, earlier_of
from itti.results.members import TRAITS, members_of
from itti.results.parquet import parquet
from questionnaires.digest import digest
from questionnaires.model import Better, Definition
from questionnaires.wording import LANGUAGES, say
from reports.report import Standing
from scoring.benchmark import Release, releases

FORMAT: Final = "itti-results/1"
RESULTS: Final = "results.parquet"
DICTIONARY: Final = "dictionary.json"

LEAST: Final = 3
"""Factories below which no group may be exported, whatever is asked for: of the mean of two, each knows the other."""


@dataclass(frozen=True)
class Terms:
    """What may be in an export."""

    on: date
    """Certificates in force on this day count."""

    least: int = 10
    """Members of the smallest group to be shown, and to be worked out from what is shown; never below ``LEAST``."""

    sizes: Sequence[int] = (10, 50, 250)
    """Where classes of size begin, in people."""

    standing: Standing = Standing.CERTIFICATE
    """Which certificates: those of a programme or those of a demonstration."""


@dataclass(frozen=True)
class Export:
    """Both files, and how much is in them."""

    parquet: bytes
    dictionary: bytes
    rows: int
    withheld: int
    """How many rows were left out because they would show, or give away, too small a group."""

    shown: Shown
    """Who is in it, for exports that come after."""


def export(session: Session, definition: Definition, terms: Terms, past: Past = ()) -> Export:
    """The figures of every group of factories that may leave the office, for every node of the questionnaire.

    Args:
        session: a view of one moment.
        definition: whose certificates count: those of this very definition that are in force.
        terms: which day, how small a group, which certificates.
        past: what was exported of the same questionnaire before, the earliest first.

    Raises:
        TooFewResults: not even all together are that many.
        TooLittleNew: any group would, beside those of the past, give fewer away.
        ParquetMissing: the extra ``export`` is not installed.
    """
    least = max(terms.least, LEAST)
    counted = members_of(session, definition, terms.on, terms.sizes, terms.standing)
    members, (earlier, chains) = counted.members, earlier_of(past, counted.certificates)
    headline_first = sorted(members, key=lambda node: node != definition.index)
    less = {node.id for node in definition.nodes if node.better is Better.LESS}
    found = releases({node: members[node] for node in headline_first}, TRAITS, least, less, earlier)
    rows = [Row(node, cell) for node, release in found.items() for cell in release.cells]
    if not rows:
        fault = TooLittleNew if past and len(counted.certificates) >= least else TooFewResults
        raise fault(questionnaire=definition.name, least=least)
    places = max((node.rounding or definition.rounding).places for node in definition.nodes) + 2
    about = {
        "format": FORMAT,
        "family": definition.family,
        "version": definition.version,
        "digest": digest(definition),
        "on": terms.on.isoformat(),
        "least": str(least),
    }
    content = parquet(rows, places, about)
    told = {
        **about,
        "least": least,
        "standing": terms.standing.value,
        "sizes": list(terms.sizes),
        "file": RESULTS,
        "sha256": hashlib.sha256(content).hexdigest(),
        "rows": len(rows),
        "rule": _said("rule", least=least),
        "columns": [_column(column, places) for column in COLUMNS],
        "nodes": [_node(definition, node) for node in found],
        "sectors": _sectors(found),
    }
    written = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    withheld = sum(len(release.withheld) for release in found.values())
    return Export(content, written.encode(), len(rows), withheld, Shown.of(chains, found, TRAITS))


def _said(key: str, **details: object) -> dict[str, str]:
    return {language: say("itti.results", key, language, **details) for language in LANGUAGES}


def _column(column: Column, places: int) -> dict[str, Any]:
    described: dict[str, Any] = {"name": column.name, "type": column.kind.value, "may_be_empty": column.may_be_empty}
    if column.kind in {Kind.DECIMAL, Kind.WHOLE}:
        described |= {"type": "decimal128", "precision": DIGITS, "scale": places * (column.kind is Kind.DECIMAL)}
    return {**described, "description": _said(f"column.{column.name}")}


def _node(definition: Definition, identifier: str) -> dict[str, Any]:
    node = next(node for node in definition.nodes if node.id == identifier)
    return {
        "id": node.id,
        "title": {language: definition.words(language).nodes[node.id].title for language in LANGUAGES},
        "unit": node.unit,
        "better": node.better.value,
    }


def _sectors(found: Mapping[str, Release]) -> dict[str, dict[str, str]]:
    shown = {dict(cell.group).get("sector") for release in found.values() for cell in release.cells}
    return {
        sector: {language: say("reports", f"sector.{sector}", language) for language in LANGUAGES}
        for sector in sorted(each for each in shown if each is not None)
    }
