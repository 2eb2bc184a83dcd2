"""``itti keys``: which keys seal and until when, and whether they really do."""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from itti.calendar.zones import day_in
from itti.certificates import watch
from itti.certificates.errors import SealKeyUnknown
from itti.certificates.keys import KeySource, certificates_in
from itti.certificates.watch import end_of, name_of
from itti.commands.words import language, progress, words
from itti.settings import Settings, settings
from questionnaires import load
from questionnaires.errors import Fault
from reports.seal import Level, Sealer, StampAuthority, seal
from reports.sealers import common_name
from reports.struck import fingerprint
from reports.verify import SealState, examine


def declare(commands: Any) -> None:
    """Add the words of the command."""
    parser = commands.add_parser("keys", help=words("keys.help"), description=words("keys.about"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=words("metavar-command"))
    verbs.add_parser("show", help=words("keys.show")).set_defaults(run=run_show)
    check = verbs.add_parser("check", help=words("keys.check"), description=words("keys.check-about"))
    check.add_argument("--key", default=None, metavar="NAME", help=words("keys.key"))
    check.set_defaults(run=run_check)


def run_show(_: argparse.Namespace) -> int:
    """Say what seals, until when, and what to do about it; 1, when nothing would be sealed now.

    Raises:
        SealKeyUnknown: the settings name a key that is none of theirs.
    """
    chosen = settings()
    known = KeySource.known(chosen)
    if not known:
        print(words("keys.none"))
        return 1
    active, seals = KeySource.of(chosen), True
    for source in known.values():
        try:
            print("\n".join(_lines(source, source.sealer(), is_active=source == active)))
        except Fault as fault:
            seals = seals and source != active
            print(words("keys.unusable", name=name_of(source), sentence=fault.sentence(language())))
    now = datetime.now(UTC)
    for warning in warnings_of(chosen, now):
        print(warning)
    return 0 if seals and _holds(active, now) else 1


def run_check(options: argparse.Namespace) -> int:
    """Seal a probe and verify it as anybody would; 1, when it does not hold or reaches less than it should.

    Raises:
        SealKeyUnknown: there is no key of that name.
        reports.errors.ReportFault: the probe could not be sealed.
    """
    chosen = settings()
    known = KeySource.known(chosen)
    if options.key is not None and options.key not in known:
        raise SealKeyUnknown(name=options.key, known=", ".join(known))
    if not known:
        print(words("keys.none"))
        return 1
    source = KeySource.of(chosen) if options.key is None else known[options.key]
    with progress("keys.sealing"):
        sealer = source.sealer()
        paper = seal(_probe(), sealer, reason="Probe", at=datetime.now(UTC))
        found = examine(paper, [sealer.root], load, list(certificates_in(chosen.stamp_roots))).seal
    holds = found.state is SealState.INTACT and found.level == sealer.level.value
    print(words("keys.checked", name=name_of(source), sentence=found.sentence(language())))
    print(words("keys.reached", level=found.level or "–", due=sealer.level.value))
    if stamped := found.stamp_sentence(language()):
        print(words("keys.line", text=stamped))
    return 0 if holds else 1


def warnings_of(chosen: Settings, now: datetime) -> Iterator[str]:
    """What the office should look at: a certificate that ends soon, stamps that lack."""
    if KeySource.of(chosen).is_set:
        for notice in watch.of_keys(chosen, now):
            if notice.fault is None:  # else it was said already
                yield words("keys.attention", sentence=notice.sentence(language()))


def _lines(source: KeySource, sealer: Sealer, *, is_active: bool) -> Iterator[str]:
    yield words("keys.active" if is_active else "keys.other", name=name_of(source))
    yield words("keys.line", text=" < ".join(common_name(each) for each in sealer.chain))
    start = max(each.not_valid_before_utc for each in sealer.chain)
    yield words("keys.period", start=day_in(settings().zone, start), end=day_in(settings().zone, end_of(sealer)))
    where = source.path if source.token is None else f"{source.token.token} ({source.path})"
    yield words("keys.where", where=where)
    stamps = sealer.stamps.address if isinstance(sealer.stamps, StampAuthority) else "–"
    yield words("keys.level", level=sealer.level.value, stamps=stamps)
    yield words("keys.fingerprint", fingerprint=fingerprint(sealer.certificate))
    if (since := source.struck_since()) is not None:
        yield words("keys.struck", moment=settings().reckoning.moment_words(since, language()))
    if sealer.level is Level.T:
        yield words("keys.no-revocation")
    if sealer.is_demonstration:
        yield words("keys.demonstration")


def _holds(source: KeySource, now: datetime) -> bool:
    try:
        source.sealer().check(now)
        source.check_struck(now)
    except Fault as fault:
        print(words("keys.line", text=fault.sentence(language())))
        return False
    return True


def _probe() -> bytes:
    """An empty page: what is sealed does not matter to a key."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(out)
    return out.getvalue()
