"""Colours of charts and paper, resolved. On the web the classes of the drawing override them.

Every text colour has a contrast of at least 4.5 to 1 against what lies behind it, every line and mark that
carries meaning at least 3 to 1; ``tests/reports/test_palette.py`` holds them to it. No meaning is carried by
colour alone: levels are written as numbers, a comparison is dashed and has another mark.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

INK: Final = "#17282d"
QUIET: Final = "#4f6268"
LINE: Final = "#c9d4d6"
FAINT: Final = "#e9eff0"
PAPER: Final = "#ffffff"
PRIMARY: Final = "#0b4f5c"
DEEP: Final = "#083d48"
WASH: Final = "#dcebec"
ACCENT: Final = "#96631a"
WARNING: Final = "#9a1f1f"

RAMP: Final = ("#f1ece2", "#dfe9e6", "#b9d6d6", "#86b9bd", "#2a7681", "#0b4f5c")
"""From the lowest to the highest level: sand to petrol, even in lightness when printed in grey."""

RAMP_INK: Final = (INK, INK, INK, INK, PAPER, PAPER)

COLOURS: Final = {
    "ink": INK,
    "quiet": QUIET,
    "line": LINE,
    "faint": FAINT,
    "paper": PAPER,
    "primary": PRIMARY,
    "deep": DEEP,
    "wash": WASH,
    "accent": ACCENT,
    "warning": WARNING,
}


def shade(share: Fraction | None) -> int:
    """Place on the ramp for a share of the scale; 0 without one (drawn hatched or named besides)."""
    if share is None:
        return 0
    return min(len(RAMP) - 1, int(share * (len(RAMP) - 1) + Fraction(1, 2)))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours by WCAG 2.2, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
