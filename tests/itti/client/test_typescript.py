"""The description makes a client for TypeScript that compiles strictly; its tool runs at the demonstration."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from tests.itti.conftest import description
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


def built(folder: Path) -> Path:
    """The tool of the guide, compiled in ``folder`` with what is there to be refused."""
    need("typescript")
    (folder / "src").mkdir()
    (folder / "node_modules").symlink_to(NPM / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    (folder / "tsconfig.json").write_text(blocks("json")[0], "utf-8")
    (folder / "openapi.json").write_text(json.dumps(description()), "utf-8")
    tool, mistakes = blocks("ts")
    (folder / "src" / "tool.ts").write_text(f"{tool}\n{mistakes}", "utf-8")
    programs = NPM / "node_modules"
    ran(programs / "openapi-typescript" / "bin" / "cli.js", "openapi.json", "--output", "src/api.ts", folder=folder)
    ran(programs / "typescript" / "bin" / "tsc", folder=folder)
    return folder / "built" / "tool.js"
