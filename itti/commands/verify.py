"""``itti verify FILE.pdf``: are seal, register, score and record as they should be?"""

from __future__ import annotations

import argparse
import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from cryptography import x509
from pydantic import ValidationError

from itti.acts import now
from itti.audit.keys import known_keys
from itti.certificates.keys import KeySource, certificates_in
from itti.certificates.schemas import VerificationView
from itti.certificates.verification import (
    RegisterFinding,
    RegisterState,
    Verification,
    ask_register,
    combine,
)
from itti.commands.files import bytes_from
from itti.commands.words import language, progress, words
from itti.database import Database
from itti.programme import day_of
from itti.settings import Settings, settings
from questionnaires import load
from questionnaires.errors import Fault
from reports.findings import RecordState
from reports.verify import CredentialState, Examination, ScoreState, SealState, examine

_ANSWER_SECONDS: Final = 30


class RegisterUnreachable(Fault):
    """The register of another service cannot be asked."""

    code = "register-unreachable"
    room = "itti.commands"


class FileTooLarge(Fault):
    """The file is larger than any certificate."""

    code = "too-large"
    room = "itti.commands"


def declare(commands: Any) -> None:
    """Add the command's words."""
    parser = commands.add_parser("verify", help=words("verify.help"), description=words("verify.about"))
    parser.add_argument("file", type=Path, metavar="FILE.pdf", help=words("verify.file"))
    parser.add_argument("--json", action="store_true", help=words("verify.json"))
    parser.add_argument("--register", metavar="URL", default=None, help=words("verify.register"))
    parser.add_argument("--record-key", metavar="KEY", action="append", default=[], help=words("verify.record-key"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Say the findings apart; 0 only if all of them are good."""
    chosen = installation()
    pdf = bytes_from(options.file, chosen.upload_bytes)
    if len(pdf) > chosen.upload_bytes:
        raise FileTooLarge(file=options.file, limit=chosen.upload_bytes)
    with progress("verify.checking"):
        examination = examine(
            pdf,
            list(_roots(chosen)),
            load,
            list(certificates_in(chosen.stamp_roots)),
            [*(str(each) for each in known_keys(chosen)), *options.record_key],
            struck=chosen.seal_struck,
        )
        if options.register:
            verification = combine(examination, _asked(options.register, pdf))
        else:
            verification = _looked_up(chosen, examination)
    if options.json:
        view = VerificationView.of(verification, language())
        print(json.dumps(view.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(verification)))
    return 0 if verification.holds else 1


def installation() -> Settings:
    """The settings in force; where there are no real data but a demonstration, those of the demonstration."""
    own = settings()
    demonstration = own.data_folder / "demo"
    real = own.database_url is not None or bool(KeySource.known(own)) or (own.data_folder / "itti.sqlite").exists()
    if real or not demonstration.is_dir():
        return own
    return own.model_copy(update={"data_folder": demonstration})


def _roots(chosen: Settings) -> Iterator[x509.Certificate]:
    """Whom to trust: the own sealing keys, if there are any, and the roots of the settings. Makes no key."""
    folders = {chosen.data_folder, settings().data_folder}
    active = [KeySource.of(chosen.model_copy(update={"data_folder": folder})) for folder in folders]
    for source in dict.fromkeys([*active, *KeySource.known(chosen).values()]):
        if source.path.exists():
            yield source.sealer().root
    yield from certificates_in(chosen.trust_roots)


def _looked_up(chosen: Settings, examination: Examination) -> Verification:
    if chosen.database_url is None and not (chosen.data_folder / "itti.sqlite").exists():
        return combine(examination, RegisterFinding(state=RegisterState.NOT_ASKED))
    database = Database(chosen)
    try:
        database.check_revision()
        with database.reading() as session:
            return combine(examination, ask_register(session, examination, day_of(session, now())), session)
    finally:
        database.close()


def _asked(address: str, pdf: bytes) -> RegisterFinding:
    """What the register of a service says of the file, asked over HTTP.

    Raises:
        RegisterUnreachable: no service answers there, or it is none of ours.
    """
    mark = uuid4().hex
    body = b"".join(
        (
            f"--{mark}\r\n".encode(),
            b'Content-Disposition: form-data; name="pdf"; filename="certificate.pdf"\r\n',
            b"Content-Type: application/pdf\r\n\r\n",
            pdf,
            f"\r\n--{mark}--\r\n".encode(),
        )
    )
    target = f"{address.rstrip('/')}/api/v1/verifications"
    if not target.startswith(("https://", "http://")):
        raise RegisterUnreachable(address=address, reason="http, https")
    request = urllib.request.Request(  # noqa: S310 - http and https only, see above
        target, data=body, headers={"Content-Type": f"multipart/form-data; boundary={mark}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=_ANSWER_SECONDS) as answer:  # noqa: S310
            return RegisterFinding.model_validate(_known(json.load(answer)["register"]))
    except (OSError, ValueError, KeyError, TypeError, urllib.error.URLError, ValidationError) as error:
        reason = getattr(error, "reason", None) or type(error).__name__
        raise RegisterUnreachable(address=address, reason=reason) from error


def _known(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name in RegisterFinding.model_fields}


def _lines(verification: Verification) -> Iterable[str]:
    spoken, reckoning = language(), settings().reckoning
    seal, register, score = verification.seal, verification.register, verification.score
    yield words("verify.seal", mark=_mark(good=seal.state is SealState.INTACT), sentence=seal.sentence(spoken))
    if stamped := seal.stamp_sentence(spoken, lambda moment: reckoning.moment_words(moment, spoken)):
        yield words("verify.stamp", sentence=stamped)
    if archived := seal.archive_sentence(spoken, lambda moment: reckoning.moment_words(moment, spoken)):
        yield words("verify.archive", sentence=archived)
    good = register.state is RegisterState.VALID
    yield words("verify.register-line", mark=_mark(good=good), sentence=register.sentence(spoken))
    good = score.state is ScoreState.REPRODUCED
    yield words("verify.score", mark=_mark(good=good), sentence=score.sentence(spoken))
    for item in score.differences:
        yield words("verify.difference", path=item.path, attached=item.attached, computed=item.computed)
    good = verification.record.state in {RecordState.INCLUDED, RecordState.ABSENT}
    yield words("verify.record-line", mark=_mark(good=good), sentence=verification.record.sentence(spoken))
    signed = verification.credential
    if signed.state is not CredentialState.ABSENT:
        good = signed.state is CredentialState.INTACT
        yield words("verify.credential", mark=_mark(good=good), sentence=signed.sentence(spoken))


def _mark(*, good: bool) -> str:
    return words("verify.mark-holds" if good else "verify.mark-fails")
