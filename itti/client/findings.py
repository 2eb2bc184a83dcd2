"""What the service sends about certificates, the check of papers, and scores in words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from itti.client.views import Sent


class Paper(Sent):
    """A sealed paper of a certificate."""

    schema_name: ClassVar[str] = "PaperView"

    language: str
    form: str
    sha256: str
    size: int


class Certificate(Sent):
    """An entry of the register."""

    schema_name: ClassVar[str] = "CertificateView"

    number: str
    state: str
    standing: str
    factory: str
    factory_ar: str | None
    family: str
    definition_version: str
    digest: str
    index: Decimal | None
    band: str | None
    issued_on: date
    expires_on: date
    scorecard_sha256: str
    content_sha256: str | None
    papers: tuple[Paper, ...]
    revoked_on: date | None
    revocation_reason: str | None
    superseded_by: str | None


class Difference(Sent):
    """A value that the attached answers do not give."""

    schema_name: ClassVar[str] = "DifferenceView"

    path: str
    attached: str
    computed: str


class SealFinding(Sent):
    """What was found about the seal."""

    schema_name: ClassVar[str] = "SealView"

    sentence: str
    state: str
    code: str
    signer: str | None
    organisation: str | None
    sealed_at: datetime | None
    stamped_at: datetime | None
    stamped_by: str | None
    stamp_trusted: bool
    stamp_sentence: str | None
    archived_at: datetime | None
    archived_by: str | None
    level: str | None
    is_demonstration: bool
    changes: tuple[str, ...]


class RegisterFinding(Sent):
    """What the register says."""

    schema_name: ClassVar[str] = "RegisterView"

    sentence: str
    state: str
    number: str | None
    factory: str | None
    factory_ar: str | None
    index: Decimal | None
    issued_on: date | None
    expires_on: date | None
    revoked_on: date | None
    revocation_reason: str | None
    superseded_by: str | None


class ScoreFinding(Sent):
    """Whether the attached answers give the printed score again."""

    schema_name: ClassVar[str] = "ScoreView"

    sentence: str
    state: str
    code: str
    differences: tuple[Difference, ...]


class RecordFinding(Sent):
    """What was found about the record of acts."""

    schema_name: ClassVar[str] = "RecordView"

    sentence: str
    state: str
    code: str
    origin: str | None
    index: int | None
    size: int | None
    acted_at: datetime | None
    signed_at: datetime | None
    leaf_hash: str | None
    root: str | None


class CredentialFinding(Sent):
    """What was found about the verifiable credential inside the file."""

    schema_name: ClassVar[str] = "CredentialView"

    sentence: str
    state: str
    code: str
    issuer: str | None
    signer: str | None
    signed_at: datetime | None
    is_demonstration: bool


class Verification(Sent):
    """Answers about one file, each for itself, and all of them together."""

    schema_name: ClassVar[str] = "VerificationView"

    holds: bool
    is_demonstration: bool
    sha256: str
    seal: SealFinding
    registered: RegisterFinding = Field(alias="register")
    score: ScoreFinding
    record: RecordFinding
    credential: CredentialFinding


class Line(Sent):
    """One line of an explanation, with what explains it further."""

    schema_name: ClassVar[str] = "LineView"

    text: str
    below: tuple[Line, ...]


class Step(Sent):
    """One node: what it came to, and how."""

    schema_name: ClassVar[str] = "StepView"

    node: str
    depth: int
    heading: str
    lines: tuple[Line, ...]
    explained_above: bool


class Explanation(Sent):
    """A scorecard in words, so that every number can be followed with pen and paper."""

    schema_name: ClassVar[str] = "ExplanationView"

    summary: tuple[str, ...]
    steps: tuple[Step, ...]
    disregarded: tuple[Line, ...]
