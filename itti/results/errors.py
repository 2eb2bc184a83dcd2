"""Why there is no export."""

from __future__ import annotations

from typing import ClassVar

from questionnaires.errors import Fault


class ResultsFault(Fault):
    """Base of what keeps results from being exported."""

    room: ClassVar[str] = "itti.results"


class ParquetMissing(ResultsFault):
    """The library that writes Parquet is not installed."""

    code = "parquet-missing"


class TooFewResults(ResultsFault):
    """So few factories hold a certificate of the questionnaire that not even figures of all may leave."""

    code = "too-few-results"
