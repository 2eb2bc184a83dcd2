"""Cut the shipped fonts from Debian's ``fonts-noto-core`` 20201225: ``python reports/fonts/subset.py``.

Run only when the set of signs has to change; the results are in the repository. The versions matter: from 2.012
on Noto's Arabic fonts draw the dots of several letters as one shared sign, so that the text layer of a PDF says
other letters than the eye sees (copying, searching and screen readers then get false words).
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

from pathlib import Path

SOURCE = Path("/usr/share/fonts/truetype/noto")
PAPER = Path(__file__).parent
WEB = PAPER.parents[1] / "itti" / "web" / "static" / "fonts"

LATIN = "U+20-7E,U+A0-17F,U+18F,U+192,U+1A0-1A1,U+1AF-1B0,U+1CD-1DC,U+218-21B,U+237,U+259,U+2BB-2BD,U+2C6-2DD"
PUNCTUATION = "U+300-304,U+306-30C,U+323,U+2000-206F,U+20AC,U+2116,U+2122,U+2070-209C,U+2150-215E,U+FFFD"
NAMES = "U+1E00-1EFF,U+370-3FF,U+400-4FF"
"""Vietnamese, Greek and Cyrillic: people and factories have names."""

SIGNS = "U+2190-2193,U+2212,U+221A,U+2248,U+2260,U+2264-2265,U+2206,U+2211,U+221E"
ARABIC = "U+20,U+A0,U+AB,U+BB,U+600-6FF,U+750-77F,U+8A0-8FF,U+200C-200F,U+25CC,U+FB50-FDFF,U+FE70-FEFF"

PAPER_FONTS = {
    "NotoSans-Regular": f"{LATIN},{PUNCTUATION},{NAMES}",
    "NotoSans-Bold": f"{LATIN},{PUNCTUATION},{NAMES}",
    "NotoNaskhArabic-Regular": ARABIC,
    "NotoNaskhArabic-Bold": ARABIC,
    "NotoSansMath-Regular": SIGNS,
}
WEB_FONTS = {
    "NotoSans-Regular": ("noto-sans-latin-400", f"{LATIN},{PUNCTUATION}"),
    "NotoSans-Bold": ("noto-sans-latin-700", f"{LATIN},{PUNCTUATION}"),
    "NotoSansArabic-Regular": ("noto-sans-arabic-400", ARABIC),
    "NotoSansArabic-Bold": ("noto-sans-arabic-700", ARABIC),
    "NotoSansMath-Regular": ("noto-sans-signs-400", SIGNS),
}


def cut(name: str, signs: str, target: Path, flavour: str | None = None) -> None:
    """Write the part of one source font that holds ``signs``, without hinting and with all its shaping rules."""
    from fontTools import subset  # type: ignore[import-untyped]

    options = [
        str(SOURCE / f"{name}.ttf"),
        f"--unicodes={signs}",
        f"--output-file={target}",
        "--layout-features=*",
        "--no-hinting",
        "--no-recalc-timestamp",
        "--drop-tables+=MATH,FFTM",
    ]
    subset.main([*options, f"--flavor={flavour}"] if flavour else options)


def main() -> None:
    """Cut all fonts, for paper and for the web."""
    WEB.mkdir(parents=True, exist_ok=True)
    for name, signs in PAPER_FONTS.items():
        cut(name, signs, PAPER / f"{name}.ttf")
    for name, (file_name, signs) in WEB_FONTS.items():
        cut(name, signs, WEB / f"{file_name}.woff2", "woff2")


if __name__ == "__main__":
    main()
