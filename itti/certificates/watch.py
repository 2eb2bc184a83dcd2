"""What the office has to see to in time: a key, a root of time stamps or archive copies that end soon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from itti.accounts.roles import require
from itti.accounts.tables import Role
from itti.acts import Act
from itti.calendar.zones import day_in
from itti.certificates import archive
from itti.certificates.keys import KeySource, certificates_in
from itti.settings import Settings
from questionnaires import wording
from questionnaires.errors import Fault
from reports.sealers import Sealer, common_name

AHEAD: Final = timedelta(days=60)
"""How long before something ends it is time to see to it."""


@dataclass(frozen=True)
class Notice:
    """One thing to see to."""

    code: str
    details: Mapping[str, object] = field(default_factory=dict)
    fault: Fault | None = None
    """Why a key cannot be looked at, if that is the matter."""

    def sentence(self, language: str) -> str:
        """What it is, and what to do."""
        more = {} if self.fault is None else {"sentence": self.fault.sentence(language)}
        return wording.say("itti.certificates", f"notice.{self.code}", language, **self.details, **more)


def notices(session: Session, act: Act, settings: Settings) -> list[Notice]:
    """Everything to see to, about keys first. Programme office.

    Raises:
        SignInNeeded, WrongRole: not for this person.
    """
    require(act, Role.PROGRAMME)
    return [*of_keys(settings, act.at), *_of_copies(session, act)]


def of_keys(settings: Settings, now: datetime) -> Iterator[Notice]:
    """What is to be seen to about the sealing key and the roots of time stamps."""
    active = KeySource.of(settings)
    try:
        sealer = active.sealer()
    except Fault as fault:
        yield Notice("unusable", fault=fault)
        return
    yield from _of_end(settings, active, sealer, now)
    if active.is_set and sealer.stamps is None:
        yield Notice("unstamped")
    if sealer.root.issuer != sealer.root.subject:
        yield Notice("chain", {"name": common_name(sealer.root)})
    for root in certificates_in(settings.stamp_roots):
        if root.not_valid_after_utc - now < AHEAD:
            until = _until(root.not_valid_after_utc, now, settings.zone)
            yield Notice("stamps-end", {"name": common_name(root), **until})


def _of_end(settings: Settings, active: KeySource, sealer: Sealer, now: datetime) -> Iterator[Notice]:
    end = end_of(sealer)
    if end - now >= AHEAD:
        return
    others = [source for source in KeySource.known(settings).values() if source != active]
    ready = next((each for each in others if _goes_on(each, end)), None)
    if ready is None:
        yield Notice("ends", _until(end, now, settings.zone))
    else:
        yield Notice("ends-ready", {"name": name_of(ready), **_until(end, now, settings.zone)})


def _of_copies(session: Session, act: Act) -> Iterator[Notice]:
    days = archive.ending(session, act.at, AHEAD)
    if days:
        yield Notice("copies-end", {"papers": len(days), **_until(min(days), act.at, act.zone)})


def end_of(sealer: Sealer) -> datetime:
    """When the first certificate of the chain ends."""
    return min(each.not_valid_after_utc for each in sealer.chain)


def name_of(source: KeySource) -> str:
    """What a key is called: by its name in the settings, else by the setting itself."""
    return source.name or ("ITTI_SEAL_TOKEN" if source.token else "ITTI_SEAL_KEY")


def _until(end: datetime, now: datetime, zone: ZoneInfo) -> dict[str, object]:
    return {"day": day_in(zone, end), "count": max(0, (end - now).days)}


def _goes_on(source: KeySource, end: datetime) -> bool:
    """Whether that key holds when the active one ends, and two months longer."""
    try:
        sealer = source.sealer()
        sealer.check(end)
        sealer.check(end + AHEAD)
    except Fault:
        return False
    return True
