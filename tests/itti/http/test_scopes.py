"""What limited tokens open: held against the page that says so, and declared at every operation of the API."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Final

from itti.accounts.scopes import Scope
from tests.itti.conftest import description

PAGE: Final = Path(__file__).parents[3] / "docs" / "scopes.md"
OPEN: Final = "no token"
PEOPLE: Final = "people alone"


@functools.cache
def found() -> dict[str, str]:
    """Operation → what it asks for, in the application itself."""
    document = description()
    asked = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            security = operation.get("security", [])
            scopes = [scope for each in security for scope in each["bearer"]]
            asked[f"{method.upper()} {path}"] = ", ".join(scopes) or (PEOPLE if security else OPEN)
    return asked


def declared() -> dict[str, str]:
    """The same as the page says."""
    rows = [line.split("|") for line in PAGE.read_text("utf-8").splitlines() if " /api/" in line and line[0] == "|"]
    return {row[1].strip(" `"): row[2].strip(" `") for row in rows}


def test_every_operation_says_what_it_asks_for() -> None:
    asked = found()
    assert declared() == asked, "docs/scopes.md: which tokens may use the operation?"
    assert set(asked.values()) == {OPEN, PEOPLE, *Scope}


def test_no_scope_stands_for_the_judgement_of_a_person() -> None:
    """Moves, reviews, declarations, revocations and whatever changes who gets in."""
    asked = found()
    changing = {name for name, scope in asked.items() if scope not in {OPEN, PEOPLE} and not name.startswith("GET ")}
    under = "/api/v1/assessments/{assessment_id}"
    assert changing == {
        f"PUT {under}/answers/{{question}}",
        f"POST {under}/work-package/answers",
        f"POST {under}/carry-over",
        f"POST {under}/carry-over/preview",
        f"POST {under}/answers/{{question}}/evidence",
        f"PUT {under}/answers/{{question}}/evidence/{{evidence_id}}",
        f"DELETE {under}/answers/{{question}}/evidence/{{evidence_id}}",
        f"POST {under}/answers/{{question}}/notes",
        "PUT /api/v1/evidence/{evidence_id}/note",
        "POST /api/v1/evidence/{evidence_id}/revisions",
        "DELETE /api/v1/evidence/{evidence_id}",
        "POST /api/v1/score",
        "POST /api/v1/explain",
        "POST /api/v1/footprints",
        "POST /api/v1/footprints/computed",
    }
