"""The page that shows a password which was made up, this once, to the programme office that hands it over."""

from __future__ import annotations

from starlette.responses import Response

from itti.accounts.tables import User
from itti.web.visits import Visit


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
