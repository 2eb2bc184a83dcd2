"""What the pages for tool developers have one type into a shell, line by line as printed, at the demonstration."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.itti.conftest import World
from tests.itti.serving import served

DOCS: Final = Path(__file__).parents[3] / "docs"
FIRST: Final = "salma@sariya-review.example"
OWNER: Final = "george@hudhud-pumps.example"


def typed(page: str, heading: str) -> str:
    """The lines of one section, all of them, in their order."""
    [section] = re.findall(
        rf"^## {heading}\n(.*?)(?=^## |\Z)", (DOCS / page).read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return "".join(re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL))


def test_all_that_is_typed_works(stage: World) -> None:
    begin = typed("tool-developer.md", "Ten minutes")
    assert FIRST in begin
    [sign_in] = re.findall(r"^TOKEN=.*?\n.*?\n", begin, re.MULTILINE)
    with served(stage) as address:
        lines = [
            "set -eo pipefail",  # the first line that fails ends it
            begin,
            'call "$API/assessments/$ID" | field "[\'state\']" >&2',
            typed("tool-developer.md", "Start from an earlier assessment"),
            'call "$API/assessments/$NEW/standing" | field "[\'answered\']" >&2',
            sign_in.replace(FIRST, OWNER),
            typed("footprint-exchange.md", "A footprint comes to be").replace('"$PACT/', f'"{address}/api/pact/'),
        ]
        typing = (
            "\n".join(lines).replace("http://127.0.0.1:8000", address).replace("curl -s", "curl -sS --fail-with-body")
        )
        done = subprocess.run(
            ["bash", "-c", typing],
            env={"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    state, answered = done.stderr.splitlines()
    assert state == "assessment"
    assert int(answered) > 0, "answers of the earlier assessment were taken over"
    assert '"data": [{"companyName": "Hudhud Pumps"' in done.stdout, "the partner read the footprint"
