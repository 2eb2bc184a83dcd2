"""What the record of acts says of an entry of the register: every act on it, each proven to be in the tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from itti.audit import service as audit
from itti.audit.proving import Inclusion, inclusion
from itti.audit.sequencing import newest_head
from itti.audit.tables import Event, RecordHead
from itti.certificates.issue import entry_digest
from itti.certificates.office import Office
from itti.certificates.tables import Certificate, CertificateState
from questionnaires.wording import say
from reports.merkle import is_included
from reports.notes import Head, NoteMalformedError, Verifier
from reports.recorded import details_digest

ISSUED = "certificate.issued"


class EntryState(StrEnum):
    """How an entry stands in the record; words under ``entry.<name>``."""

    INCLUDED = "included"
    """Every act on it is in the tree, under a head signed with our key, and the entry is what they made of it."""

    WAITING = "waiting"
    """So far as above, and an act is taken in within moments."""

    BROKEN = "broken"
    """An act, the tree or the entry was changed."""


@dataclass(frozen=True)
class ProvenAct:
    """An act on an entry, with its proof; None: it waits to be taken into the tree."""

    event: Event
    proof: Inclusion | None


@dataclass(frozen=True)
class RecordedEntry:
    """An entry in the record."""

    state: EntryState
    acts: list[ProvenAct]
    head: RecordHead | None

    def sentence(self, language: str) -> str:
        """The state in words."""
        size = self.head.size if self.head else 0
        return say("itti.certificates", f"entry.{self.state.value}", language, acts=len(self.acts), size=size)


def recorded(session: Session, office: Office, certificate: Certificate) -> RecordedEntry:
    """All acts on an entry, proven under the newest head."""
    head = newest_head(session)
    events = audit.history(session, "certificate", certificate.id)
    try:
        acts = [ProvenAct(event, None if head is None else inclusion(session, event, head)) for event in events]
    except LookupError:
        return RecordedEntry(EntryState.BROKEN, [], head)
    if not _is_signed(office, head) or not _agrees(certificate, events) or not all(map(_holds, acts)):
        return RecordedEntry(EntryState.BROKEN, acts, head)
    waits = any(act.proof is None for act in acts)
    return RecordedEntry(EntryState.WAITING if waits else EntryState.INCLUDED, acts, head)


def _is_signed(office: Office, head: RecordHead | None) -> bool:
    if head is None:
        return True  # nothing is in the tree yet
    try:
        told = Head.parse(head.note)
    except NoteMalformedError:
        return False
    signer = told.signer_among(Verifier.parse(each) for each in office.record_keys)
    return signer is not None and (told.size, told.root.hex()) == (head.size, head.root)


def _holds(act: ProvenAct) -> bool:
    event, found = act.event, act.proof
    told = event.salt is None or details_digest(event.salt, event.details) == event.details_digest
    if found is None:
        return told and event.position is None
    root = bytes.fromhex(found.head.root)
    return told and is_included(found.leaf_hash, found.index, found.head.size, found.proof, root)


def _agrees(certificate: Certificate, events: Sequence[Event]) -> bool:
    """Whether the entry is what the acts on it made of it."""
    issued = [event for event in events if event.action == ISSUED]
    if len(issued) != 1:
        return False
    stated = issued[0].details.get("entry_sha256")
    if stated is not None and stated != entry_digest(certificate):
        return False
    return certificate.state is state_after([event.action for event in events])


def state_after(actions: Sequence[str]) -> CertificateState:
    """The state of an entry after those acts on it."""
    if "certificate.revoked" in actions:
        return CertificateState.REVOKED
    return CertificateState.SUPERSEDED if "certificate.superseded" in actions else CertificateState.ISSUED
