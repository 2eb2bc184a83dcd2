"""Settings, read from the environment (``ITTI_…``) or from an ``.env`` file; each is described in docs/settings.md."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from itti.calendar.reckoning import Reckoning
from itti.calendar.zones import Calendar, zone_named

DEMONSTRATION_SECRET: Final = "demonstration-secret-not-for-real-use"  # noqa: S105 - named so, and refused by `serve`


_PROVIDER_ADDRESS: Final = r"^(https://[^\s?#]+|http://(127\.0\.0\.1|localhost)(:\d+)?(/[^\s?#]*)?)$"
"""Over https, or on this very machine."""


class PasswordCost(StrEnum):
    """How much work a password hash takes."""

    FULL = "full"
    """What RFC 9106 recommends for servers: about 0.2 s and 64 MiB."""

    CHEAP = "cheap"
    """Next to none: for tests alone; real use refuses it."""


class MailSecurity(StrEnum):
    """How the way to the mail server is kept from others."""

    STARTTLS = "starttls"
    """Plain to begin with, then TLS; a server that does not offer it gets nothing."""

    TLS = "tls"
    """TLS from the first byte."""

    NONE = "none"
    """In the open: for a server on the same machine."""


class SecondFactorRule(StrEnum):
    """Who has to prove themselves by more than a password."""

    OFFERED = "offered"
    """Nobody has to; everybody may."""

    OFFICE = "office"
    """Everybody of the programme office; until then nothing is open to them but setting it up."""


class NamedKey(BaseModel):
    """One of several sealing keys: a PKCS#12 file, or a key on a token."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: Path | None = None
    """PKCS#12 file."""

    passphrase: SecretStr = SecretStr("")
    """Passphrase of the file."""

    token: Path | None = None
    """PKCS#11 module of the token."""

    label: str = ""
    """Label of the token."""

    key: str = ""
    """Label of the key on it."""

    pin: SecretStr = SecretStr("")
    """PIN of the token's user."""

    chain: Path | None = None
    """PEM file of the certificates that are not on the token."""

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.file is None) == (self.token is None):
            raise ValueError("file or token")
        return self


def _known_zone(name: str) -> str:
    return zone_named(name).key


