"""What the API takes and gives about certificates and verifications."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from itti.acts import Act
from itti.calendar.reckoning import Reckoning
from itti.calendar.zones import day_in
from itti.certificates import register
from itti.certificates.register import Standing
from itti.certificates.tables import Certificate, CertificateFile
from itti.certificates.verification import RegisterState, Verification
from itti.http.fields import Input, RequiredProse
from reports.findings import RecordState
from reports.report import Form
from reports.verify import CredentialState, ScoreState, SealState

_DIGEST = "9f2c" * 16


class RevocationInput(Input):
    """Why a certificate is taken back."""

    reason: Annotated[RequiredProse, Field(max_length=2000)] = Field(
        description="The reason; public.",
        examples=["The evidence for the energy dimensions was found to belong to another site."],
    )


class PaperView(BaseModel):
    """A sealed paper of a certificate."""

    language: str = Field(description="Language of the paper.", examples=["en"])
    form: Form = Field(description="`report`: the whole; `short`: the scorecard on two pages.", examples=["report"])
    sha256: str = Field(description="SHA-256 of the file, hexadecimal.", examples=[_DIGEST])
    size: int = Field(description="Size of the file in bytes.", examples=[183_204])


class CertificateView(BaseModel):
    """An entry of the register."""

    number: str = Field(description="Number of the certificate.", examples=["TI-2026-00001"])
    state: Standing = Field(description="What the register says of it today.", examples=["valid"])
    standing: str = Field(
        description="What the paper claims: `certificate`, or `demonstration` (sealed with a demonstration key).",
        examples=["certificate"],
    )
    factory: str = Field(description="Name of the factory as printed.", examples=["Gulf Foods LLC"])
    factory_ar: str | None = Field(
        description="Name of the factory in Arabic script as printed.", examples=["أغذية الخليج ذ.م.م"]
    )
    family: str = Field(description="Questionnaire family.", examples=["itti"])
    definition_version: str = Field(description="Version of the questionnaire.", examples=["1.0.0"])
    digest: str = Field(description="SHA-256 of the definition, hexadecimal.", examples=[_DIGEST])
    index: str | None = Field(
        description="Headline index as printed: a rounded decimal string. "
        "Null where the questionnaire states a profile and no overall figure.",
        examples=["2.85"],
    )
    band: str | None = Field(description="Id of the band of the index.", examples=["data-guided"])
    issued_on: date = Field(description="Day of issue, in the programme's zone.", examples=["2026-11-22"])
    expires_on: date = Field(description="Last day on which it holds.", examples=["2028-11-21"])
    scorecard_sha256: str = Field(
        description="SHA-256 of the scorecard in canonical JSON, hexadecimal.", examples=[_DIGEST]
    )
    content_sha256: str | None = Field(
        description="SHA-256 of exactly what was approved: questionnaire, answers, evidence and scorecard together. "
        "Null: approved before there was one.",
        examples=[_DIGEST],
    )
    papers: list[PaperView] = Field(description="The sealed papers, by form and language.")
    revoked_on: date | None = Field(description="Day of the revocation, in the programme's zone.", examples=[None])
    revocation_reason: str | None = Field(description="Why it was revoked.", examples=[None])
    superseded_by: str | None = Field(
        description="Number of the certificate that replaced it.", examples=["TI-2027-00004"]
    )

    @classmethod
    def of(cls, certificate: Certificate, papers: Sequence[CertificateFile], act: Act) -> Self:
        """As the register shows ``certificate`` on the day of ``act``."""
        return cls(
            number=certificate.number,
            state=register.standing(certificate, act.today),
            standing=certificate.standing,
            factory=certificate.factory_name,
            factory_ar=certificate.factory_name_ar,
            family=certificate.family,
            definition_version=certificate.definition_version,
            digest=certificate.digest,
            index=certificate.index_value,
            band=certificate.band,
            issued_on=certificate.issued_on,
            expires_on=certificate.expires_on,
            scorecard_sha256=certificate.scorecard_sha256,
            content_sha256=certificate.content_sha256,
            papers=[PaperView.model_validate(each, from_attributes=True) for each in papers],
            revoked_on=day_in(act.zone, certificate.revoked_at) if certificate.revoked_at else None,
            revocation_reason=certificate.revocation_reason,
            superseded_by=certificate.superseded_by,
        )


class FindingView(BaseModel):
    """One finding of a verification."""

    sentence: str = Field(
        description="The finding in the language of the reader.",
        examples=["Nothing was changed since the file was sealed."],
    )


class SealView(FindingView):
    """What was found about the seal."""

    state: SealState = Field(description="What can be said of the seal.", examples=["intact"])
    code: str = Field(description="Why, as a stable word.", examples=["intact"])
    signer: str | None = Field(description="Name in the sealing certificate.", examples=["Programme seal 2026"])
    organisation: str | None = Field(
        description="Organisation in the sealing certificate.", examples=["Transformation Index Programme"]
    )
    sealed_at: datetime | None = Field(
        description="Time that the seal states (UTC).", examples=["2026-11-22T08:00:00Z"]
    )
    stamped_at: datetime | None = Field(
        description="Time that a time-stamp authority put on the seal (UTC).", examples=["2026-11-22T08:00:01Z"]
    )
    stamped_by: str | None = Field(description="That authority.", examples=["Example time-stamp authority"])
    stamp_trusted: bool = Field(description="True when this service trusts that authority: the time is proven.")
    stamp_sentence: str | None = Field(
        description="The time stamp in the language of the reader.",
        examples=["Time stamp: 22 November 2026, 08:00 UTC, confirmed by Example time-stamp authority."],
    )
    archived_at: datetime | None = Field(
        description="In an archive copy: time of the last stamp over all of it (UTC).", examples=[None]
    )
    archived_by: str | None = Field(description="The authority that made it.", examples=[None])
    level: str | None = Field(
        description="What the seal proves by itself, as ETSI EN 319 142-1 names it.", examples=["PAdES-B-LT"]
    )
    is_demonstration: bool = Field(description="True when it was sealed with a demonstration key.")
    changes: list[str] = Field(description="What was added after sealing.", examples=[[]])


class RegisterView(FindingView):
    """What the register says."""

    state: RegisterState = Field(description="What the register says of the file today.", examples=["valid"])
    number: str | None = Field(description="Number of the certificate.", examples=["TI-2026-00001"])
    factory: str | None = Field(description="Factory in the register.", examples=["Gulf Foods LLC"])
    factory_ar: str | None = Field(description="Factory in Arabic script.", examples=["أغذية الخليج ذ.م.م"])
    index: str | None = Field(description="Headline index in the register.", examples=["2.85"])
    issued_on: date | None = Field(description="Day of issue, in the programme's zone.", examples=["2026-11-22"])
    expires_on: date | None = Field(description="Last day on which it holds.", examples=["2028-11-21"])
    revoked_on: date | None = Field(description="Day of the revocation, in the programme's zone.", examples=[None])
    revocation_reason: str | None = Field(description="Why it was revoked.", examples=[None])
    superseded_by: str | None = Field(description="Number of the certificate that replaced it.", examples=[None])


class DifferenceView(BaseModel):
    """A value that the attached answers do not give."""

    path: str = Field(description="Which value.", examples=["nodes.overall.value"])
    attached: str = Field(description="As the file states it.", examples=["4.85"])
    computed: str = Field(description="As the attached answers give it.", examples=["2.85"])


class ScoreView(FindingView):
    """Whether the attached answers give the printed score again."""

    state: ScoreState = Field(description="What came out.", examples=["reproduced"])
    code: str = Field(description="Why, as a stable word.", examples=["reproduced"])
    differences: list[DifferenceView] = Field(description="Values that differ.")


class RecordView(FindingView):
    """What was found about the record of acts."""

    state: RecordState = Field(description="What the attached proof shows.", examples=["included"])
    code: str = Field(description="Why, as a stable word.", examples=["included"])
    origin: str | None = Field(description="Name of the record.", examples=["programme.example/record"])
    index: int | None = Field(description="Place of the act that ordered the certificate, from 0.", examples=[416])
    size: int | None = Field(description="Number of acts under the signed head.", examples=[417])
    acted_at: datetime | None = Field(description="Time of the act (UTC).", examples=["2026-11-22T08:00:00Z"])
    signed_at: datetime | None = Field(
        description="Time that the signature of the head states (UTC).", examples=["2026-11-22T08:00:02Z"]
    )
    leaf_hash: str | None = Field(description="Hash of the act as the tree holds it, hexadecimal.", examples=[_DIGEST])
    root: str | None = Field(description="The head, hexadecimal.", examples=[_DIGEST])


class CredentialView(FindingView):
    """What was found about the verifiable credential inside the file."""

    state: CredentialState = Field(description="What can be said of the credential.", examples=["intact"])
    code: str = Field(description="Why, as a stable word.", examples=["intact"])
    issuer: str | None = Field(description="The issuer's identifier.", examples=["did:web:index.example.org"])
    signer: str | None = Field(description="Name in the certificate that signed it.", examples=["Programme seal 2026"])
    signed_at: datetime | None = Field(
        description="Time that the credential states (UTC).", examples=["2026-11-22T08:00:00Z"]
    )
    is_demonstration: bool = Field(description="True when it was signed with a demonstration key.")


class VerificationView(BaseModel):
    """Answers about one file, each for itself, and all of them together."""

    holds: bool = Field(
        description="True when the seal is intact, the register stands behind the file today, the score comes "
        "out again, and nothing that the file says of the record, nor its credential, is wrong."
    )
    is_demonstration: bool = Field(description="True when it proves nothing outside a demonstration.")
    sha256: str = Field(description="SHA-256 of the file, hexadecimal.", examples=[_DIGEST])
    seal: SealView
    register_: RegisterView = Field(serialization_alias="register", validation_alias="register")
    score: ScoreView
    record: RecordView
    credential: CredentialView

    @classmethod
    def of(cls, verification: Verification, language: str) -> Self:
        """As the API shows ``verification``."""
        seal, register_, score = verification.seal, verification.register, verification.score
        signed = verification.credential
        return cls.model_validate(
            {
                "holds": verification.holds,
                "is_demonstration": verification.is_demonstration,
                "sha256": verification.sha256,
                "seal": {
                    **seal.model_dump(),
                    "sentence": seal.sentence(language),
                    "stamp_sentence": seal.stamp_sentence(
                        language, lambda moment: Reckoning().moment_words(moment, language)
                    ),
                },
                "register": {**register_.model_dump(), "sentence": register_.sentence(language)},
                "score": {**score.model_dump(), "sentence": score.sentence(language)},
                "record": {
                    **verification.record.model_dump(),
                    "sentence": verification.record.sentence(language),
                },
                "credential": {**signed.model_dump(), "sentence": signed.sentence(language)},
            }
        )
