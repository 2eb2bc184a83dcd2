"""What WeasyPrint 70.0 does otherwise than papers need, mended once for a process.

The version is pinned, and ``tests/reports`` looks at the results.
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def whole_words_in_drawings() -> None:
    """Make text in SVG come out joined and in order.

    WeasyPrint 70.0 sets drawings letter by letter, which tears Arabic apart; a text without positions of
    its own for single letters can be set as one piece.
    """
    import weasyprint.svg as drawings  # type: ignore[import-untyped]

    original = drawings.TAGS["text"]
    if getattr(original, "whole_words", False):
        return

    class Whole(str):
        __slots__ = ()

        def __iter__(self) -> Iterator[str]:
            yield str(self)

    def text(svg: Any, node: Any, font_size: float) -> Any:
        letters = any(
            len(str(node.get(name, "")).replace(",", " ").split()) > 1 for name in ("x", "y", "dx", "dy", "rotate")
        )
        if node.text and not letters and not node.get("letter-spacing") and not node.get("textLength"):
            node._etree_node.text = Whole(node.text)  # noqa: SLF001 - the node has no other door
        return original(svg, node, font_size)

    text.whole_words = True  # type: ignore[attr-defined]
    for name, draw in list(drawings.TAGS.items()):
        if draw is original:
            drawings.TAGS[name] = text
    drawings.text = text  # the module compares with this name


def closed_profiles() -> None:
    """Close the colour profile that WeasyPrint 70.0 opens and forgets, once for every paper."""
    from weasyprint import pdf

    original = pdf.ColorProfile
    if getattr(original, "closes", False):
        return

    def closing(stream: Any, *arguments: Any) -> Any:
        with stream:
            return original(stream, *arguments)

    closing.closes = True  # type: ignore[attr-defined]
    pdf.ColorProfile = closing
