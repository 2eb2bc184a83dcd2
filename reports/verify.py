"""Examine a paper that a stranger hands in: its seal, the score that its attached data give, and its credential.

The findings are apart on purpose. Whether the register still stands behind the paper is a third question,
answered by the floor above with the ``certificate`` and ``sha256`` given here.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import BaseModel, ValidationError

from questionnaires.digest import digest
from questionnaires.errors import Fault
from questionnaires.model import Definition
from reports.attached import ANSWERS, CERTIFICATE, CREDENTIAL, SCORECARD, AttachedAnswers, AttachedCertificate
from reports.credential import integrity, said_otherwise
from reports.findings import (
    SIZE_LIMIT,
    CredentialFinding,
    CredentialState,
    Difference,
    Examination,
    Finding,
    ScoreFinding,
    ScoreState,
    SealFinding,
    SealState,
)
from reports.quarantine import Quarantined, apart
from reports.recorded import RECORD, look
from reports.struck import Struck
from scoring import compile_plan, score
from scoring.scorecard import Scorecard

__all__ = [
    "SIZE_LIMIT",
    "CredentialFinding",
    "CredentialState",
    "Difference",
    "Examination",
    "Finding",
    "ScoreFinding",
    "ScoreState",
    "SealFinding",
    "SealState",
    "examine",
]

M = TypeVar("M", bound=BaseModel)

_SHOWN: Final = 50
"""Differences that are listed; more say nothing more."""


def examine(  # noqa: PLR0913 - each is something to trust, or not
    pdf: bytes,
    trust_roots: Sequence[x509.Certificate],
    definitions: Callable[[str, str], Definition],
    stamp_roots: Sequence[x509.Certificate] = (),
    record_keys: Sequence[str] = (),
    *,
    struck: Struck | None = None,
) -> Examination:
    """Examine ``pdf``; every hostile or damaged input is a finding and never an exception.

    The file is opened in quarantine, with limits on memory and time (:mod:`reports.quarantine`).

    Args:
        pdf: what was handed in.
        trust_roots: the root certificates that the reader trusts.
        definitions: loads a definition by family and version; a ``Fault`` from it means it is unknown here.
        stamp_roots: those trusted for time stamps alone.
        record_keys: public keys of records that the reader trusts, as text (:class:`reports.notes.Verifier`).
        struck: keys that seal nothing any more, by their fingerprints, and since when.
    """
    since = {key: at.isoformat() for key, at in (struck or {}).items()}
    seal = _refused(pdf) or _seal(pdf, trust_roots, stamp_roots, since)
    sha256 = hashlib.sha256(pdf).hexdigest()
    if seal.state is SealState.UNREADABLE:
        finding = ScoreFinding(state=ScoreState.IMPOSSIBLE, code="not-examined")
        unread = CredentialFinding(state=CredentialState.ABSENT, code="not-examined")
        return Examination(sha256=sha256, seal=seal, score=finding, credential=unread)
    try:
        held = apart("attachments", pdf, names=[SCORECARD, ANSWERS, CERTIFICATE, RECORD, CREDENTIAL])
    except Quarantined:
        held = {}
    files = {name: base64.b64decode(content) for name, content in held.items()}
    carried = _Carried(files)
    return Examination(
        sha256=sha256,
        seal=seal,
        score=_score(carried, definitions),
        credential=_credential(carried, trust_roots, since, _proven(seal)),
        scorecard=carried.scorecard,
        answers=carried.answers,
        certificate=carried.certificate,
        record=look(files, record_keys, _number(carried), seal_holds=seal.state is SealState.INTACT),
    )


def _number(carried: _Carried) -> str | None:
    return carried.certificate.number if carried.certificate else None


def _refused(pdf: bytes) -> SealFinding | None:
    if len(pdf) > SIZE_LIMIT:
        return SealFinding(state=SealState.UNREADABLE, code="too-large")
    if b"%PDF-" not in pdf[:1024]:
        return SealFinding(state=SealState.UNREADABLE, code="not-a-pdf")
    return None


def _proven(seal: SealFinding) -> str:
    """The time before which everything in the file is proven to have been there; empty: none."""
    proven = seal.state is SealState.INTACT and seal.stamp_trusted and seal.stamped_at
    return proven.isoformat() if proven else ""


def _seal(
    pdf: bytes,
    trust_roots: Sequence[x509.Certificate],
    stamp_roots: Sequence[x509.Certificate],
    struck: Mapping[str, str],
) -> SealFinding:
    try:
        found = apart("seal", pdf, roots=_packed(trust_roots), stamp_roots=_packed(stamp_roots), struck=struck)
        return SealFinding.model_validate(found)
    except Quarantined as fault:
        code = "damaged" if fault.details["reason"] == "crash" else "too-complex"
        return SealFinding(state=SealState.UNREADABLE, code=code)


def _packed(certificates: Sequence[x509.Certificate]) -> list[str]:
    return [base64.b64encode(each.public_bytes(Encoding.DER)).decode() for each in certificates]


class _Carried:
    """The attached files, each read if it can be."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.scorecard = _read(Scorecard, files.get(SCORECARD))
        self.answers = _read(AttachedAnswers, files.get(ANSWERS))
        self.certificate = _read(AttachedCertificate, files.get(CERTIFICATE))

    def facts(self) -> dict[str, object]:
        """What a credential of this paper has to say."""
        stated = {} if self.certificate is None else self.certificate.model_dump(mode="json")
        facts: dict[str, object] = {name: stated.get(name) for name in ("number", "value", "issued_on", "expires_on")}
        return facts | {"digests": [integrity(self.files.get(name, b"")) for name in (SCORECARD, ANSWERS)]}


