"""The answers about a file in words, tone and icon: seal, register, score, record. Never one instead of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from itti.calendar.reckoning import Reckoning
from itti.certificates.recorded import EntryState, RecordedEntry
from itti.certificates.verification import RegisterState, Verification
from itti.web.rendering import plain
from reports.findings import RecordFinding, RecordState
from reports.verify import CredentialFinding, CredentialState, ScoreState, SealFinding, SealState

_SHOWN: Final = 5
"""Most differences named one by one."""


@dataclass(frozen=True)
class Answer:
    """One of the answers."""

    title: str
    mark: str
    tone: str
    """``good``, ``bad`` or ``warn``; the verdict says the same in words."""

    verdict: str
    text: str
    lines: tuple[str, ...] = ()


_SEAL_TONES: Final[Mapping[SealState, str]] = {SealState.INTACT: "good", SealState.UNTRUSTED: "warn"}
_REGISTER_TONES: Final[Mapping[RegisterState, str]] = {
    RegisterState.VALID: "good",
    RegisterState.EXPIRED: "warn",
    RegisterState.SUPERSEDED: "warn",
}
_RECORD_TONES: Final[Mapping[RecordState, str]] = {RecordState.INCLUDED: "good", RecordState.BROKEN: "bad"}
_CREDENTIAL_TONES: Final[Mapping[CredentialState, str]] = {
    CredentialState.INTACT: "good",
    CredentialState.UNTRUSTED: "warn",
}
_SCORE_TONES: Final[Mapping[ScoreState, str]] = {ScoreState.REPRODUCED: "good", ScoreState.IMPOSSIBLE: "warn"}


def answers_of(found: Verification, language: str, reckoning: Reckoning) -> list[Answer]:
    """Seal, register, score and record, apart; and the credential where there is one."""
    seal, register, score, record = found.seal, found.register, found.score, found.record
    return [
        Answer(
            plain(language, "verify.seal"),
            "seal",
            _SEAL_TONES.get(seal.state, "bad"),
            plain(language, f"verify.seal.{seal.state.value}"),
            seal.sentence(language),
            tuple(_seal_lines(seal, language, reckoning)),
        ),
        Answer(
            plain(language, "verify.register"),
            "register",
            _REGISTER_TONES.get(register.state, "bad"),
            plain(language, f"verify.register.{register.state.value}"),
            register.sentence(language, lambda day: reckoning.day_words(day, language)),
        ),
        Answer(
            plain(language, "verify.score"),
            "score",
            _SCORE_TONES.get(score.state, "bad"),
            plain(language, f"verify.score.{score.state.value}"),
            score.sentence(language),
            tuple(f"{each.path}: {each.attached} ≠ {each.computed}" for each in score.differences[:_SHOWN]),
        ),
        Answer(
            plain(language, "verify.record"),
            "record",
            _RECORD_TONES.get(record.state, "warn"),
            plain(language, f"verify.record.{record.state.value}"),
            record.sentence(language),
            tuple(_record_lines(record, language, reckoning)),
        ),
        *_signed(found.credential, language),
    ]


def _signed(credential: CredentialFinding, language: str) -> list[Answer]:
    """The credential, of a paper that carries one."""
    if credential.state is CredentialState.ABSENT:
        return []
    lines = [plain(language, "verify.credential.by", issuer=credential.issuer)] if credential.issuer else []
    return [
        Answer(
            plain(language, "verify.credential"),
            "key",
            _CREDENTIAL_TONES.get(credential.state, "bad"),
            plain(language, f"verify.credential.{credential.state.value}"),
            credential.sentence(language),
            tuple(lines),
        )
    ]


def heading_of(found: Verification, language: str) -> str:
    """The whole in one line, which says neither more nor less than the three answers."""
    return plain(language, f"verify.{_heading(found)}")


def _heading(found: Verification) -> str:
    if found.seal.code == "not-a-pdf":
        return "not-a-pdf"
    if found.seal.state is SealState.ABSENT and found.register.number is None:
        return "no-certificate"
    if not found.holds:
        return "fails"
    return "holds-demonstration" if found.is_demonstration else "holds"


def entry_answer(found: RecordedEntry, language: str, reckoning: Reckoning) -> Answer:
    """What the record says of an entry of the register."""
    tone = {EntryState.INCLUDED: "good", EntryState.WAITING: "warn", EntryState.BROKEN: "bad"}[found.state]
    verdict = plain(language, f"verify.record.{found.state.value}")
    lines = (
        (plain(language, "verify.record.signed", moment=reckoning.moment_words(found.head.signed_at, language)),)
        if found.head
        else ()
    )
    return Answer(plain(language, "verify.record"), "record", tone, verdict, found.sentence(language), lines)


def _record_lines(record: RecordFinding, language: str, reckoning: Reckoning) -> list[str]:
    lines = []
    if record.acted_at:
        lines.append(plain(language, "verify.record.acted", moment=reckoning.moment_words(record.acted_at, language)))
    if record.signed_at:
        lines.append(plain(language, "verify.record.signed", moment=reckoning.moment_words(record.signed_at, language)))
    return lines


def _seal_lines(seal: SealFinding, language: str, reckoning: Reckoning) -> list[str]:
    lines: list[str] = []
    if seal.signer:
        lines.append(plain(language, "verify.seal.by", signer=seal.signer))
    if seal.sealed_at:
        lines.append(plain(language, "verify.seal.at", moment=reckoning.moment_words(seal.sealed_at, language)))
    if stamped := seal.stamp_sentence(language, lambda moment: reckoning.moment_words(moment, language)):
        lines.append(stamped)
    if archived := seal.archive_sentence(language, lambda moment: reckoning.moment_words(moment, language)):
        lines.append(archived)
    return lines
