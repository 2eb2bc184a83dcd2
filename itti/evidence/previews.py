"""Previews: made once in a process of their own, and kept beside the evidence.

They can be lost at any time and are drawn again. That a content has none is kept too, as an empty file, so that a file
that takes its process down does so once.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from itti.certificates.errors import PressFailed
from itti.certificates.press import Press
from itti.evidence.previewing import PREVIEWED, Sight, draw
from itti.evidence.tables import EvidenceRevision
from itti.files.shelf import Contents
from itti.settings import Settings

SECONDS: Final = 30.0
PROCESSOR: Final = 10
"""Limits of one preview, by the clock and in processor time; most take a tenth of a second."""

MEMORY: Final = 2 << 30
"""Address space of the process: a picture of 200 million pixels takes 800 MB."""


def has_preview(revision: EvidenceRevision) -> bool:
    """Whether a content is of a kind that has previews."""
    return revision.media_type in PREVIEWED and revision.expired_at is None


def preview(settings: Settings, shelf: Contents, revision: EvidenceRevision) -> bytes:
    """The preview of a content (WebP); empty: it has none. Checks no rights; takes its time where it has to be drawn.

    Raises:
        FileLost: the content is not on the shelf any more.
        PressBusy: too many previews wait to be drawn.
    """
    if not has_preview(revision):
        return b""
    place = _place(settings, revision.sha256)
    try:
        return place.read_bytes()
    except OSError:
        drawn = _drawn(Sight(shelf.read(revision.sha256), revision.media_type))
    _keep(place, drawn)
    return drawn


def forget(settings: Settings, digest: str) -> None:
    """Remove the preview of a content."""
    _place(settings, digest).unlink(missing_ok=True)


def _place(settings: Settings, digest: str) -> Path:
    return settings.data_folder / "previews" / digest[:2] / f"{digest}.webp"


def _drawn(sight: Sight) -> bytes:
    try:
        return press().run(draw, sight)
    except PressFailed:
        return b""  # it took its process down, or would not come to an end


@cache
def press() -> Press:
    """Draws previews; its process sees no network, and little memory and time."""
    return Press(workers=1, seconds=SECONDS, processor=PROCESSOR, waiting=30, memory=MEMORY)


def _keep(place: Path, content: bytes) -> None:
    with suppress(OSError):  # a full disk is told where contents are kept; a preview is drawn again
        place.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=place.parent, prefix=".drawn-", delete=False) as drawn:
            drawn.write(content)
        Path(drawn.name).replace(place)