def _read(kind: type[M], data: bytes | None) -> M | None:
    try:
        return None if data is None else kind.model_validate_json(data)
    except ValidationError:
        return None


def _credential(
    carried: _Carried, trust_roots: Sequence[x509.Certificate], struck: Mapping[str, str], proven: str
) -> CredentialFinding:
    """What can be said of the attached credential."""
    if CREDENTIAL not in carried.files:
        return CredentialFinding(state=CredentialState.ABSENT, code="absent")
    try:
        told = apart("credential", carried.files[CREDENTIAL], roots=_packed(trust_roots), struck=struck, proven=proven)
    except Quarantined:
        return CredentialFinding(state=CredentialState.BROKEN, code="malformed")
    claims = told.pop("claims", {})
    found = CredentialFinding.model_validate(told)
    if found.state is CredentialState.INTACT and said_otherwise(claims, carried.facts()):
        return found.model_copy(update={"state": CredentialState.DIFFERS, "code": "says-otherwise"})
    return found


class _Impossible(Exception):
    """The score cannot be computed again, for the reason given."""


def _score(carried: _Carried, definitions: Callable[[str, str], Definition]) -> ScoreFinding:
    try:
        computed = _computed(carried, definitions)
    except _Impossible as reason:
        return ScoreFinding(state=ScoreState.IMPOSSIBLE, code=str(reason))
    attached = carried.scorecard.model_dump(mode="json") if carried.scorecard else None
    found = _differences("certificate", *_certified(carried, computed))
    found += _differences("scorecard", attached, computed.model_dump(mode="json"))
    if found:
        return ScoreFinding(state=ScoreState.DIFFERS, code="differs", differences=tuple(found[:_SHOWN]))
    return ScoreFinding(state=ScoreState.REPRODUCED, code="reproduced")


def _computed(carried: _Carried, definitions: Callable[[str, str], Definition]) -> Scorecard:
    """The scorecard that the attached answers give."""
    if SCORECARD not in carried.files or ANSWERS not in carried.files:
        raise _Impossible("no-attachments")
    answers = carried.answers
    if answers is None or carried.scorecard is None:
        raise _Impossible("unreadable-attachments")
    try:
        definition = definitions(answers.family, answers.version)
    except Fault as fault:
        raise _Impossible("unknown-definition") from fault
    if digest(definition) != answers.digest:
        raise _Impossible("other-definition")
    try:
        return score(compile_plan(definition, carried.scorecard.cohort), answers.for_scoring())
    except (Fault, ValidationError) as error:
        raise _Impossible("answers-refused") from error


def _certified(carried: _Carried, computed: Scorecard) -> tuple[dict[str, object], dict[str, object]]:
    """What the attached certificate says of the score, and what it would have to say."""
    stated = carried.certificate
    if stated is None:
        return {}, {}
    right = {
        "family": computed.family,
        "version": computed.version,
        "digest": computed.digest,
        "value": computed.headline.value,
        "band": computed.headline.band,
        "scorecard_sha256": hashlib.sha256(carried.files[SCORECARD]).hexdigest(),
        "answers_sha256": hashlib.sha256(carried.files[ANSWERS]).hexdigest(),
    }
    return {name: getattr(stated, name) for name in right}, dict(right)


def _differences(path: str, attached: object, computed: object) -> list[Difference]:
    """Every leaf at which two JSON values differ, named by its path."""
    if isinstance(attached, dict) and isinstance(computed, dict):
        keys = [*attached, *(key for key in computed if key not in attached)]
        return [each for key in keys for each in _differences(f"{path}.{key}", attached.get(key), computed.get(key))]
    if isinstance(attached, list) and isinstance(computed, list) and len(attached) == len(computed):
        found: list[Difference] = []
        for place, (one, other) in enumerate(zip(attached, computed, strict=True)):
            name = one.get("id") or one.get("of") or place if isinstance(one, dict) else place
            found += _differences(f"{path}.{name}", one, other)
        return found
    if attached == computed:
        return []
    return [Difference(path=path, attached=_shown(attached), computed=_shown(computed))]


def _shown(value: object) -> str:
    text = "–" if value is None else str(value)
    return text if len(text) <= 120 else f"{text[:117]}…"
