"""Letters: from the name of a letter and its details to a message with a text and an HTML part.

The words lie in the catalogue under ``letter.<name>.subject``, ``letter.<name>.text`` (paragraphs are separated by
an empty line) and, where it leads somewhere, ``letter.<name>.link``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from itti.calendar.reckoning import Reckoning
from itti.mail.errors import ROOM
from itti.mail.tables import OutgoingMail
from questionnaires.wording import LANGUAGES, RIGHT_TO_LEFT, say

LETTERS: Final = frozenset(
    {
        "accreditation-ended",
        "accreditation-ends",
        "accreditation-restored",
        "accreditation-suspended",
        "accreditation-withdrawn",
        "app-added",
        "appeal-ends",
        "appeal-made",
        "appeal-rejected",
        "appeal-upheld",
        "appeal-withdrawn",
        "assessment-given-away",
        "assessment-handed-over",
        "assessment-planned",
        "assessment-returned",
        "assessment-submitted",
        "assessment-withdrawn",
        "assessor-changed",
        "certificate-ends",
        "certificate-expired",
        "certificate-issued",
        "certificate-revoked",
        "identity-linked",
        "identity-unlinked",
        "invitation",
        "machine-added",
        "passkey-added",
        "passkey-removed",
        "password-changed",
        "recovery",
        "reply-asked",
        "reply-ends",
        "reply-given",
        "reply-lapsed",
        "second-factor-removed",
        "self-assessment-finished",
        "test",
        "token-made",
    }
)
"""Every letter there is."""

_ISOLATE: Final = "\u2068{}\u2069"
"""First strong isolate: keeps a Latin name from dragging the Arabic words around it out of order."""


@dataclass(frozen=True)
class Sender:
    """In whose name messages go out."""

    address: str
    names: Mapping[str, str]
    """Name of the programme by language."""

    base_url: str
    reckoning: Reckoning = field(default_factory=Reckoning)
    """The programme's zone and calendars."""


@dataclass(frozen=True)
class LastDay:
    """A detail: the last day on which something can be done. The letter says when that day ends."""

    day: date


def packed(value: object) -> object:
    """A detail as the outbox stores it.

    Text, numbers, ``{"day": …}``, ``{"last": …}`` for a last day, ``{"moment": …}``, or words by language.
    """
    if isinstance(value, LastDay):
        return {"last": value.day.isoformat()}
    if isinstance(value, datetime):
        return {"moment": value.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Mapping):
        return {language: str(value[language]) for language in LANGUAGES}
    return value if isinstance(value, int) else str(value)


def written(row: OutgoingMail, sender: Sender, path: str | None) -> EmailMessage:
    """The message of a row; ``path`` is where its link leads to below the service's address.

    Line ends and control signs in names and subjects become spaces, so that no value can begin a header. The
    ``Message-ID`` is the same at every try: a message that went out twice can be told by it.
    """
    language = row.language if row.language in LANGUAGES else LANGUAGES[0]
    reckoning = sender.reckoning.chosen_by(row)
    details = {key: _shown(value, language, reckoning) for key, value in row.details.items()}
    text = say(ROOM, f"letter.{row.letter}.text", language, **details)
    link = None if path is None else sender.base_url.rstrip("/") + path
    paragraphs = [" ".join(each.split("\n")) for each in text.split("\n\n")] + _ends(row, language, reckoning)
    parts: dict[str, Any] = {
        "greeting": say(ROOM, "greeting", language, name=_shown(row.name, language, reckoning)) if row.name else "",
        "paragraphs": paragraphs,
        "link": link,
        "link_words": say(ROOM, f"letter.{row.letter}.link", language) if link else "",
        "footer": say(ROOM, "footer", language, programme=sender.names[language]),
        "subject": _one_line(say(ROOM, f"letter.{row.letter}.subject", language, **details)),
        "language": language,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "programme": sender.names[language],
    }
    message = EmailMessage(SMTP if row.address.isascii() else SMTPUTF8)
    message["Subject"] = parts["subject"]
    message["From"] = _address(sender.names[language], sender.address)
    message["To"] = _address(row.name, row.address)
    message["Date"] = row.created_at.astimezone(UTC)
    message["Message-ID"] = f"<{row.id.hex}@{sender.address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    plain = [parts["greeting"], *paragraphs, f"{parts['link_words']}\n{link}" if link else ""]
    message.set_content("\n\n".join(part for part in plain if part) + f"\n\n-- \n{parts['footer']}\n", cte="base64")
    message.add_alternative(_environment().get_template("letter.html").render(parts), subtype="html", cte="base64")
    message["Content-Language"] = language
    return message


def _ends(row: OutgoingMail, language: str, reckoning: Reckoning) -> list[str]:
    """When the last day ends that a letter speaks of; of several the first, since all end by the same clock."""
    last = [value["last"] for value in row.details.values() if isinstance(value, dict) and "last" in value]
    return [reckoning.end_words(date.fromisoformat(min(last)), language)] if last else []


def _shown(value: object, language: str, reckoning: Reckoning) -> object:
    if isinstance(value, int):
        return value
    if isinstance(value, dict):
        return _shown_as(value, language, reckoning)
    return _ISOLATE.format(value) if language in RIGHT_TO_LEFT else value


def _shown_as(value: dict[str, Any], language: str, reckoning: Reckoning) -> object:
    if "day" in value or "last" in value:
        return reckoning.day_words(date.fromisoformat(value.get("day") or value["last"]), language)
    if "moment" in value:
        return reckoning.moment_words(datetime.fromisoformat(value["moment"]), language)
    return _shown(value[language], language, reckoning)


def _address(name: str, address: str) -> Address:
    """Given in its parts: as a whole it would be refused for letters beyond ASCII, which SMTPUTF8 can carry."""
    person, _, domain = address.rpartition("@")
    return Address(_one_line(name), person, domain)


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() or sign in "\u2068\u2069" else " " for sign in text).split())


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("itti.mail"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
