"""The examples for Python in the guide for tool developers, run as printed."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from itti.client import Client
from itti.client.proceedings import Event
from tests.itti.assessments.story import tell
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import ORIGIN, World
from tests.itti.events.test_feed import take_in
from tests.itti.footprints.stage import INVENTORY, PRODUCT, staged

PICTURE: Final = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
GUIDE: Final = Path(__file__).parents[3] / "docs" / "tool-developer.md"


@pytest.fixture(scope="module")
def printed() -> dict[str, Any]:
    """What the examples define."""
    defined: dict[str, Any] = {}
    for block in re.findall(r"^```python\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        exec(compile(block, str(GUIDE), "exec"), defined)  # noqa: S102 - to run it is the point
    return defined


def test_photograph(world: World, printed: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    story = tell(world).started()
    client = Client(ORIGIN, world.token(story.assessor), http=world.browser())
    printed["photograph"](client, str(story.id), "Lot numbers are scanned.", PICTURE)
    assert "At least" in capsys.readouterr().out
    assert [each.kind for each in client.list_evidence(story.id, "quality")]
    late = Client(ORIGIN, world.token(story.assessor), http=world.browser())
    printed["photograph"](late, str(story.id), "Seen.", PICTURE)
    assert "Somebody else has answered" in capsys.readouterr().out


def test_certificates(
    world: World,
    printed: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    use_quick_press(monkeypatch)
    story = tell(world)
    story.under_review().step(story.reviewer, "approve")
    take_in(world)
    number, cursor = story.read(story.office)["certificate"], tmp_path / "cursor"
    client = Client(ORIGIN, world.token(story.owner), http=world.browser())
    follow = client.follow

    def for_a_while(*asked: Any, **more: Any) -> Iterator[Event]:
        yield next(follow(*asked, **more))

    monkeypatch.setattr(client, "follow", for_a_while)
    printed["certificates"](client, cursor)
    assert capsys.readouterr().out == f"Issued: {number}\n"
    assert not cursor.exists(), "it was not dealt with before the next was asked for"


def test_yearly(world: World, printed: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    stage = staged(world)
    client = Client(ORIGIN, world.token(stage.owner), http=world.browser())
    for power in (Decimal("400000.5"), Decimal(500000)):
        printed["yearly"](client, INVENTORY, PRODUCT, power)
    assert capsys.readouterr().out.endswith("kg CO2e\n")
    states = [each.footprint["status"] for each in client.list_footprints()]
    assert states == ["Active", "Deprecated"]
