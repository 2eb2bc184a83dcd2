"""Tables of the certificate register."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from itti.schema import Row, enum_column
from reports.report import Form


class CertificateState(StrEnum):
    """What the register says of a certificate; expiry follows from its date and is not stored."""

    ISSUED = "issued"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class Certificate(Row, table=True):
    """An entry of the public register."""

    __tablename__ = "certificate"
    __table_args__ = (
        sa.Index("ix_certificate_issued_on", "issued_on", "number"),
        sa.Index("ix_certificate_expires_on", "expires_on", "number"),
    )

    number: str = Field(max_length=40, unique=True)
    assessment_id: UUID = Field(foreign_key="assessment.id", unique=True)
    factory_id: UUID = Field(foreign_key="factory.id", index=True)
    factory_name: str = Field(max_length=200)
    factory_name_ar: str | None = Field(default=None, max_length=200)
    """The names as printed; a factory that is renamed later keeps them on its old certificates."""

    family: str = Field(max_length=64)
    definition_version: str = Field(max_length=20)
    digest: str = Field(max_length=64)
    """SHA-256 of the definition the score rests on."""

    standing: str = Field(max_length=24)
    """What the paper claims: :class:`reports.report.Standing`, certificate or demonstration."""

    state: CertificateState = Field(sa_column=enum_column(CertificateState))
    issued_on: date
    expires_on: date
    """The last day on which it holds."""

    index_value: str | None = Field(max_length=20)
    """The headline index as printed: a rounded decimal string. None: the questionnaire states a profile and no overall
    figure."""

    band: str | None = Field(default=None, max_length=64)
    scorecard: str = Field(sa_type=sa.Text)
    """The scorecard in canonical JSON, as attached to the PDF."""

    answers: str = Field(sa_type=sa.Text)
    """The answers the score rests on in canonical JSON, as attached to the PDF."""

    scorecard_sha256: str = Field(max_length=64)
    content_sha256: str | None = Field(default=None, max_length=64)
    """Digest of exactly what was approved (:mod:`itti.review.content`); None: approved before there was one."""

    credential: str | None = Field(default=None, sa_type=sa.Text)
    """The signed credential, as attached to its papers; None: it was issued before there were any."""

    revoked_at: datetime | None = None
    revocation_reason: str | None = Field(default=None, max_length=2000)
    superseded_by: str | None = Field(default=None, max_length=40)
    """Number of the certificate that replaced this one."""


class CertificateFile(Row, table=True):
    """A sealed PDF of a certificate in one form and language, stored in the data folder under its SHA-256."""

    __tablename__ = "certificate_file"
    __table_args__ = (sa.UniqueConstraint("certificate_id", "language", "form"),)

    certificate_id: UUID = Field(foreign_key="certificate.id", index=True)
    language: str = Field(max_length=8)
    form: Form = Field(default=Form.FULL, sa_column=enum_column(Form))
    sha256: str = Field(max_length=64, unique=True)
    size: int


class ArchiveCopy(Row, table=True):
    """A copy of a sealed paper with one archive stamp more than the one before it; the paper itself stays as it is."""

    __tablename__ = "archive_copy"

    file_id: UUID = Field(foreign_key="certificate_file.id", index=True)
    sha256: str = Field(max_length=64, unique=True)
    """Names the copy; it is stored beside the papers."""

    size: int
    algorithm: str = Field(max_length=16)
    """The hash that its last stamp is over."""

    stamped_at: datetime
    stamped_by: str = Field(max_length=300)
    """Name in the certificate that made its last stamp."""

    ends_at: datetime
    """When that certificate ends: a further stamp is due before."""


class CredentialKey(Row, table=True):
    """A key that signed credentials: named by the issuer's public document for ever, also when it is out of use."""

    __tablename__ = "credential_key"

    thumbprint: str = Field(max_length=64, unique=True)
    """Of the public key, as RFC 7638 says."""

    certificate: str = Field(sa_type=sa.Text)
    """Its certificate when it was first used, as PEM."""

    first_used_at: datetime


class NumberSeries(SQLModel, table=True):
    """The last certificate number given out in a year."""

    __tablename__ = "number_series"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int = Field(default=0)