class Provider(BaseModel):
    """Somebody elsewhere by whom people sign in: found by its issuer, or by addresses that are set one by one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=60)
    name_ar: str = Field(default="", max_length=60)
    """What the button says."""

    issuer: str = Field(pattern=_PROVIDER_ADDRESS)
    """Whom its tokens name as issuer; below it lies its description, unless addresses are set."""

    client_id: str = Field(min_length=1)
    client_secret: SecretStr
    """What it knows this service by."""

    authorize_url: str = Field(default="", pattern=_PROVIDER_ADDRESS + "|^$")
    token_url: str = Field(default="", pattern=_PROVIDER_ADDRESS + "|^$")
    userinfo_url: str = Field(default="", pattern=_PROVIDER_ADDRESS + "|^$")
    keys_url: str = Field(default="", pattern=_PROVIDER_ADDRESS + "|^$")
    """Its addresses, where it publishes none. Without ``keys_url`` its page about the person is believed."""

    scope: str = "openid email profile"
    acr_values: str = ""
    """What to ask for."""

    strong: tuple[str, ...] = ()
    """Values of ``acr`` or ``amr`` that count as a second factor here; empty: none does."""

    subject_claim: str = "sub"
    """What names a person for ever."""

    email_verified: bool = False
    """Whether its e-mail addresses are verified even where it does not say so."""

    @property
    def discovers(self) -> bool:
        """Whether its addresses are those that it publishes."""
        return not self.authorize_url

    @model_validator(mode="after")
    def _has_all_addresses(self) -> Self:
        if self.authorize_url and not (self.token_url and (self.keys_url or self.userinfo_url)):
            raise ValueError("token_url, and keys_url or userinfo_url")
        return self


class Settings(BaseSettings):
    """All settings with their defaults."""

    model_config = SettingsConfigDict(env_prefix="ITTI_", env_file=".env", extra="ignore")

    data_folder: Path = Path("var")
    """Where evidence, certificates, keys and the embedded database lie."""

    database_url: str | None = None
    """SQLAlchemy address of the database; None: SQLite in the data folder."""

    sqlite_durable: bool = True
    """Whether SQLite tells of a commit only once it is on the disk."""

    secret: SecretStr = SecretStr(DEMONSTRATION_SECRET)
    """Keys the hashes of sessions and tokens; changing it signs everybody out."""

    base_url: str = "http://127.0.0.1:8000"
    """Public address of the service, printed in QR codes and links; https outside a demonstration."""

    programme_name: str = "Transformation Index Programme"
    programme_name_ar: str = "برنامج مؤشر التحول"
    """Who issues the certificates, as printed."""

    time_zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    """IANA name of the zone in which the programme's days begin and end, and which readers see who chose no other."""

    calendar: Calendar = Calendar.GREGORIAN
    """By which calendars days are written for readers who chose no other."""

    theme: Path | None = None
    """YAML file with the look of papers and pages (:mod:`reports.theme`); None: that of this project."""

    certificate_prefix: str = Field(default="TI", pattern=r"^[A-Z]{1,8}$")
    """First part of certificate numbers: TI-2026-00001."""

    certificate_months: int = Field(default=24, ge=1, le=120)
    """How long a certificate is valid."""

    reply_days: int = Field(default=14, ge=0, le=180)
    """How long a factory may reply to what was found before it is certified; 0: the programme gives no such right."""

    appeal_days: int = Field(default=30, ge=0, le=366)
    """How long after the decision a factory may appeal; 0: the programme hears no appeals."""

    independence_months: int = Field(default=24, ge=0, le=120)
    """How long an engagement for a factory keeps somebody, or their body, from acting there; 0: nothing is asked."""

    separate_bodies: bool = False
    """Whether the reviewer has to be of another assessment body than the assessor."""

    rotation_after: int = Field(default=3, ge=0, le=20)
    """After so many assessments of one factory in a row an assessor has to change; 0: never."""

    second_shares: dict[str, Annotated[int, Field(ge=0, le=100)]] = {}
    """Questionnaire family, or ``*`` for all others → per cent of its assessments that are assessed a second time."""

    second_seed: SecretStr = SecretStr("")
    """Seed of that draw; needed with ``second_shares``."""

    notice_days: int = Field(default=60, ge=0, le=366)
    """How many days before its end an accreditation is announced on the home pages."""

    due_minutes: int = Field(default=10, ge=0, le=1440)
    """How often this serving process does what time demands; 0: never, ``itti assessments due`` does."""

    seal_key: Path | None = None
    """PKCS#12 file with the sealing key and its chain; None: a demonstration key made at first start."""

    seal_passphrase: SecretStr = SecretStr("")
    """Passphrase of ``seal_key``."""

    seal_token: Path | None = None
    """PKCS#11 module of the token that holds the sealing key, instead of ``seal_key``."""

    seal_token_label: str = ""
    """Label of the token."""

    seal_token_key: str = ""
    """Label of the key on the token, and of its certificate."""

    seal_token_pin: SecretStr = SecretStr("")
    """PIN of the token's user."""

    seal_token_chain: Path | None = None
    """PEM file of the certificates that are not on the token."""

    seal_keys: dict[str, NamedKey] = {}
    """Several sealing keys by name: the one that seals, the next one, earlier ones. All of them are trusted."""

    seal_active: str = ""
    """Name of the key in ``seal_keys`` that seals; empty: ``seal_key`` or ``seal_token`` does."""

    seal_struck: dict[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")], AwareDatetime] = {}
    """Sealing keys that were struck, by the SHA-256 of the public key, and from which moment on."""

    paper_workers: int | None = Field(default=None, ge=0, le=64)
    """How many papers this serving process makes at once; None: one a core; 0: none, ``itti papers work`` does."""

    stamp_url: str = Field(default="", pattern=r"^(https?://.+)?$")
    """Address of the time-stamp authority (RFC 3161); empty: the time on a seal is the office's own word."""

    stamp_user: str = ""
    stamp_password: SecretStr = SecretStr("")
    """Name and password at the time-stamp authority, where it asks for them."""

    stamp_policy: str = Field(default="", pattern=r"^(\d+(\.\d+)+)?$")
    """The policy asked for, as an object identifier; empty: the authority's own."""

    stamp_roots: tuple[Path, ...] = ()
    """PEM certificates trusted for time stamps, and for nothing else."""

    stamp_seconds: int = Field(default=10, ge=1, le=60)
    """How long the authority may take to answer."""

    stamp_drift_seconds: int = Field(default=300, ge=1)
    """How far a stamp may be from the time that the seal states."""

    trust_roots: tuple[Path, ...] = ()
    """Further PEM certificates that verification trusts, such as those of earlier sealing keys."""

    mail_host: str = ""
    """Mail server (SMTP) that takes our messages; empty: they wait in the outbox."""

    mail_port: int | None = Field(default=None, ge=1, le=65535)
    """Its port; None: 587, with ``tls`` 465, with ``none`` 25."""

    mail_security: MailSecurity = MailSecurity.STARTTLS
    """How the way to the mail server is kept from others."""

    mail_roots: Path | None = None
    """PEM file of the certificates trusted for the mail server; None: those of the system."""

    mail_user: str = ""
    mail_password: SecretStr = SecretStr("")
    """Name and password at the mail server, where it asks for them."""

    mail_sender: str = Field(default="", pattern=r"^([^@\s<>]+@[^@\s<>]+)?$")
    """Address our messages come from; needed with ``mail_host``."""

    mail_seconds: int = Field(default=20, ge=1, le=300)
    """How long the mail server may take for one answer."""

    mail_worker: bool = True
    """Whether this serving process sends messages; False: ``itti mail send`` does."""

    webhook_hands: int = Field(default=8, ge=0, le=64)
    """How many receivers of events this serving process calls at once; 0: none, other processes do."""

    results_least: int = Field(default=10, ge=3)
    """How many factories the smallest group in an export of results has."""

    export_worker: bool = True
    """Whether this serving process makes exports of results; else other processes do."""

    webhook_private: bool = False
    """Whether webhooks may lead to private addresses, and without TLS: for development alone."""

    record_key: Path | None = None
    """File with the key that signs the heads of the record of acts; None: one made at first start."""

    record_keys: tuple[str, ...] = ()
    """Further public keys of the record that verification trusts: earlier ones, or another programme's."""

    record_seconds: float = Field(default=2.0, ge=0, le=60)
    """How long an act may wait before this serving process takes it into the tree; 0: others do."""

    keep_sign_ins_days: int = Field(default=90, ge=0, le=3660)
    """How long ended sessions, tokens and links are kept, and network addresses of refused sign-ins; 0: for ever."""

    keep_messages_days: int = Field(default=365, ge=0, le=3660)
    """How long messages are kept that were sent or given up; 0: for ever."""

    upload_bytes: int = Field(default=10_000_000, ge=1_000)
    """Largest evidence file or PDF taken, in bytes."""

    evidence_files: int = Field(default=20, ge=1)
    """Most pieces of evidence for one question."""

    assessment_files: int = Field(default=500, ge=1)
    """Most evidence of one assessment: every revision of files and notes counts, and what was taken away."""

    keep_evidence_months: int = Field(default=0, ge=0, le=600)
    """How many months after the end of its certificate the content of evidence is kept; 0: always."""

    evidence_bucket: str = ""
    """Bucket of a store that speaks S3, which holds evidence; empty: the data folder does."""

    evidence_prefix: str = Field(default="evidence/", pattern=r"^([\w.-]+/)*$")
    """What the names of objects in it begin with."""

    store_endpoint: str = Field(default="", pattern=r"^(https?://.+)?$")
    """Address of the store; empty: Amazon's own of the region."""

    store_region: str = "us-east-1"
    store_key: str = ""
    store_secret: SecretStr = SecretStr("")
    """Region, access key and its secret; without a key, those of the environment or of the machine's role."""

    session_hours: int = Field(default=12, ge=1)
    token_days: int = Field(default=30, ge=1, le=366)
    """How long a browser session and a bearer token live."""

    personal_token_days: int = Field(default=366, ge=1, le=730)
    """How many days a token limited to scopes, which somebody makes for a tool, may live at most."""

    sign_in_attempts: int = Field(default=10, ge=1)
    """Failed sign-ins for one account or from one address within 15 minutes before further ones are refused."""

    engine_requests: int = Field(default=60, ge=1)
    """Requests that one account may make to the engine alone (``/score``, ``/explain``) within a minute."""

    cors_origins: tuple[Annotated[str, Field(pattern=r"^(\*|https?://[^\s/?#*@]+)$")], ...] = ()
    """Sites whose pages may call the API from a browser (``https://tool.example``; ``*``: any), never with cookies."""

    account_requests: int = Field(default=0, ge=0)
    """Requests to the API that one account may send within a minute; 0: as many as it likes."""

    replay_hours: int = Field(default=24, ge=1, le=720)
    """How long the answer to a request with an ``Idempotency-Key`` is kept, to be given again."""

    second_factor: SecondFactorRule = SecondFactorRule.OFFERED
    """Who has to prove themselves by more than a password."""

    providers: dict[Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")], Provider] = {}
    """Who else signs people in, by a name that stays."""

    fresh_minutes: int = Field(default=15, ge=0, le=1440)
    """How long a sign-in is fresh enough for acts that weigh much; 0: they ask for none of their own."""

    password_cost: PasswordCost = PasswordCost.FULL
    """How much work a password hash takes."""

    @model_validator(mode="after")
    def _draws_have_a_seed(self) -> Self:
        if any(self.second_shares.values()) and not self.second_seed.get_secret_value():
            raise ValueError("second_seed")
        return self

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> Self:
        if self.mail_host and not self.mail_sender:
            raise ValueError("mail_sender")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the programme's days begin and end."""
        return zone_named(self.time_zone)

    @property
    def reckoning(self) -> Reckoning:
        """How days and moments are written for readers who chose nothing else."""
        return Reckoning(self.zone, self.calendar, self.zone)

    @property
    def database(self) -> str:
        """The database address in force."""
        return self.database_url or f"sqlite:///{self.data_folder / 'itti.sqlite'}"


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
