"""How the programme office lets somebody in: by an invitation, or by a password that a page shows this once."""

from __future__ import annotations

from starlette.responses import Response

from itti.accounts import invitations
from itti.accounts.service import OpenedAccount
from itti.accounts.tables import User
from itti.web.forms import Form
from itti.web.visits import Visit


def begun(visit: Visit) -> Form:
    """The empty form for somebody's account; an invitation is what it proposes where one can be sent."""
    return Form({"invite": "true" if visit.settings.mail_host else ""})


def invited(visit: Visit) -> dict[str, object]:
    """What pages of accounts are given for ``accounts/office.html``: who is invited, and whether anybody can be."""
    return {
        "invitations": invitations.waiting(visit.session, visit.act),
        "may_invite": bool(visit.settings.mail_host),
    }


def over(visit: Visit, opened: OpenedAccount, onward: str) -> Response:
    """The page after an account was opened: on to ``onward`` with an invitation sent, or the first password."""
    if opened.initial_password is None:
        return visit.go(onward, "invited")
    return show(visit, opened.user, opened.initial_password, onward)


def show(visit: Visit, owner: User, password: str, onward: str, *, renewed: bool = False) -> Response:
    """Whose password it is, the password itself, and the way on.

    The page answers the form: the password stands in no address, no log and no cookie, and it is nowhere kept.

    Args:
        visit: of the programme office.
        owner: who signs in with it.
        password: as it was made up.
        onward: the page that the office came for.
        renewed: whether it replaces an earlier password; else the account was opened with it.
    """
    return visit.show(
        "accounts/first_password.html",
        200 if renewed else 201,
        owner=owner,
        password=password,
        onward=onward,
        renewed=renewed,
        sign_in_url=f"{visit.settings.base_url.rstrip('/')}/sign-in",
    )
