"""What can go wrong with second factors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from itti.errors import HttpFault
from itti.http.errors import Conflict, Forbidden


class CodeNeeded(HttpFault):
    """The password is right, and the account has a second factor: its code is asked for."""

    code = "code-needed"
    room = "itti.factors"
    status = 401

    ticket: str = ""
    """What a page sends along with the code in place of address and password; never part of an answer of the API."""

    by_code: bool = True
    """Whether a code would let in."""

    or_passkey: bool = False
    """Whether a passkey would as well."""


class PasskeyNeeded(CodeNeeded):
    """The password is right, and the account has passkeys, which have to prove the rest."""

    code = "passkey-needed"
    by_code = False
    or_passkey = True


class WrongCode(HttpFault):
    """No such code, or one that was used already, or one that is too old."""

    code = "wrong-code"
    room = "itti.factors"
    status = 401


class SignInOver(HttpFault):
    """Too much time went by between password and code, or the account was changed in between."""

    code = "sign-in-over"
    room = "itti.factors"
    status = 401


class SecondFactorMissing(Forbidden):
    """The programme asks for a second factor, and the person has none yet; nothing else is open to them."""

    code = "second-factor-missing"
    room = "itti.factors"


class SecondFactorThere(Conflict):
    """The account has a second factor; it has to be removed before another one is set up."""

    code = "second-factor-there"
    room = "itti.factors"


class NoSecondFactor(Conflict):
    """The account has no second factor (in force); details: ``user``."""

    code = "no-second-factor"
    room = "itti.factors"
    example: ClassVar[Mapping[str, object]] = {"user": "mariam@gulf-foods.example"}


class SetUpOver(Conflict):
    """Setting up was not begun, or too long ago."""

    code = "set-up-over"
    room = "itti.factors"


class OwnSecondFactor(Forbidden):
    """One's own second factor is removed at another door, which asks for a code."""

    code = "own-second-factor"
    room = "itti.factors"
