"""Apache POI: does a workbook keep the standard, what stands in it, and what comes back when somebody fills it in?

Microsoft's Open XML SDK: would Excel of these years open it without a repair? Excel repairs, and empties, what breaks
the schemas of ECMA-376 and the rules between parts that Microsoft wrote down in its SDK. Excel itself cannot be asked
on these machines.
"""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from tests.judges.absence import need, openxml_program
from tests.judges.conversation import JudgeFailed, conversation

Typed: TypeAlias = tuple[str, str, Literal["text", "number", "formula"], str]
"""Sheet, cell, kind and value of something that is typed."""


Excel: TypeAlias = Literal[
    "Office2007", "Office2010", "Office2013", "Office2016", "Office2019", "Office2021", "Microsoft365"
]
"""The years of Excel that the Open XML SDK knows."""


@dataclass(frozen=True)
class PoiResult:
    """POI's verdict on a workbook. `assert result.passed, result` shows what is wrong."""

    path: Path
    parts: Mapping[str, int]  # part → how many elements were held against its schema
    unknown: tuple[str, ...]  # content types of parts for which POI has no schema
    breaches: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether no part breaks its schema and every relationship leads somewhere."""
        return not self.breaches

    def __str__(self) -> str:
        """Every breach on a line."""
        return "\n".join([f"{self.path.name}: {'passed' if self.passed else 'failed'}", *self.breaches])


def poi(path: Path) -> PoiResult:
    """Ask POI whether each part of the workbook keeps its schema, and each relationship leads to a part.

    The test is skipped when POI is absent.

    Raises:
        JudgeFailed: if the file is no package that POI can open.
    """
    answer = _ask("validate", path.resolve(strict=True))
    return PoiResult(path, answer["parts"], tuple(answer["unknown"]), tuple(answer["breaches"]))


def poi_reads(path: Path) -> Mapping[str, Any]:
    """What POI finds: ``sheets`` (name, visible, right_to_left, cells by reference, validations) and ``names``.

    The test is skipped when POI is absent.
    """
    return _ask("read", path.resolve(strict=True))


def poi_fills(path: Path, result: Path, typed: Sequence[Typed]) -> bytes:
    """The workbook after POI typed this, worked out all formulas and saved it as ``result``.

    The test is skipped when POI is absent.
    """
    _ask("fill", path.resolve(strict=True), result, *(field for one in typed for field in one))
    return result.read_bytes()


def _ask(*fields: str | Path) -> Mapping[str, Any]:
    need("poi")
    return conversation("poi").ask(*fields)


def openxml(path: Path, excel: Excel = "Microsoft365") -> Sequence[str]:
    """What Microsoft's Open XML SDK has against a workbook for that Excel: part, place in it and reason, one a line.

    The test is skipped when the SDK is absent.

    Raises:
        JudgeFailed: if the judge broke down.
    """
    need("openxml")
    program = openxml_program()
    assert program is not None
    run = subprocess.run(
        [program, path.resolve(strict=True), excel], check=False, capture_output=True, encoding="utf-8", timeout=120
    )
    try:
        told = json.loads(run.stdout)
    except json.JSONDecodeError as broken:
        raise JudgeFailed(run.stderr or run.stdout) from broken
    found = [f"{each['path'] or ''} {each['xPath'] or ''} {each['description']}".strip() for each in told["errors"]]
    assert bool(found) is not told["ok"], told
    return found
