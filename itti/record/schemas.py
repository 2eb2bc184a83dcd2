"""What the API gives about the record."""

import base64
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from itti.audit.proving import Consistency
from itti.audit.service import machine_of
from itti.audit.tables import Event
from itti.certificates.recorded import EntryState, ProvenAct, RecordedEntry
from itti.certificates.tables import Certificate
from itti.record.service import Standing

_DIGEST = "9f2c" * 16
_HASH = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
_NOTE = f"programme.example/record\n417\n{_HASH}\n\n— programme.example/record Az3grlgtzPI…\n"
_ID = "0b9f6d0e-53a4-4f0e-9f2c-0d6f5f0f7a11"


class RecordHeadView(BaseModel):
    """The newest signed head of the record."""

    size: int = Field(description="How many acts it covers.", examples=[417])
    root: str | None = Field(
        description="Root of the tree (RFC 9162), base64. Null before the first act.", examples=[_HASH]
    )
    signed_at: datetime | None = Field(
        description="Time that the signature states (UTC).", examples=["2026-11-22T08:00:02Z"]
    )
    note: str | None = Field(description="The head as a signed note (C2SP tlog-checkpoint).", examples=[_NOTE])
    key: str = Field(
        description="The public key, as `name+id+key`.", examples=["programme.example/record+c74f20a3+ARpc2Q…"]
    )
    waiting: int = Field(description="Acts that are committed and not in the tree yet.", examples=[0])
    oldest_waiting: datetime | None = Field(description="Time of the oldest of them (UTC).", examples=[None])

    @classmethod
    def of(cls, found: Standing) -> Self:
        """As the API shows ``found``."""
        head = found.head
        return cls(
            size=0 if head is None else head.size,
            root=None if head is None else base64.b64encode(bytes.fromhex(head.root)).decode(),
            signed_at=None if head is None else head.signed_at,
            note=None if head is None else head.note,
            key=found.key,
            waiting=found.waiting,
            oldest_waiting=found.oldest,
        )


class ConsistencyView(BaseModel):
    """The proof that the record of one size begins with that of another."""

    old: int = Field(description="Acts in the smaller one.", examples=[300])
    new: int = Field(description="Acts in the larger one.", examples=[417])
    old_root: str = Field(description="Root of the smaller one, base64.", examples=[_HASH])
    new_root: str = Field(description="Root of the larger one, base64.", examples=[_HASH])
    proof: list[str] = Field(description="The proof of RFC 9162, 2.1.4.1, base64.", examples=[[_HASH]])

    @classmethod
    def of(cls, found: Consistency) -> Self:
        """As the API shows ``found``."""
        return cls(
            old=found.old,
            new=found.new,
            old_root=base64.b64encode(found.old_root).decode(),
            new_root=base64.b64encode(found.new_root).decode(),
            proof=[base64.b64encode(each).decode() for each in found.proof],
        )


class ProvenActView(BaseModel):
    """An act on a certificate, and the proof that it is in the record."""

    act: str = Field(description="What was done.", examples=["certificate.issued"])
    at: datetime = Field(description="When (UTC).", examples=["2026-11-22T08:00:00Z"])
    index: int | None = Field(description="Its place in the tree, from 0. Null while it waits.", examples=[416])
    leaf_hash: str | None = Field(description="Hash of its leaf, base64.", examples=[_HASH])
    proof: list[str] | None = Field(description="The proof of RFC 9162, 2.1.3.1, base64.", examples=[[_HASH]])

    @classmethod
    def of(cls, found: ProvenAct) -> Self:
        """As the API shows ``found``."""
        event, proof = found.event, found.proof
        return cls(
            act=event.action,
            at=event.at,
            index=None if proof is None else proof.index,
            leaf_hash=None if proof is None else base64.b64encode(proof.leaf_hash).decode(),
            proof=None if proof is None else [base64.b64encode(each).decode() for each in proof.proof],
        )


class EntryRecordView(BaseModel):
    """What the record says of a certificate."""

    number: str = Field(description="Number of the certificate.", examples=["TI-2026-00001"])
    state: EntryState = Field(
        description="`included`: every act is proven and the entry is what they made of it; `waiting`: an act is "
        "taken in within moments; `broken`: record and entry do not agree.",
        examples=["included"],
    )
    sentence: str = Field(
        description="The same in the language of the reader.",
        examples=["Every act on this entry is in the record, under a signed head."],
    )
    acts: list[ProvenActView] = Field(description="All acts on the certificate, the oldest first.")
    note: str | None = Field(description="The signed head that the proofs lead to.", examples=[_NOTE])

    @classmethod
    def of(cls, certificate: Certificate, found: RecordedEntry, language: str) -> Self:
        """As the API shows ``found``."""
        return cls(
            number=certificate.number,
            state=found.state,
            sentence=found.sentence(language),
            acts=[ProvenActView.of(act) for act in found.acts],
            note=None if found.head is None else found.head.note,
        )


class ActView(BaseModel):
    """An act on record."""

    id: int = Field(description="Its number.", examples=[417])
    at: datetime = Field(description="When (UTC).", examples=["2026-11-22T08:00:00Z"])
    act: str = Field(description="What was done.", examples=["assessment.moved"])
    role: str | None = Field(
        description="In which role; null: nobody signed in, or time itself.", examples=["assessor"]
    )
    machine: str | None = Field(
        description="What the machine is called that acted for the person; null: the person did.", examples=["Tablets"]
    )
    subject: str = Field(description="Kind of the thing.", examples=["assessment"])
    subject_id: str = Field(description="The thing.", examples=[_ID])
    assessment_id: str | None = Field(description="The assessment that the act belongs to.", examples=[_ID])
    position: int | None = Field(description="Place in the tree, from 0; null while it waits.", examples=[416])

    @classmethod
    def of(cls, event: Event) -> Self:
        """As the API shows ``event`` to whoever may read the assessment."""
        return cls(**_facts(event))


class FullActView(ActView):
    """An act on record with everything about it; for the programme office."""

    actor: str | None = Field(description="Id of the person.", examples=[_ID])
    details: dict[str, Any] = Field(
        description="What it says, such as an answer before and after. Empty when erased.",
        examples=[{"move": "submit", "from": "assessment", "to": "review"}],
    )
    details_erased: bool = Field(description="True when the details were erased for good.")
    details_digest: str = Field(description="Salted SHA-256 of the details, hexadecimal.", examples=[_DIGEST])
    request: str = Field(description="Id of the request.", examples=["4f2b9c0e"])

    @classmethod
    def of(cls, event: Event) -> Self:
        """As the API shows ``event`` to the programme office."""
        return cls(
            **_facts(event),
            actor=None if event.actor_id is None else str(event.actor_id),
            details=event.details,
            details_erased=event.salt is None,
            details_digest=event.details_digest,
            request=event.request_id,
        )


def _facts(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "at": event.at,
        "act": event.action,
        "role": event.actor_role,
        "machine": machine_of(event),
        "subject": event.subject,
        "subject_id": event.subject_id,
        "assessment_id": None if event.assessment_id is None else str(event.assessment_id),
        "position": event.position,
    }
