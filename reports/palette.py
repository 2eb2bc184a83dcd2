"""Colours of charts and paper, resolved. On the web the classes of the drawing override them.

Every text colour has a contrast of at least 4.5 to 1 against what lies behind it, every line and mark that
carries meaning at least 3 to 1; ``tests/reports/test_palette.py`` holds them to it. No meaning is carried by
colour alone: levels are written as numbers, a comparison is dashed and has another mark.
"""

from __future__ import annotations

from dataclasses import dataclass
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


LEAST_CONTRAST: Final = 4.5
"""Text against what lies behind it (WCAG 2.2, success criterion 1.4.3)."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one look; the defaults are those of this project."""

    ink: str = INK
    quiet: str = QUIET
    line: str = LINE
    faint: str = FAINT
    paper: str = PAPER
    primary: str = PRIMARY
    deep: str = DEEP
    wash: str = WASH
    accent: str = ACCENT
    warning: str = WARNING
    panel_quiet: str = "#d5e4e6"
    """Quiet text on ``deep``."""

    panel_accent: str = "#e8d3a8"
    """Accents on ``deep``."""

    panel_line: str = "#1c5361"
    panel_fill: str = "#2a7681"
    """Lines and areas of the pattern on ``deep``."""

    ramp: tuple[str, ...] = RAMP
    ramp_ink: tuple[str, ...] = RAMP_INK


STANDARD: Final = Palette()


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


def mixed(one: str, other: str, share: int) -> str:
    """``one`` with ``share`` per cent of ``other``."""
    pairs = ((int(one[place : place + 2], 16), int(other[place : place + 2], 16)) for place in (1, 3, 5))
    return "#" + "".join(f"{(a * (100 - share) + b * share + 50) // 100:02x}" for a, b in pairs)


def of(primary: str, deep: str, accent: str) -> Palette:
    """A palette around three colours: washes and the ramp follow from them, each with an ink that can be read on it."""
    steps = (94, 82, 68, 50, 24, 0)
    ramp = tuple(_legible(mixed(primary, PAPER, share)) for share in steps)
    return Palette(
        primary=primary,
        deep=deep,
        accent=accent,
        wash=mixed(primary, PAPER, 86),
        panel_quiet=mixed(deep, PAPER, 85),
        panel_accent=mixed(accent, PAPER, 70),
        panel_line=mixed(deep, PAPER, 10),
        panel_fill=mixed(deep, PAPER, 25),
        ramp=ramp,
        ramp_ink=tuple(_ink(shade) for shade in ramp),
    )


def _ink(shade: str) -> str:
    return max((INK, PAPER), key=lambda ink: contrast(ink, shade))


def _legible(shade: str) -> str:
    """The shade, or the next lighter one on which an ink can be read: between light and dark neither can."""
    return next(
        lighter
        for lighter in (mixed(shade, PAPER, share) for share in range(101))
        if contrast(_ink(lighter), lighter) >= LEAST_CONTRAST
    )
