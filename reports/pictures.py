"""Small drawings that come again on many lines, and in many papers, are drawn once and then written as they were.

Only what needs nothing but paths and plain colours is kept: no letters, no layers. The bytes of a paper are the same
with and without. The version of WeasyPrint, 70.0, is pinned.
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

from typing import Any, Final

from reports.lines import Lasting

MOST: Final = 400
"""Drawings of two times so many are kept at most; a long paper has some thirty."""

KEPT: Final = Lasting(MOST)
_OTHERS: Final = ("XObject", "Pattern", "Shading")
_STATE: Final = ("color", "color_stroke", "alpha", "alpha_stroke", "font", "font_size")


def keep() -> None:
    """Put it in place; once a process."""
    from weasyprint.images import SVGImage  # type: ignore[import-untyped]

    original = SVGImage.draw

    def draw(self: Any, stream: Any, width: float, height: float, style: Any) -> None:
        address = self._base_url
        if not address or not address.startswith("data:"):
            original(self, stream, width, height, style)
            return
        key = (address, width, height, *(getattr(stream, f"_current_{name}") for name in _STATE))
        drawn = KEPT.get(key)
        if drawn is None:
            began, resources = len(stream.stream), stream._resources  # noqa: SLF001 - they are of the page
            before = [len(resources[name]) for name in _OTHERS]
            original(self, stream, width, height, style)
            steps = stream.stream[began:]
            if [len(resources[name]) for name in _OTHERS] == before and _is_plain(steps):
                states = resources["ExtGState"]
                KEPT.put(key, (steps, {name: dict(states[name]) for name in _named(steps)}))
            return
        steps, states = drawn
        known = stream._resources["ExtGState"]  # noqa: SLF001
        for name, state in states.items():
            if name not in known:
                known[name] = _dictionary(state)
        stream.stream.extend(steps)
        for name in _STATE[:-1]:
            setattr(stream, f"_current_{name}", None)

    SVGImage.draw = draw


def _dictionary(state: dict[str, Any]) -> Any:
    import pydyf  # type: ignore[import-untyped]

    return pydyf.Dictionary(state)


def _is_plain(steps: list[Any]) -> bool:
    return bool(steps) and steps[-1] == b"Q" and all(isinstance(each, bytes) and each != b"BT" for each in steps)


def _named(steps: list[bytes]) -> list[str]:
    """The states that the steps name, in their order."""
    return list(dict.fromkeys(each[1:-3].decode() for each in steps if each.endswith(b" gs")))
