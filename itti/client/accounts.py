"""Who asks: tokens, the own account; factories and assessors by name."""

from __future__ import annotations

from collections.abc import Iterator

from itti.client.room import PAGE, Room
from itti.client.views import Body, Factory, Person, Token
from itti.client.wire import Name, path


class Accounts(Room):
    """The account that is signed in, and whom it may know of."""

    def read_me(self) -> Person:
        """The person whose token is used."""
        return self.wire.read(Person, "/me")

    def list_tokens(self) -> Iterator[Token]:
        """The own tokens, without their secrets."""
        return self.wire.each(Token, "/tokens")

    def revoke_token(self, token_id: Name) -> None:
        """End one of the own tokens at once."""
        self.wire.send("DELETE", path("tokens", token_id))

    def revoke_current_token(self) -> None:
        """End the token in use: sign out."""
        self.wire.send("DELETE", "/tokens/current")

    def list_factories(
        self,
        *,
        sector: str | None = None,
        region: str | None = None,
        licence: str | None = None,
        sort: str | None = None,
    ) -> Iterator[Factory]:
        """The factories that are open to the account; ``sort``: ``name`` or ``created_at``, perhaps with ``-``."""
        asked = {"sector": sector, "region": region, "licence": licence, "sort": sort}
        return self.wire.each(Factory, "/factories", **asked, limit=PAGE)

    def read_factory(self, factory_id: Name) -> Factory:
        """One factory."""
        return self.wire.read(Factory, path("factories", factory_id))

    def list_bodies(self, *, sort: str | None = None) -> Iterator[Body]:
        """The assessment bodies that are open to the account; ``sort``: ``name`` (default) or ``-name``."""
        return self.wire.each(Body, "/assessment-bodies", sort=sort, limit=PAGE)

    def list_assessors(
        self, *, body_id: Name | None = None, email: str | None = None, sort: str | None = None
    ) -> Iterator[Person]:
        """The assessors that are open to the account; ``sort``: ``name`` (default) or ``-name``."""
        return self.wire.each(Person, "/assessors", body_id=body_id, email=email, sort=sort, limit=PAGE)
