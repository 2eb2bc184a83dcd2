"""What can go wrong with factories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from itti.http.errors import NotFound


class FactoryUnknown(NotFound):
    """No such factory, or none that this person may see; details: ``factory``."""

    code = "factory-unknown"
    room = "itti.factories"
    example: ClassVar[Mapping[str, object]] = {"factory": "0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11"}
