"""Names of files: cleaning those that people send, and writing ours so that every browser reads them."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

LONGEST: Final = 200
"""Most characters of a name that is kept; ``evidence_file.file_name`` has room for no more."""

_FOLDERS: Final = re.compile(r"[/\\]")
_RESERVED: Final = re.compile(r'[<>:"|?*]')
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories without a visible sign; Cf holds the bidi overrides that make ``fdp.exe`` read backwards."""

_WANTED_FORMATS: Final = frozenset("\u200c\u200d")
"""Joiners that Arabic-script names need; harmless for the order of characters."""

_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE | re.ASCII)
"""Names that Windows takes for devices whatever follows the dot."""


def clean(given: str, fallback: str = "file") -> str:
    """``given`` without folders, control and bidi characters and signs that file systems refuse.

    The result is for people to read and to offer at download; no file is ever stored under it.
    """
    name = _FOLDERS.split(unicodedata.normalize("NFC", given))[-1]
    name = "".join(
        character
        for character in name
        if character in _WANTED_FORMATS or unicodedata.category(character) not in _UNSEEN
    )
    name = _RESERVED.sub("_", " ".join(name.split())).strip(" .")
    if _DEVICES.match(name):
        name = f"_{name}"
    return _shorten(name) or fallback


def extension(name: str) -> str:
    """The part behind the last dot, in lower case and without the dot; empty when there is none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""


def disposition(name: str) -> str:
    """A Content-Disposition header that saves a response under ``name`` (RFC 6266, RFC 8187).

    Old readers get an ASCII stand-in; the others the whole name in UTF-8.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", plain).strip(" .")
    if not plain or (extension(name) and plain == extension(name)):
        plain = f"file.{plain}" if plain else "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _shorten(name: str) -> str:
    """At most :data:`LONGEST` characters, the extension kept."""
    if len(name) <= LONGEST:
        return name
    ending = extension(name)
    if not ending or len(ending) > 10:
        return name[:LONGEST].rstrip(" .")
    return f"{name[: LONGEST - len(ending) - 1].rstrip(' .')}.{ending}"
