"""The typesetter behind a locked door: our fonts only, no files, no network, and a missing sign is an error.

Everything that leans on the inside of WeasyPrint 70.0 is here: text in drawings as whole words, the PDF/UA claim in
the XMP packet, the place of the seal. The version is pinned, and ``tests/reports`` looks at the results.
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

import atexit
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from reports.archival import UA_IDENTIFICATION
from reports.errors import PdfUnavailable, RenderingFailed, UnprintableSigns

FONTS: Final = Path(__file__).parent / "fonts"
_LOCK: Final = threading.Lock()
"""One paper at a time in a process: two threads are slower than one, and the font set is shared."""


@dataclass(frozen=True, slots=True)
class Typeset:
    """A paper as it leaves the typesetter."""

    pdf: bytes
    seal_area: tuple[float, float, float, float] | None
    """Where the page draws the seal: left, bottom, right, top in points on the first page."""


def typeset(html: str, attachments: Mapping[str, bytes], dated: datetime) -> Typeset:
    """Set ``html`` as PDF/A-3a with the PDF/UA claim, and ``attachments`` inside.

    Args:
        html: the whole page with its style; images only as ``data:image/`` addresses.
        attachments: file name → content.
        dated: the date of the attachments (UTC).

    Raises:
        PdfUnavailable: Pango is missing.
        UnprintableSigns: a sign that no shipped font has.
        RenderingFailed: anything else that went wrong while setting.
    """
    with _LOCK:
        press = _press()
        with _signs_missing() as missing:
            try:
                result = press.set(html, attachments, dated)
            except (Exception, press.blocked) as error:
                # the library raises bare built-ins for pages it cannot set; a blocked address is a BaseException
                raise RenderingFailed(reason=f"{type(error).__name__}: {error}") from error
        if missing:
            raise UnprintableSigns(text="…", field="page", signs=" ".join(sorted(set(missing))))
        return result


class _Press:
    """WeasyPrint with our fonts, made once per process."""

    def __init__(self) -> None:
        with _own_fonts():
            try:
                import weasyprint  # type: ignore[import-untyped]
                from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]
            except OSError as error:
                library = str(error).split("'")[1] if "'" in str(error) else str(error)
                raise PdfUnavailable(library=library) from error
            self.fonts = FontConfiguration()
        self.weasyprint: Any = weasyprint
        self.fetcher = _locked_fetcher()
        self.blocked: type[BaseException] = weasyprint.urls.FatalURLFetchingError
        _whole_words_in_drawings()
        _closed_profiles()

    def set(self, html: str, attachments: Mapping[str, bytes], dated: datetime) -> Typeset:
        inside = [
            self.weasyprint.Attachment(
                string=content,
                name=name,
                created=dated,
                modified=dated,
                relationship="Data",
                url_fetcher=self.fetcher,
            )
            for name, content in attachments.items()
        ]
        page = self.weasyprint.HTML(string=html, url_fetcher=self.fetcher)
        document = page.render(font_config=self.fonts, pdf_variant="pdf/a-3a")
        _claim_accessibility(document.metadata)
        pdf = document.write_pdf(pdf_variant="pdf/a-3a", attachments=inside)
        return Typeset(pdf=pdf, seal_area=_seal_area(document))


@cache
def _press() -> _Press:
    return _Press()


@contextmanager
def _own_fonts() -> Iterator[None]:
    """Let fontconfig see the shipped fonts and nothing else, while it is being set up."""
    folder = Path(tempfile.mkdtemp(prefix="itti-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings = folder / "fonts.conf"
    settings.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>'
        f"<dir>{escape(str(FONTS))}</dir><cachedir>{escape(str(folder / 'cache'))}</cachedir></fontconfig>\n",
        encoding="utf-8",
    )
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(settings)
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


def _locked_fetcher() -> Any:
    """A fetcher that knows images inside the page and nothing else; anything else stops the setting."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher  # type: ignore[import-untyped]

    class Locked(URLFetcher):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(timeout=1, allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            if url.startswith("data:image/") and len(url) < 2_000_000:
                return super().fetch(url, headers)
            raise FatalURLFetchingError("address not allowed in a report")

    return Locked()


@contextmanager
def _signs_missing() -> Iterator[list[str]]:
    """Collect the signs that the typesetter could not print; it only logs them, and PDF/A forbids them."""
    found: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            text = record.getMessage()
            if ".notdef" in text:
                found.append(text.partition("fonts: ")[2].strip() or text)

    collector = Collector(level=logging.WARNING)
    log = logging.getLogger("weasyprint")
    log.addHandler(collector)
    try:
        yield found
    finally:
        log.removeHandler(collector)


def _whole_words_in_drawings() -> None:
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


def _closed_profiles() -> None:
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


def _claim_accessibility(metadata: Any) -> None:
    """Claim PDF/UA-1 beside PDF/A-3a, inside the one RDF description of the XMP packet."""
    original = metadata.generate_rdf_metadata

    def both(*arguments: Any, **named: Any) -> bytes:
        packet: bytes = original(*arguments, **named)
        if packet.count(b"</rdf:RDF>") != 1:
            raise RenderingFailed(reason="XMP packet of unknown form")
        return packet.replace(b"</rdf:RDF>", UA_IDENTIFICATION + b"</rdf:RDF>")

    metadata.generate_rdf_metadata = both


def _seal_area(document: Any) -> tuple[float, float, float, float] | None:
    """Where the element with the id ``seal-area`` lies on the first page."""
    page = document.pages[0]
    for box in page._page_box.descendants(placeholders=True):  # noqa: SLF001 - positions are not public
        element = getattr(box, "element", None)
        if element is not None and element.get("id") == "seal-area" and getattr(box, "width", None):
            points = 0.75  # a CSS pixel is three quarters of a point
            left, top = box.position_x * points, (page.height - box.position_y) * points
            return left, top - box.border_height() * points, left + box.border_width() * points, top
    return None
