"""Moments become days and words in one place, :mod:`itti.calendar`; else two readers would see two days."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
TEMPLATES: Final = sorted((ROOT / "itti").rglob("*.html"))
MODULES: Final = sorted(path for path in (ROOT / "itti").rglob("*.py") if "calendar" not in path.parent.parts[-1:])
OTHER_WAYS: Final = re.compile(
    r"strftime|\.date\(\)|isoformat|(?:day|moment|clock|end)_words|\.(?:month|year|hour|minute)\b"
)
ITS_PLACES: Final = {
    "components.html": {"isoformat", "day_words", "moment_words", "clock_words", "end_words"},
    "parts.html": {"isoformat"},  # limits of a field for days
    "ask.html": {"isoformat", "day_words", "{{ ask.evidence_from }}"},  # days of answers, and a level
}
A_MOMENT: Final = re.compile(r"\{\{\s*[\w.]*(?:_at|\.at|_on|_until|_from|since|until)\s*\}\}")


def test_templates_write_days_and_moments_by_the_macros_for_them() -> None:
    found: dict[str, set[str]] = {}
    for template in TEMPLATES:
        text = template.read_text("utf-8")
        ways = {each.lstrip(".") for each in (*OTHER_WAYS.findall(text), *A_MOMENT.findall(text))}
        if ways := ways - ITS_PLACES.get(template.name, set()):
            found[str(template.relative_to(ROOT))] = ways
    assert len(TEMPLATES) > 50
    assert not found, "components.html has `when`, `day` and `ends`"


def test_the_rule_finds_what_it_is_for() -> None:
    for text in ("{{ row.created_at }}", "{{ entry.expires_on }}", "{{ at.strftime(x) }}", "{{ c.day(x.at.date()) }}"):
        assert OTHER_WAYS.search(text) or A_MOMENT.search(text)


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the rooms of floor 4, with its place."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_no_moment_becomes_a_day_without_a_zone() -> None:
    """``moment.date()`` would be the day in UTC, and ``date.today()`` that of the machine."""
    found = [
        place
        for place, call in calls()
        if isinstance(call.func, ast.Attribute)
        and (call.func.attr == "date" or (call.func.attr == "today" and not isinstance(call.func.value, ast.Call)))
        and not call.args
    ]
    assert not found, "itti.calendar.zones.day_in and itti.programme.day_of know the zone"


def test_every_act_knows_the_zone_of_the_programme() -> None:
    found = [
        place
        for place, call in calls()
        if isinstance(call.func, ast.Name)
        and call.func.id == "Act"
        and len(call.args) < 4
        and not any(each.arg == "zone" for each in call.keywords)
    ]
    assert not found, "its `today` would be that of UTC"
