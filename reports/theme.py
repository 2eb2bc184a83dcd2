"""The look of a programme as data: its name, colours, logo and the numerals of Arabic papers, in one YAML file.

A theme moves no score and no word of a paper. Colours that could not be read are refused with one that could. The
file holds::

    format: itti-theme/1
    programme: {en: "…", ar: "…"}
    colours: {primary: "#0b4f5c", deep: "#083d48", accent: "#96631a"}
    logo: logo.png
    numerals: arabic-indic
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from questionnaires.loading import fit, read_file
from questionnaires.mistakes import Mistaken
from reports import palette
from reports.beside import Named
from reports.errors import LogoUnusable, ThemeContrast
from reports.palette import LEAST_CONTRAST, Palette, contrast

FORMAT: Final = "itti-theme/1"
_LOGO_BYTES: Final = 2_000_000
_LOGO_PIXELS: Final = 10_000_000
_LOGO_BOX: Final = (900, 300)
"""Pixels to which a larger logo is brought down: 300 to an inch on paper."""

Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$", strict=True)]
_Name = Annotated[str, Field(min_length=1, max_length=120, strict=True)]


class Numerals(StrEnum):
    """The digits of Arabic papers; papers in other languages have Latin ones."""

    LATIN = "latin"
    """0123456789"""

    ARABIC_INDIC = "arabic-indic"
    """٠١٢٣٤٥٦٧٨٩ with ٫ before the decimals; codes, digests, addresses and formulas stay in Latin digits."""


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Programme(_Closed):
    en: _Name
    ar: _Name | None = None


class _Colours(_Closed):
    primary: Colour = palette.PRIMARY
    deep: Colour | None = None
    accent: Colour = palette.ACCENT


class _ThemeFile(_Closed):
    format: Literal["itti-theme/1"] = FORMAT
    programme: _Programme | None = None
    colours: _Colours | None = None
    logo: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    numerals: Numerals = Numerals.LATIN


class Theme(_Closed):
    """A look, checked."""

    programme: Named | None = None
    """Who issues; None: as the settings say."""

    colours: Palette = palette.STANDARD
    logo: str | None = None
    """A PNG of our own making as an address (``data:image/png``)."""

    numerals: Numerals = Numerals.LATIN


STANDARD: Final = Theme()


def read_theme(path: Path) -> Theme:
    """The theme of a file; the path of its logo is meant from the file's folder.

    Raises:
        questionnaires.errors.Fault: the file cannot be read.
        questionnaires.mistakes.Mistaken: it does not hold what a theme holds, with line and place.
        ThemeContrast: text in one of its colours could not be read.
        LogoUnusable: the logo is no image, or too large.
    """
    document = read_file(path)
    found = fit(_ThemeFile, document)
    if found is None or document.mistakes:
        raise Mistaken(document.mistakes)
    colours = palette.STANDARD if found.colours is None else _palette(found.colours)
    named = found.programme
    return Theme(
        programme=Named(name=named.en, name_ar=named.ar) if named else None,
        colours=colours,
        logo=_logo(path.parent / found.logo) if found.logo else None,
        numerals=found.numerals,
    )


def _palette(given: _Colours) -> Palette:
    deep = given.deep or palette.mixed(given.primary, "#000000", 20)
    for name, colour in (("primary", given.primary), ("deep", deep), ("accent", given.accent)):
        _readable(name, colour, palette.PAPER)
    made = palette.of(given.primary, deep, given.accent)
    _readable("deep", deep, made.wash)
    return made


def _readable(name: str, colour: str, behind: str) -> None:
    """See that text of a colour can be read.

    Raises:
        ThemeContrast: it cannot; the next darker colour that can is named.
    """
    ratio = contrast(colour, behind)
    if ratio < LEAST_CONTRAST:
        darker = next(each for each in _darker(colour) if contrast(each, behind) >= LEAST_CONTRAST)
        raise ThemeContrast(
            name=name, colour=colour, ratio=f"{ratio:.2f}", least=str(LEAST_CONTRAST), behind=behind, darker=darker
        )


def _darker(colour: str) -> Iterator[str]:
    return (palette.mixed(colour, "#000000", step) for step in range(1, 101))


def _logo(path: Path) -> str:
    """The image drawn anew, on white, so that nothing of the file but its picture gets onto a paper."""
    from PIL import Image, UnidentifiedImageError

    try:
        if path.stat().st_size > _LOGO_BYTES:
            raise LogoUnusable(path=path.name, reason="size")
        with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as image:
            if image.width * image.height > _LOGO_PIXELS:
                raise LogoUnusable(path=path.name, reason="pixels")
            picture = image.convert("RGBA")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError) as error:
        raise LogoUnusable(path=path.name, reason=type(error).__name__) from error
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture.getchannel("A"))
    flat.thumbnail(_LOGO_BOX, Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    flat.save(kept, "PNG")
    return "data:image/png;base64," + base64.b64encode(kept.getvalue()).decode()
