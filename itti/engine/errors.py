"""What can go wrong where the engine alone is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from itti.http.errors import Busy, Conflict, InvalidInput, TooManyRequests

ROOM: Final = "itti.engine"


class AnswersInvalid(InvalidInput):
    """Answers cannot be scored; ``mistakes`` names each of them."""

    code = "answers-invalid"
    room: ClassVar[str] = ROOM


class AnswersContradictory(InvalidInput):
    """Answers cannot all be true; ``mistakes`` names each answer of each contradiction."""

    code = "answers-contradictory"
    room: ClassVar[str] = ROOM


class OtherDigest(Conflict):
    """The digest stated is not that of the published questionnaire; details: ``questionnaire``, ``published``."""

    code = "other-digest"
    room: ClassVar[str] = ROOM
    example: ClassVar[Mapping[str, object]] = {"questionnaire": "itti@1.0.0", "published": "9f2c" * 16}


class TooManyScores(TooManyRequests):
    """This account has asked the engine too often within a minute; details: ``seconds`` until the next try."""

    code = "too-many-scores"
    room: ClassVar[str] = ROOM


class EngineBusy(Busy):
    """As many scorecards are being made as the service makes at once."""

    code = "engine-busy"
    room: ClassVar[str] = ROOM
