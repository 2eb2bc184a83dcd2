"""``itti verify FILE.pdf``: is the seal intact, does the register stand behind it, is the score reproduced?"""

from __future__ import annotations

from typing import Any


def declare(commands: Any) -> None:
    """Add the command's words."""
    _ = commands
