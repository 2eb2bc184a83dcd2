"""What can go wrong with assessment bodies, assessors and accreditations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from itti.http.errors import Conflict, NotFound


class BodyUnknown(NotFound):
    """No such assessment body, or none that this person may see; details: ``body``."""

    code = "body-unknown"
    room = "itti.accreditation"
    example: ClassVar[Mapping[str, object]] = {"body": "2d9f4c1e-0f8b-4b52-9b61-0f6f5f5a7f10"}


class AssessorUnknown(NotFound):
    """No such assessor, or none that this person may see; details: ``assessor``."""

    code = "assessor-unknown"
    room = "itti.accreditation"
    example: ClassVar[Mapping[str, object]] = {"assessor": "5f9c2d4e-8f0b-4b52-9b61-0f6f5f5a7f10"}


class AccreditationUnknown(NotFound):
    """No such accreditation; details: ``accreditation``."""

    code = "accreditation-unknown"
    room = "itti.accreditation"
    example: ClassVar[Mapping[str, object]] = {"accreditation": "b7c1a0de-93f0-4d0f-a7e5-3d3c8d0c2f11"}


class AccreditationOverlaps(Conflict):
    """The assessor has one for the family already on some of these days; details: ``family``, ``since``, ``until``."""

    code = "accreditation-overlaps"
    room = "itti.accreditation"
    example: ClassVar[Mapping[str, object]] = {"family": "itti", "since": "2026-01-01", "until": "2027-12-31"}


class AccreditationEnded(Conflict):
    """It was withdrawn before; details: ``withdrawn_on``, a day of the programme."""

    code = "accreditation-ended"
    room = "itti.accreditation"
    example: ClassVar[Mapping[str, object]] = {"withdrawn_on": "2026-11-22"}


class SuspendedBefore(Conflict):
    """It is suspended on some of these days already; details: ``since``, ``until``."""

    code = "suspended-before"
    room = "itti.accreditation"
    example: ClassVar[Mapping[str, object]] = {"since": "2026-11-01", "until": "2026-12-31"}


class NotSuspended(Conflict):
    """No suspension holds or is to come, so nothing can be lifted."""

    code = "not-suspended"
    room = "itti.accreditation"
