"""The fingerprints of unsealed papers, and what they were set with: ``python -m tests.reports.golden`` takes them anew.

The same report gives the same bytes wherever the same parts set it. Which parts those are stands beside the
fingerprints; where a machine has others, the comparison is named among the absent judges instead of failing.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import sys
import zlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("golden.json")
_PACKAGES: Final = ("weasyprint", "pydyf", "tinycss2", "tinyhtml5", "fonttools", "pikepdf", "segno", "babel")


@cache
def made_with() -> Mapping[str, str]:
    """Every part on which the bytes of a paper depend, with its version here; empty text for what is not here."""
    found = {name: version(name) for name in _PACKAGES}
    return found | {
        "pango": _number("libpango-1.0.so.0", "libpango-1.0.dylib", ask="pango_version_string"),
        "harfbuzz": _number("libharfbuzz.so.0", "libharfbuzz.dylib", ask="hb_version_string"),
        "harfbuzz-subset": _number("libharfbuzz-subset.so.0", "libharfbuzz-subset.dylib", ask="hb_version_string"),
        "fribidi": _number("libfribidi.so.0", "libfribidi.dylib", ask="fribidi_version_info", address=True),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }


def _number(*names: str, ask: str, address: bool = False) -> str:
    """What a library of the system says is its version."""
    for name in names:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        if address:
            told = ctypes.c_char_p.in_dll(library, ask).value
        else:
            function = getattr(library, ask)
            function.restype = ctypes.c_char_p
            told = function()
        return told.decode().split("\n")[0].strip() if told else ""
    return ""


def otherwise() -> str:
    """Which parts are others than those of the fingerprints, in words; empty where none is."""
    there = json.loads(FILE.read_text("utf-8"))["made_with"]
    here = made_with()
    return ", ".join(
        f"{name} {here[name] or 'absent'} instead of {there[name]}" for name in there if here[name] != there[name]
    )


def fingerprints(papers: Mapping[str, bytes]) -> dict[str, str]:
    """Name → SHA-256."""
    return {name: hashlib.sha256(paper).hexdigest() for name, paper in papers.items()}


def known() -> dict[str, str]:
    """The fingerprints that were taken."""
    found: dict[str, str] = json.loads(FILE.read_text("utf-8"))["papers"]
    return found


def papers() -> dict[str, bytes]:
    """All papers that have a fingerprint."""
    from reports.render import render
    from reports.report import Form
    from tests.reports.beside import whole
    from tests.reports.papers import green, itti, report

    found: dict[str, bytes] = {}
    for language in ("en", "ar"):
        found[f"itti-{language}"] = render(report(), itti(), language)
        found[f"itti-{language}-whole"] = render(whole(), itti(), language)
        found[f"itti-{language}-short"] = render(whole(), itti(), language, form=Form.SHORT)
        found[f"green-factory-{language}"] = render(*green(), language)
    return found


def main() -> int:
    """Take all fingerprints anew."""
    told = {"made_with": dict(made_with()), "papers": fingerprints(papers())}
    FILE.write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
