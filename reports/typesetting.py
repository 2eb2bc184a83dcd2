"""The typesetter behind a locked door: our fonts only, no files, no network, and a missing sign is an error.

Everything that leans on the inside of WeasyPrint 70.0 is here, in ``mending`` and in ``thrift``: the page as a tree,
the PDF/UA claim in the XMP packet, the place of the seal. The version is pinned, and ``tests/reports`` looks at the
results.
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

import atexit
import gc
import logging
import mimetypes
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from reports import lines, looks, mending, pictures, thrift
from reports.archival import UA_IDENTIFICATION
from reports.credential import MEDIA_TYPE as CREDENTIAL_TYPE
from reports.errors import PdfUnavailable, RenderingFailed, UnprintableSigns

FONTS: Final = Path(__file__).parent / "fonts"
BASE: Final = Path(__file__).with_name("base.css")
_LOCK: Final = threading.Lock()
"""One paper at a time in a process: two threads are slower than one, and the font set is shared."""

SHEETS: Final = 8
"""Style sheets that are kept parsed: both languages of certificates and demonstrations, and some to spare."""


@dataclass(frozen=True, slots=True)
class Typeset:
    """A paper as it leaves the typesetter."""

    pdf: bytes
    seal_area: tuple[float, float, float, float] | None
    """Where the page draws the seal: left, bottom, right, top in points on the first page."""


def typeset(html: str, attachments: Mapping[str, bytes], dated: datetime) -> Typeset:
    """Set ``html`` as PDF/A-3a with the PDF/UA claim, and ``attachments`` inside.

    Args:
        html: the whole page with its style, well-formed as XML; images only as ``data:image/`` addresses.
        attachments: file name → content.
        dated: the date of the attachments (UTC).

    Raises:
        PdfUnavailable: Pango is missing.
        UnprintableSigns: a sign that no shipped font has.
        RenderingFailed: anything else that went wrong while setting.
    """
    with _LOCK:
        press = _press()
        with _signs_missing() as missing, _without_collecting():
            try:
                result = press.set(html, attachments, dated)
            except (Exception, press.blocked) as error:
                # the library raises bare built-ins for pages it cannot set; a blocked address is a BaseException
                raise RenderingFailed(reason=f"{type(error).__name__}: {error}") from error
            finally:
                lines.rest()
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
        import cssselect2  # type: ignore[import-untyped]

        self.weasyprint: Any = weasyprint
        self.fetcher = _locked_fetcher()
        self.wrapped: Any = cssselect2.ElementWrapper.from_html_root
        self.style = lru_cache(maxsize=SHEETS)(self._known)
        self.base = [self._parsed(BASE.read_text("utf-8"))]
        mimetypes.add_type(CREDENTIAL_TYPE, ".jwt")  # attachments are typed by their names
        self.blocked: type[BaseException] = weasyprint.urls.FatalURLFetchingError
        mending.whole_words_in_drawings()
        mending.closed_profiles()
        thrift.apply()
        looks.keep()
        pictures.keep()

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
        page, style = self._read(html)
        try:
            document = page.render(font_config=self.fonts, pdf_variant="pdf/a-3a", stylesheets=style)
            _claim_accessibility(document.metadata)
            # the identifier comes with the lasting form of the file; to make one here would write all of it twice
            pdf = document.write_pdf(
                pdf_variant="pdf/a-3a", attachments=inside, uncompressed_pdf=True, pdf_identifier=False
            )
            return Typeset(pdf=pdf, seal_area=_seal_area(document))
        finally:
            thrift.let_go(page)

    def _read(self, html: str) -> tuple[Any, list[Any]]:
        """The page as WeasyPrint holds one, and its style sheets.

        Our pages are well-formed, and the parser of the standard library reads them in a small part of the time that
        one for any page of the web takes.
        """
        root = ET.fromstring(html)  # noqa: S314 - our own templates made it: it declares no entities
        head = root.find("head")
        sheets = [] if head is None else head.findall("style")
        for each in sheets:
            head.remove(each)  # type: ignore[union-attr]
        page = self.weasyprint.HTML.__new__(self.weasyprint.HTML)
        page.base_url, page.url_fetcher, page.media_type = None, self.fetcher, "print"
        page._ua_stylesheets = lambda forms: self.base  # noqa: ARG005, SLF001 - a paper has no forms
        page.wrapper_element = self.wrapped(root, content_language=None)
        page.etree_element = root
        style, page.looks = self.style("".join(each.text or "" for each in sheets))
        return page, [style]

    def _parsed(self, style: str) -> Any:
        return self.weasyprint.CSS(string=style, font_config=self.fonts, url_fetcher=self.fetcher)

    def _known(self, style: str) -> tuple[Any, looks.Looks]:
        return self._parsed(style), looks.Looks()


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
def _without_collecting() -> Iterator[None]:
    """Leave cycles of garbage alone for the time of one page.

    A page in the making is a few hundred thousand objects that all are in use until it is done; to look through them
    again and again takes a fifth of the time.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def _signs_missing() -> Iterator[list[str]]:
    """Collect the signs that the typesetter could not print; it only logs them, and PDF/A forbids them.

    Raises:
        RenderingFailed: something could not be drawn; that, too, it only logs.
    """
    found: list[str] = []
    broken: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            text = record.getMessage()
            if ".notdef" in text:
                found.append(text.partition("fonts: ")[2].strip() or text)
            elif record.levelno >= logging.ERROR:  # a drawing that could not be drawn would leave a hole
                broken.append(text)

    collector = Collector(level=logging.WARNING)
    log = logging.getLogger("weasyprint")
    log.addHandler(collector)
    try:
        yield found
    finally:
        log.removeHandler(collector)
    if broken:
        raise RenderingFailed(reason=broken[0])


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
