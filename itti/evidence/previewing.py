"""Drawing previews: the jobs of the press that run in its processes, which have no network. Knows no database.

A stranger's picture or PDF is opened here and nowhere else in the service.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, ImageOps, UnidentifiedImageError

from itti.files.pictures import MOST_PIXELS

SIDE: Final = 480
"""Longest side of a preview in pixels."""

PDF_TYPE: Final = "application/pdf"
PICTURE_TYPES: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
"""Media types of pictures, with what Pillow calls them."""

PREVIEWED: Final = frozenset({PDF_TYPE, *PICTURE_TYPES})
"""Media types that have previews."""


@dataclass(frozen=True)
class Sight:
    """A content to be shown small."""

    content: bytes
    media_type: str


def draw(sight: Sight) -> bytes:
    """A small picture (WebP) of a picture or of the first page of a PDF; empty where it cannot be opened."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow warns at this many and refuses twice as many
    try:
        image = _page(sight.content) if sight.media_type == PDF_TYPE else _picture(sight)
        small = io.BytesIO()
        _on_white(image).save(small, "WEBP", quality=72, method=4)
    except (pypdfium2.PdfiumError, UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        return b""
    except (SyntaxError, EOFError, IndexError, MemoryError):  # what Pillow's readers let through of broken files
        return b""
    return small.getvalue()


def _picture(sight: Sight) -> Image.Image:
    with Image.open(io.BytesIO(sight.content), formats=[PICTURE_TYPES[sight.media_type]]) as image:
        image.thumbnail((SIDE, SIDE))  # of a JPEG, this decodes no more than is needed
        turned = ImageOps.exif_transpose(image)
        return turned.convert("RGBA")


def _page(content: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(content)
    try:
        page = document[0]
        width, height = page.get_size()
        scale = SIDE / max(width, height, 1)
        image: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
        return image.convert("RGBA")
    finally:
        document.close()


def _on_white(image: Image.Image) -> Image.Image:
    sheet = Image.new("RGB", image.size, "white")
    sheet.paste(image, mask=image.getchannel("A"))
    return sheet
