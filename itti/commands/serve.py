"""``itti serve`` for real use, and ``itti demo`` with demonstration data: one application, data kept apart."""

from __future__ import annotations

import argparse
import shutil
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import SecretStr

from itti.accounts.service import demonstration_accounts
from itti.acts import now
from itti.calendar.zones import day_in
from itti.commands.keys import warnings_of
from itti.commands.real_use import DemonstrationInUse, Reason, against_sealing
from itti.commands.words import language, words
from itti.database import Database, upgrade
from itti.settings import DEMONSTRATION_SECRET, PasswordCost, SecondFactorRule, Settings, settings
from questionnaires.errors import Fault

if TYPE_CHECKING:
    from itti.demonstration import DemonstrationAccount

SHORTEST_SECRET: Final = 32


class AddressInUse(Fault):
    """Another program listens there already."""

    code = "address-in-use"
    room = "itti.commands"


def declare(commands: Any) -> None:
    """Add the words of both commands."""
    server = commands.add_parser("serve", help=words("serve.help"), description=words("serve.about"))
    demo = commands.add_parser("demo", help=words("demo.help"), description=words("demo.about"))
    for parser in (server, demo):
        parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help=words("serve.host"))
        parser.add_argument("--port", type=int, default=8000, metavar="PORT", help=words("serve.port"))
    demo.add_argument("--fresh", action="store_true", help=words("demo.fresh"))
    server.set_defaults(run=run_serve)
    demo.set_defaults(run=run_demo)


def run_serve(options: argparse.Namespace) -> int:
    """Serve until stopped.

    Raises:
        DemonstrationInUse: a demonstration secret, account or key; every reason is named.
        SealCertificateNotValid: the sealing certificate has ended or not yet begun.
        SchemaBehind: the database has to be upgraded first.
    """
    chosen = settings()
    if reasons := list(_refusals(chosen)):
        raise DemonstrationInUse(reasons)
    for warning in warnings_of(chosen, datetime.now(UTC)):
        print(warning, file=sys.stderr)
    if chosen.second_factor is SecondFactorRule.OFFERED:
        print(words("serve.second-factor"), file=sys.stderr)
    return _listen(chosen, options.host, options.port)


def _refusals(chosen: Settings) -> Iterator[Reason]:
    secret = chosen.secret.get_secret_value()
    if secret == DEMONSTRATION_SECRET:
        yield "secret", "secret-remedy", {}
    elif len(secret) < SHORTEST_SECRET:
        yield "secret-short", "secret-remedy", {}
    if chosen.password_cost is not PasswordCost.FULL:
        yield "password-cost", "password-cost-remedy", {}
    yield from against_sealing(chosen)
    database = Database(chosen)
    try:
        database.check_revision()
        with database.reading() as session:
            found = [user.email for user in demonstration_accounts(session)]
    finally:
        database.close()
    if found:
        yield "account", "account-remedy", {"accounts": ", ".join(found)}


def run_demo(options: argparse.Namespace) -> int:
    """Make the demonstration data if they are not there yet, say where to click, and serve."""
    folder = settings().data_folder / "demo"
    if options.fresh:
        shutil.rmtree(folder, ignore_errors=True)
    chosen = demonstration_settings(folder, options.host, options.port)
    listening = _bound(options.host, options.port)
    upgrade(chosen)
    _load(chosen)
    print(_welcome(chosen))
    sys.stdout.flush()
    return _listen(chosen, options.host, options.port, listening)


def demonstration_settings(folder: Path, host: str, port: int) -> Settings:
    """Settings of a demonstration: its own folder and database, whatever the environment says."""
    return Settings(
        data_folder=folder,
        database_url=None,
        secret=SecretStr(DEMONSTRATION_SECRET),
        seal_key=None,
        seal_token=None,
        seal_keys={},
        seal_active="",
        stamp_url="",
        stamp_roots=(),
        trust_roots=(),
        reply_days=14,
        appeal_days=30,
        independence_months=24,
        separate_bodies=False,
        rotation_after=3,
        second_factor=SecondFactorRule.OFFERED,
        base_url=f"http://{host}:{port}",
    )


def _load(chosen: Settings) -> None:
    from itti import demonstration

    database = Database(chosen)
    try:
        with database.reading() as session:
            if demonstration.is_loaded(session):
                return
        with database.writing() as session:
            demonstration.load(session, chosen, day_in(chosen.zone, now()), _report_progress)
    finally:
        database.close()
    print(file=sys.stderr)


def _report_progress(done: int, total: int) -> None:
    line = words("demo.loading", done=done, total=total)
    print(
        f"\r{line}" if sys.stderr.isatty() else line,
        end="" if sys.stderr.isatty() else "\n",
        file=sys.stderr,
        flush=True,
    )


def _welcome(chosen: Settings) -> str:
    from itti import demonstration

    people = [
        words(
            "demo.account",
            email=account.email.ljust(38),
            password=account.password,
            role=words(f"user.role-{account.role.value}"),
            name=account.name,
        )
        + "".join(words("demo.note", note=words(f"demo.note-{key}")) for key in _notes(account))
        for account in demonstration.accounts()
    ]
    return "\n".join([words("demo.welcome", address=chosen.base_url), *people, words("demo.stop")])


def _notes(account: DemonstrationAccount) -> list[str]:
    """What surprises somebody who signs in with this account, as keys of words."""
    return [f"in-{account.language}"] * (account.language != language()) + ["lapsed"] * account.lapsed


def _bound(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything longer begins.

    Raises:
        AddressInUse: the address is taken, or is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise AddressInUse(host=host, port=port, reason=error.strerror) from error
    return listening


def _listen(chosen: Settings, host: str, port: int, listening: socket.socket | None = None) -> int:
    from itti.app import create_app
    from itti.serving import server as server_of

    listening = listening or _bound(host, port)
    server = server_of(create_app(chosen))
    print(words("serve.started", address=f"http://{host}:{listening.getsockname()[1]}"), file=sys.stderr, flush=True)
    server.run(sockets=[listening])
    return 0 if server.started else 1
