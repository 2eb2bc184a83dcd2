"""The description makes a client for TypeScript that compiles strictly, and the tool of the guide works with it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from tests.itti.assessments.story import tell
from tests.itti.conftest import World, description
from tests.itti.serving import served
from tests.judges import need
from tests.judges.absence import CHECKOUT, NPM
from tests.judges.descriptions import NODE

GUIDE = CHECKOUT / "docs" / "typescript.md"
SOURCES = CHECKOUT / "tests" / "judges" / "node"


def blocks(language: str) -> list[str]:
    """The pieces of the guide in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def ran(*command: str | Path, folder: Path) -> str:
    """What a program says; all that it says if it fails."""
    done = subprocess.run(
        [NODE, *map(str, command)], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_guide_names_what_is_locked() -> None:
    package = json.loads((SOURCES / "package.json").read_text("utf-8"))
    assert blocks("json") == [(SOURCES / "tsconfig.json").read_text("utf-8")]
    for name in ("openapi-typescript", "openapi-fetch", "typescript"):
        assert f"{name}@{package['dependencies'][name]}" in blocks("sh")[0]


def test_the_tool_of_the_guide(tmp_path: Path, world: World) -> None:
    need("typescript")
    (tmp_path / "src").mkdir()
    (tmp_path / "node_modules").symlink_to(NPM / "node_modules")
    (tmp_path / "package.json").write_text('{"type": "module"}', "utf-8")
    (tmp_path / "tsconfig.json").write_text(blocks("json")[0], "utf-8")
    (tmp_path / "openapi.json").write_text(json.dumps(description()), "utf-8")
    tool, mistakes = blocks("ts")
    (tmp_path / "src" / "tool.ts").write_text(f"{tool}\n{mistakes}", "utf-8")

    programs = NPM / "node_modules"
    ran(programs / "openapi-typescript" / "bin" / "cli.js", "openapi.json", "--output", "src/api.ts", folder=tmp_path)
    ran(programs / "typescript" / "bin" / "tsc", folder=tmp_path)

    story = tell(world).started()
    with served(world) as address:
        said = json.loads(ran("built/tool.js", address, world.token(story.assessor), folder=tmp_path))
    assert said == {
        "factory": story.factory.name,
        "level": 3,
        "answered": 1,
        "lowest": story.put(story.assessor, "quality", '"1"', level=3).json()["standing"]["lowest"],
        "tag": '"1"',
        "refused": 412,
        "kind": "answer-stale",
    }
