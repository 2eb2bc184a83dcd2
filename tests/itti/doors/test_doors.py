"""Who may open which door, held against the page that says so."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from sqlmodel import Session

from itti.database import Database
from itti.papers import approval
from itti.together import Shared
from questionnaires.wording import LANGUAGES
from reports.report import Form
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import World
from tests.itti.doors.trying import Door, doors, staged

PAGE: Final = Path(__file__).parents[3] / "docs" / "doors.md"
WHO: Final = ("stranger", "office", "assessor", "reviewer", "other assessor", "factory", "other factory")
_SHORT: Final = {WHO: "everybody", WHO[1:]: "everybody signed in"}

UNTRIED: Final = {
    Door("/assessments/{identifier}/answers/{name}/items/{item}/removal", "GET"),
    Door("/assessments/{identifier}/answers/{name}/items/{item}/removal", "POST"),
    Door("/api/v1/certificates/{number}/archive.pdf", "GET"),
    Door("/certificates/{number}/archive.pdf", "GET"),
}
"""Doors to what this stage lacks, tried where it is: items of a list (tests/itti/assessments/test_list_pages.py), and
archive copies, which need a time-stamp authority (tests/itti/certificates/test_archive.py)."""


def declared() -> dict[Door, str]:
    """Door → who may open it, as the page says."""
    rows = [line.split("|") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    found = {}
    for _, door, who, *_ in rows:
        method, path = door.strip().strip("`").split(" ", 1)
        found[Door(path, method)] = who.strip()
    return found


def said(may: Sequence[str]) -> str:
    """Those who may, in the words of the page."""
    return _SHORT.get(tuple(may)) or ", ".join(may) or "nobody"


def test_every_door_is_declared() -> None:
    assert set(declared()) == set(doors()), "add the door to docs/doors.md, with who may open it"


class Undone(Exception):
    """Ends a transaction whose work is not to be kept."""


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on undo every transaction at its end, so that each door is tried on the same stage."""
    writing = Database.writing

    @contextlib.contextmanager
    def undone(self: Database) -> Iterator[Session]:
        with contextlib.suppress(Undone), writing(self) as session:
            yield session
            session.flush()
            raise Undone

    monkeypatch.setattr(Database, "writing", undone)
    part = Shared.part

    @contextlib.contextmanager
    def undone_part(self: Shared) -> Iterator[Session]:
        with contextlib.suppress(Undone), part(self) as session:
            yield session
            session.flush()
            raise Undone

    monkeypatch.setattr(Shared, "part", undone_part)


def test_everybody_at_every_door(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    use_quick_press(monkeypatch)
    monkeypatch.setattr(approval, "PAPERS", list(product(Form, LANGUAGES)))
    stage = staged(world)
    assert tuple(stage.clients) == WHO
    forget(monkeypatch)
    expected = {door: who for door, who in declared().items() if door not in UNTRIED}
    observed = {door: said([who for who in WHO if stage.lets_in(door, who)]) for door in expected}
    wrong = {str(door): (who, expected[door]) for door, who in observed.items() if who != expected[door]}
    assert not wrong, "door: (who is let in, who should be)"
