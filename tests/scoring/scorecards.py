"""Digests of the scorecards of every example: the same on every machine, every Python, and after every change.

It runs in a process of its own, in which nothing above the engine can be imported::

    python -m tests.scoring.scorecards > tests/scoring/scorecards.lock

writes them down anew, where the form of scorecards was changed on purpose.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Final

ROOT: Final = Path(__file__).parents[2]
ABOVE: Final = frozenset(
    {
        *("itti", "reports"),
        *("alembic", "argon2", "cryptography", "fastapi", "jinja2", "limits", "multipart", "pikepdf", "PIL"),
        *("pydantic_settings", "pydyf", "pyhanko", "segno", "sqlalchemy", "sqlmodel", "starlette", "uvicorn"),
        *("weasyprint", "numpy", "pytest", "hypothesis"),
    }
)
"""The rooms above the engine, and what only they (or tests) need."""


class EngineOnly(MetaPathFinder):
    """Refuses to import anything from above the engine; for populations and statistics it may need ``further``."""

    def __init__(self, *further: str) -> None:
        self.refused = ABOVE - set(further)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuse, or leave it to the next finder."""
        del path, target
        if fullname.partition(".")[0] in self.refused:
            raise ImportError(f"the engine must not need {fullname}")
        return None


def lines() -> Iterator[str]:
    """``<SHA-256 of the scorecard's bytes>  <definition>: <example>``, of all that is published and reproduced.

    Raises:
        jsonschema_rs.ValidationError: a scorecard does not fit the schema in ``docs/schema``.
    """
    from jsonschema_rs import Draft202012Validator

    from questionnaires import load, published
    from questionnaires.loading import PUBLISHED, load_folder, read_file
    from scoring import Plan, compile_plan, score
    from scoring.sheet import AnswerSheet, read_sheet
    from tests.published.cases import MODELS, cases_of, plan_for, sheet_of

    def line(plan: Plan, name: str, sheet: AnswerSheet) -> str:
        data = score(plan, sheet.given()).to_json()
        fits.validate(json.loads(data))
        return f"{hashlib.sha256(data).hexdigest()}  {plan.family}@{plan.version}: {name}"

    fits = Draft202012Validator(json.loads((ROOT / "docs" / "schema" / "scorecard.json").read_text()))
    for family, version in published():
        plan = compile_plan(load(family, version))
        for example in sorted((PUBLISHED / family / version / "examples").glob("*.yaml")):
            yield line(plan, example.stem, read_sheet(read_file(example)))
    example = ROOT / "questionnaires" / "example"
    plan = compile_plan(load_folder(example))
    for file in sorted((example / "examples").glob("*.yaml")):
        yield line(plan, file.stem, read_sheet(read_file(file)))
    for model in MODELS:
        for case in cases_of(model):
            plan = plan_for(model, case)
            yield line(plan, case.id, sheet_of(plan, case.answers))


if __name__ == "__main__":
    sys.meta_path.insert(0, EngineOnly())
    for each in lines():
        sys.stdout.write(f"{each}\n")
