"""``itti user``: how the first person of a programme office gets in and out again, and what is held about anybody."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session

from itti.accounts import colleagues, invitations, service
from itti.accounts.schemas import PersonInput
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.commands.words import words
from itti.database import Database
from itti.factors import service as factors
from itti.http.fields import Password
from itti.privacy import service as privacy
from itti.settings import settings
from questionnaires.errors import Fault


class NoPassword(Fault):
    """No password was typed or passed."""

    code = "no-password"
    room = "itti.commands"


class NoSuchAccount(Fault):
    """Nobody signs in with that address."""

    code = "no-such-account"
    room = "itti.commands"


class AccountRefused(Fault):
    """The account's data are not as they must be."""

    code = "account-refused"
    room = "itti.commands"


def declare(commands: Any) -> None:
    """Add the command's words."""
    parser = commands.add_parser("user", help=words("user.help"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=words("metavar-command"))
    adder = verbs.add_parser("add", help=words("user.add"))
    adder.add_argument("email", metavar="EMAIL", help=words("user.email"))
    adder.add_argument("--name", required=True, metavar="NAME", help=words("user.name"))
    adder.add_argument("--name-ar", default=None, metavar="NAME", help=words("user.name-ar"))
    adder.set_defaults(run=run_add)
    inviter = verbs.add_parser("invite", help=words("user.invite"))
    inviter.add_argument("email", metavar="EMAIL", help=words("user.email"))
    inviter.add_argument("--name", required=True, metavar="NAME", help=words("user.name"))
    inviter.add_argument("--name-ar", default=None, metavar="NAME", help=words("user.name-ar"))
    inviter.set_defaults(run=run_invite)
    verbs.add_parser("list", help=words("user.list")).set_defaults(run=run_list)
    for verb, run in (
        ("password", run_password),
        ("disable", run_disable),
        ("reset-second-factor", run_reset_second_factor),
    ):
        changer = verbs.add_parser(verb, help=words(f"user.{verb}"))
        changer.add_argument("email", metavar="EMAIL", help=words("user.email"))
        changer.set_defaults(run=run)
    exporter = verbs.add_parser("export", help=words("user.export"))
    exporter.add_argument("email", metavar="EMAIL", help=words("user.email"))
    exporter.add_argument("--output", type=Path, default=None, metavar="FILE", help=words("user.output"))
    exporter.set_defaults(run=run_export)
    eraser = verbs.add_parser("erase", help=words("user.erase"))
    eraser.add_argument("email", metavar="EMAIL", help=words("user.email"))
    eraser.set_defaults(run=run_erase)


@contextmanager
def _writing() -> Iterator[Session]:
    database = Database(settings())
    try:
        database.check_revision()
        with database.writing() as session:
            yield session
    finally:
        database.close()


def _password() -> str:
    """The password, typed unseen or passed on standard input; never an argument, which others could see."""
    typed = sys.stdin.isatty()
    given = getpass.getpass(words("user.password-prompt")) if typed else sys.stdin.readline().rstrip("\n")
    if not given:
        raise NoPassword
    return given


def _account(session: Session, email: str) -> User:
    user = service.user_by_email(session, email)
    if user is None:
        raise NoSuchAccount(email=email)
    return user


def run_add(options: argparse.Namespace) -> int:
    """Open an account of the programme office."""
    person = _person(options, _password())
    with _writing() as session:
        colleagues.register_colleague(session, Act(actor=None, zone=settings().zone), settings(), person)
    print(words("user.added", email=options.email))
    return 0


def _person(options: argparse.Namespace, password: str | None) -> PersonInput:
    try:
        return PersonInput(email=options.email, name=options.name, name_ar=options.name_ar, password=password)
    except ValidationError as error:
        fields = ", ".join(".".join(str(part) for part in item["loc"]) for item in error.errors(include_url=False))
        raise AccountRefused(fields=fields) from error


def run_invite(options: argparse.Namespace) -> int:
    """Open an account of the programme office for somebody who chooses the password, or invite them again.

    The link is printed for whoever runs the service, and sent as well where a mail server is set.
    """
    person = _person(options, None)
    act, chosen = Act(actor=None, zone=settings().zone), settings()
    with _writing() as session:
        user = service.user_by_email(session, person.email)
        if user is None:
            new = service.NewUser(
                email=person.email, name=person.name, name_ar=person.name_ar, role=Role.PROGRAMME, invited=True
            )
            user = service.create_user(session, act, chosen, new).user
        made = invitations.invite(session, act, chosen, user.id)
        until = made.link.expires_at.isoformat(timespec="minutes")
    print(words("user.invited", email=options.email, until=until, link=chosen.base_url.rstrip("/") + made.path))
    return 0


def run_list(_options: argparse.Namespace) -> int:
    """One line for every account."""
    database = Database(settings())
    try:
        database.check_revision()
        with database.reading() as session:
            for user in service.people(session):
                state = words("user.state-disabled" if user.disabled_at else "user.state-active")
                role = words(f"user.role-{user.role.value}")
                print(words("user.row", email=user.email, name=user.name, role=role, state=state))
    finally:
        database.close()
    return 0


def run_password(options: argparse.Namespace) -> int:
    """Set a new password; whatever was open under the old one ends."""
    password = _password()
    try:
        TypeAdapter(Password).validate_python(password)
    except ValidationError as error:
        raise AccountRefused(fields="password") from error
    with _writing() as session:
        service.set_password(
            session, Act(actor=None, zone=settings().zone), settings(), _account(session, options.email), password
        )
    print(words("user.password-set", email=options.email))
    return 0


def run_reset_second_factor(options: argparse.Namespace) -> int:
    """Take away somebody's second factor; the only way where the last person of an office lost theirs."""
    with _writing() as session:
        factors.reset(session, Act(actor=None, zone=settings().zone), _account(session, options.email).id)
    print(words("user.second-factor-reset", email=options.email))
    return 0


def run_disable(options: argparse.Namespace) -> int:
    """Close an account."""
    with _writing() as session:
        service.disable_user(session, Act(actor=None, zone=settings().zone), _account(session, options.email).id)
    print(words("user.disabled", email=options.email))
    return 0


def run_export(options: argparse.Namespace) -> int:
    """Write what is held about somebody."""
    with _writing() as session:
        content = privacy.as_json(session, _account(session, options.email))
    if options.output is None:
        print(content.decode(), end="")
    else:
        options.output.write_bytes(content)
    return 0


def run_erase(options: argparse.Namespace) -> int:
    """Erase who somebody was; an open account is closed first."""
    with _writing() as session:
        user = _account(session, options.email)
        act = Act(actor=None, zone=settings().zone)
        if user.disabled_at is None:
            service.disable_user(session, act, user.id)
        erased = privacy.erase(session, act, user.id)
        print(words("user.erased", email=options.email, name=erased.name))
    return 0
