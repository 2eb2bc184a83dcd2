"""Why there is no export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from itti.http.errors import Conflict, NotFound
from questionnaires.errors import Fault


class ResultsFault(Fault):
    """Base of what keeps results from being exported."""

    room: ClassVar[str] = "itti.results"


class ParquetMissing(ResultsFault):
    """The library that writes Parquet is not installed."""

    code = "parquet-missing"


class TooLittleNew(ResultsFault):
    """Together with what was exported before, each group would give away what became of too few factories."""

    code = "too-little-new"


class ExportBrokeDown(ResultsFault):
    """Making the export ended in a way that nobody foresaw; details: ``reason``."""

    code = "export-broke-down"


class ExportUnknown(NotFound):
    """There is no such export; details: ``export``."""

    code = "export-unknown"
    room: ClassVar[str] = "itti.results"
    example: ClassVar[Mapping[str, object]] = {"export": "5f9c2d4e-8f0b-4b52-9b61-0f6f5f5a7f10"}


class ExportNotReady(Conflict):
    """The export is not made yet, or could not be; details: ``export``."""

    code = "export-not-ready"
    room: ClassVar[str] = "itti.results"
    example: ClassVar[Mapping[str, object]] = {"export": "5f9c2d4e-8f0b-4b52-9b61-0f6f5f5a7f10"}


class TooFewResults(ResultsFault):
    """So few factories hold a certificate of the questionnaire that not even figures of all may leave."""

    code = "too-few-results"
