"""A small definition for authors to start from: the files lie beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Final

NAME: Final = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
"""Form of a family's name."""

_FILES: Final = ("definition.yaml", "en.yaml", "ar.yaml", "examples/first-try.yaml")
_PLACEHOLDER: Final = "family-name"


def files(family: str) -> Mapping[str, str]:
    """Name of each file → its text, with ``family`` as the name of the family."""
    folder = resources.files(__package__)
    return {name: folder.joinpath(name).read_text(encoding="utf-8").replace(_PLACEHOLDER, family) for name in _FILES}
