"""What can go wrong in the library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from itti.http.errors import NotFound


class QuestionnaireUnknown(NotFound):
    """No questionnaire of that family and version is published here; details: ``family``, ``version``."""

    code = "questionnaire-unknown"
    room = "itti.library"
    example: ClassVar[Mapping[str, object]] = {"family": "itti", "version": "9.9.9"}
