"""Verifying the record: everything recomputed from the database, the folders and the heads outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from itti.accounts.service import demonstration_accounts
from itti.certificates.office import Office
from itti.record import anchors, things
from itti.record.rows import Rows
from itti.record.troubles import Trouble, Troubles
from reports.notes import Verifier


@dataclass(frozen=True)
class Verdict:
    """What a verification found."""

    holds: bool
    acts: int
    """How many acts are in the tree."""

    heads: int
    """How many signed heads stand behind it, and how many outside of it were compared."""

    outside: int
    troubles: list[Trouble]
    counts: dict[str, int]
    """How often each kind of trouble was found; of many only some are told one by one."""


def verify(session: Session, office: Office, against: Sequence[Path] = ()) -> Verdict:
    """Recompute everything.

    Args:
        session: reads one moment of the database.
        office: whose keys are trusted, and whose folders hold papers and evidence.
        against: exported heads.

    Raises:
        RecordKeyUnusable: a key cannot be read.
    """
    troubles = Troubles()
    keys = [Verifier.parse(each) for each in office.record_keys]
    demonstration = bool(demonstration_accounts(session))
    if demonstration:
        troubles.add("demonstration")
    outside = [*anchors.in_papers(session, office, keys, troubles), *anchors.in_files(against, keys, troubles)]
    ledger = things.Ledger()
    rows = Rows(session, keys, troubles, demonstration=demonstration)
    rows.check(outside, ledger.see)
    things.check(session, office, ledger, troubles)
    return Verdict(troubles.holds, rows.size, len(rows.heads), len(outside), troubles.found, troubles.counts)
