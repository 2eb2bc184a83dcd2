"""The released description: a file in the repository that what is built has to keep to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from itti.contract.compare import demanded, differences
from itti.contract.errors import DescriptionUnreadable, ReleaseRefused
from itti.contract.findings import Finding
from questionnaires.versions import following

RELEASED: Final = Path("docs/schema/openapi.json")
"""Where the released description is, from the folder of the project."""


def written(document: Mapping[str, Any]) -> str:
    """A description as it is kept: one fact a line, so that differences can be read."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def read(path: Path) -> dict[str, Any]:
    """The description in a file.

    Raises:
        DescriptionUnreadable: there is none.
    """
    try:
        found = json.loads(path.read_text("utf-8"))
        str(found["info"]["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DescriptionUnreadable(path=path) from error
    return dict(found)


def release(document: Mapping[str, Any], path: Path) -> Sequence[Finding]:
    """Make ``document`` the released description; returns what changed since the last one.

    The first one may have any number.

    Raises:
        ReleaseRefused: its version number is not the next one that the changes demand.
        DescriptionUnreadable: what was released before cannot be read.
    """
    found: Sequence[Finding] = ()
    if path.exists():
        before = read(path)
        found = differences(before, document)
        version, released = document["info"]["version"], before["info"]["version"]
        needed = following(released, demanded(found))
        if version != needed:
            raise ReleaseRefused(version=version, released=released, demanded=needed)
    path.write_text(written(document), "utf-8")
    return found
