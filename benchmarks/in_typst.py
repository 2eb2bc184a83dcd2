"""The page of a paper as a Typst document: the same words, tables and drawings, for a comparison of speed.

Made from the very HTML that goes to our typesetter, element by element, so the content is the same; the layout is as
simple as it can be (columns of equal width, no floats, no running heads), which favours Typst.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

SVG: Final = "{http://www.w3.org/2000/svg}svg"
_HEADINGS: Final = {"h1": 1, "h2": 1, "h3": 2, "h4": 3, "h5": 4}
_INLINE: Final = {"span", "bdi", "strong", "b", "a", "br"}
_FONTS: Final = {"en": ("Noto Sans", "Noto Naskh Arabic"), "ar": ("Noto Naskh Arabic", "Noto Sans")}


def typeset(html: str, language: str, fonts: Path) -> Callable[[], bytes]:
    """What sets the page as a tagged PDF with a warm compiler, each time anew.

    Not as PDF/A: with that, Typst 0.15.2 refuses the Arabic page, whose words and codes need two fonts.

    Raises:
        ImportError: the package ``typst`` is not at hand (see requirements.txt).
    """
    import typst  # type: ignore[import-not-found]

    source, drawings = document(html, language)
    compiler = typst.Compiler(font_paths=[str(fonts)], ignore_system_fonts=True)
    runs = count()

    def made() -> bytes:
        # Typst keeps what it has set: a number in every text and drawing makes each run another report
        mark = next(runs)
        files = {name: drawing + f"<!-- {mark} -->".encode() for name, drawing in drawings.items()}
        files["main.typ"] = source.replace('"]', f' {mark}"]').encode()
        pdf: bytes = compiler.compile(input=files, format="pdf")
        return pdf

    return made


def document(html: str, language: str) -> tuple[str, Mapping[str, bytes]]:
    """The source, and the drawings it takes by name."""
    root = ET.fromstring(html)  # noqa: S314 - made by our own templates
    names = ", ".join(json.dumps(name) for name in (*_FONTS[language], "Noto Sans Math"))
    drawings: dict[str, bytes] = {}
    body = root.find("body")
    if body is None:
        raise ValueError("a page without a body")
    lines = [
        f"#set document(title: {json.dumps(root.findtext('head/title'), ensure_ascii=False)}, date: {_dated(root)})",
        f'#set text(lang: "{language}", font: ({names}), size: 9pt)',
        '#set page(paper: "a4", margin: 20mm)',
        "#set heading(numbering: none)",
        *_blocks(body, drawings),
    ]
    return "\n".join(lines), drawings


def _dated(root: ET.Element) -> str:
    said = next(each.get("content", "") for each in root.iter("meta") if each.get("name") == "dcterms.created")
    year, month, day = (int(part) for part in said.split("-"))
    return f"datetime(year: {year}, month: {month}, day: {day})"


def _blocks(element: ET.Element, drawings: dict[str, bytes]) -> Iterator[str]:
    if element.tag == "section":
        yield "#pagebreak(weak: true)"
    if element.tag == SVG:
        yield _drawn(element, drawings)
    elif element.tag == "table":
        yield _table(element, drawings)
    elif element.tag in _HEADINGS:
        yield f"#heading(level: {_HEADINGS[element.tag]})[{_words(element)}]"
    elif element.tag == "p" or not any(each.tag not in _INLINE for each in element.iter() if each is not element):
        if words := _words(element):
            yield f"#par[{words}]"
    else:
        if (element.text or "").strip():
            yield f"#par[{_text(element.text)}]"
        for child in element:
            yield from _blocks(child, drawings)
            if (child.tail or "").strip():
                yield f"#par[{_text(child.tail)}]"


def _table(table: ET.Element, drawings: dict[str, bytes]) -> str:
    rows = [list(row) for row in table.iter("tr")]
    columns = max((len(row) for row in rows), default=1)
    head = len([row for part in table.findall("thead") for row in part])
    cells = [[f"[{' '.join(_blocks(cell, drawings))}]" for cell in row] + ["[]"] * (columns - len(row)) for row in rows]
    told = [f"table.header({', '.join(each for row in cells[:head] for each in row)})"] if head else []
    told += [", ".join(row) for row in cells[head:]]
    return f"#table(columns: (1fr,) * {columns}, stroke: none, inset: 3pt, {', '.join(told)})"


def _drawn(svg: ET.Element, drawings: dict[str, bytes]) -> str:
    name = f"drawing-{len(drawings)}.svg"
    title = svg.findtext("{http://www.w3.org/2000/svg}title") or "drawing"
    drawings[name] = ET.tostring(svg)
    return f"#image({json.dumps(name)}, width: 100%, alt: {json.dumps(title, ensure_ascii=False)})"


def _words(element: ET.Element) -> str:
    return _text(" ".join("".join(element.itertext()).split()))


def _text(text: Any) -> str:
    """A text as a Typst string, in which nothing is markup."""
    plain = " ".join(str(text).split())
    return f"#{json.dumps(plain, ensure_ascii=False)}" if plain else ""
