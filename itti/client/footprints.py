"""Product carbon footprints: counted from an inventory or entered, read page by page, shared, set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from itti.client.exact import given
from itti.client.room import PAGE, Room
from itti.client.views import Sent
from itti.client.wire import Name, path


class Footprint(Sent):
    """A footprint that one may read."""

    schema_name: ClassVar[str] = "FootprintView"

    footprint: Mapping[str, Any]
    """In the fields of PACT 3.0 (``productNameCompany``, ``pcf`` …); its numbers are decimals as texts."""

    own: bool
    origin: str
    """``computed`` or ``entered``."""

    valid_from: datetime
    valid_until: datetime
    partners: tuple[UUID, ...] | None
    """Who may read it; None where it is not one's own."""

    @property
    def id(self) -> str:
        """Its name."""
        return str(self.footprint["id"])


class Footprints(Room):
    """The footprints of one's own body or factory, and those that others share with it."""

    def list_footprints(self, *, status: str | None = None) -> Iterator[Footprint]:
        """The newest first; ``status``: ``Active`` or ``Deprecated`` ones alone."""
        return self.wire.each(Footprint, "/footprints", status=status, limit=PAGE)

    def compute_footprint(
        self, inventory: Mapping[str, Any], product: Mapping[str, Any], *, replaces: Name | None = None
    ) -> Footprint:
        """Have a footprint counted from an inventory: exact numbers alone, decimals as ``Decimal`` or text.

        Raises:
            Invalid: something in the inventory or of the product does not fit; its ``mistakes`` say where.
        """
        body = given(inventory=inventory, product=product, replaces=replaces)
        return self.wire.write(Footprint, "POST", "/footprints/computed", body=body)

    def enter_footprint(self, footprint: Mapping[str, Any], *, replaces: Name | None = None) -> Footprint:
        """Enter a footprint that was counted elsewhere, in the fields of PACT 3.0.

        Raises:
            Invalid: it does not hold; its ``mistakes`` say where.
        """
        body = given(footprint=footprint, replaces=replaces)
        return self.wire.write(Footprint, "POST", "/footprints", body=body)

    def read_footprint(self, footprint_id: Name) -> Footprint:
        """One of them."""
        return self.wire.read(Footprint, path("footprints", footprint_id))

    def read_footprint_calculation(self, footprint_id: Name) -> Mapping[str, Any]:
        """How one of one's own was counted, line by line with the factor of each."""
        found: Mapping[str, Any] = self.wire.get(path("footprints", footprint_id, "calculation"))
        return found

    def share_footprint(self, footprint_id: Name, partners: Sequence[Name]) -> Footprint:
        """Say which partners may read it, in place of those before; who could not before is told. For people alone."""
        where = path("footprints", footprint_id, "partners")
        return self.wire.write(Footprint, "PUT", where, body=given(partners=partners))

    def deprecate_footprint(self, footprint_id: Name) -> Footprint:
        """Say for good that it is not to be used any more. For people alone."""
        return self.wire.write(Footprint, "POST", path("footprints", footprint_id, "deprecation"))
