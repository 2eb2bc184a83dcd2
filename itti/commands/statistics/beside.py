"""The figures of a factory's peers as a file that ``itti report --beside`` sets beside its score."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from itti.commands.files import write
from itti.commands.statistics.sheets import Sheets
from questionnaires import wording
from questionnaires.model import Aggregation, Definition, Node
from reports.beside import BESIDE_FORMAT, BesideFile, PeerFigures, Sector
from scoring.rounding import stated

if TYPE_CHECKING:
    from scoring.benchmark import Group, Release


def write_beside(
    path: Path, definition: Definition, releases: Mapping[str, Release], factory: str, group: Group
) -> None:
    """Write the figures of ``group`` for every node of which they may be published.

    Args:
        path: the file, ``-`` for standard output.
        definition: the questionnaire.
        releases: node id → the benchmark of its values.
        factory: the member that is compared; among nodes only those where it has a value are told.
        group: the group it is compared with, everywhere the same.
    """
    figures, counts, few = {}, [], False
    for node in definition.nodes:
        release = releases.get(node.id)
        cell = release.cell(group) if release else None
        if release is None or cell is None or factory not in {member.name for member in release.members}:
            continue
        rounding = node.rounding or definition.rounding
        best = None if cell.best is None else stated(cell.best, rounding)
        figures[node.id] = PeerFigures(median=stated(cell.quartiles[1], rounding), best=best)
        counts.append(cell.count)
        few = few or cell.few
    named = {language: _named(group, language) for language in wording.LANGUAGES}
    sector = Sector(name=named["en"], name_ar=named["ar"], count=min(counts), few=few, figures=figures)
    told = BesideFile(sector=sector).model_dump(mode="json", exclude_none=True, exclude={"history"})
    write(path, (json.dumps({"format": BESIDE_FORMAT, **told}, ensure_ascii=False, indent=2) + "\n").encode())


def valued(sheets: Sheets) -> list[Node]:
    """The nodes that have a value to compare."""
    return [node for node in sheets.definition.nodes if node.aggregation is not Aggregation.PROFILE]


def _named(group: Group, language: str) -> str:
    if not group:
        return wording.say("itti.commands", "statistics.everybody", language)
    return wording.say("reports", "list.separator", language).join(
        wording.say(
            "itti.commands",
            "statistics.trait",
            language,
            trait=wording.say("itti.commands", f"statistics.trait-{trait}", language),
            value=_value(trait, value, language),
        )
        for trait, value in group
    )


def _value(trait: str, value: str, language: str) -> str:
    """The name of a sector where it is one of those that papers know; else as it was written."""
    key = f"{trait}.{value}"
    known = key in wording.catalogue("reports", language)
    return wording.say("reports", key, language) if known else value
