"""A definition with every kind of question and every construct beside them, in two languages."""

from __future__ import annotations

from functools import cache
from typing import Any

from questionnaires.model import Definition, Structure, Texts

_LINE = [{"at": 0, "value": 4}, {"at": "99.5", "value": 0}]

STRUCTURE: dict[str, Any] = {
    "family": "everything",
    "version": "1.2.0",
    "origin": "own",
    "languages": ["en", "ar"],
    "rounding": {"places": 2, "mode": "half_even"},
    "index": "overall",
    "sub_indices": ["energy"],
    "categories": ["energy", "habits"],
    "sources": [{"id": "own-choice", "certainty": "own"}],
    "constants": [{"id": "grid-factor", "value": "0.4041", "unit": "t / MWh", "sources": ["own-choice"]}],
    "tables": [
        {"id": "lead-by-sector", "by": "sector", "values": {"cement": "0.85", "dates": "2/3"}, "otherwise": 1},
        {
            "id": "risk-by-both",
            "by": ["maturity", "audited"],
            "values": {"1": {"yes": 2, "no": "2.5"}, "2": {"yes": 1, "no": 2}, "3": {"yes": 0, "no": 1}},
        },
        {"id": "bonus", "by": "measures", "values": {"solar": 1, "heat-recovery": "0.5", "none": 0}},
    ],
    "contradictions": [{"id": "no-power", "when": "cars > 0 and power = 0", "sources": ["own-choice"]}],
    "conditions": [{"id": "good-habits", "when": "audited and maturity >= 2", "sources": ["own-choice"]}],
    "sections": [{"id": "facts", "questions": ["sector", "output", "power", "cars", "emissions", "opened", "permit"]}],
    "questions": [
        {
            "id": "maturity",
            "kind": "level",
            "lowest": 1,
            "highest": 3,
            "evidence_from": 2,
            "sources": ["own-choice"],
            "worth": [0, "2.5", 3],
        },
        {
            "id": "sector",
            "kind": "choice",
            "options": [{"id": "cement"}, {"id": "dates"}, {"id": "other-a"}, {"id": "other-b"}],
            "not_applicable": "refused",
        },
        {
            "id": "measures",
            "kind": "choices",
            "options": [
                {"id": "solar", "value": 2},
                {"id": "heat-recovery", "value": "1.5"},
                {"id": "none", "value": 0, "alone": True},
            ],
            "most_picked": 2,
            "at_most": 3,
        },
        {
            "id": "losses",
            "kind": "grid",
            "rows": [{"id": "steam", "weight": 2}, {"id": "air"}],
            "options": [
                {"id": "often", "value": 0},
                {"id": "seldom", "value": "0.5"},
                {"id": "never", "value": 1},
                {"id": "not-there", "not_applicable": True},
            ],
            "aggregation": "minimum",
        },
        {"id": "audited", "kind": "yes_no", "yes": 3, "no": -1, "applies_when": "sector in ('cement', 'dates')"},
        {"id": "output", "kind": "number", "unit": "t", "least": 0, "most": "1000000.5", "places": 2},
        {"id": "power", "kind": "number", "unit": "MWh", "least": 0},
        {"id": "cars", "kind": "number", "places": 0},
        {
            "id": "share",
            "kind": "number",
            "unit": "%",
            "least": 0,
            "most": 100,
            "step": "0.01",
            "curve": {"form": "linear", "base": 0, "lead": 80, "better": "more", "capped": False},
        },
        {
            "id": "growth",
            "kind": "number",
            "curve": {"form": "points", "points": [{"at": -5, "value": 0}, {"at": "2.5", "value": 1}]},
        },
        {
            "id": "intensity",
            "kind": "computed",
            "formula": "power / output",
            "unit": "MWh / t",
            "curve": {"form": "steps", "below": 3, "steps": [{"from": "0.1", "value": 2}, {"from": 1, "value": 0}]},
        },
        {"id": "opened", "kind": "date", "earliest": "1850-01-01", "latest": "2030-12-31", "evidence_from": "answered"},
        {"id": "permit", "kind": "date", "earliest": "2020-03-01", "not_applicable": "refused"},
        {"id": "emissions", "kind": "computed", "formula": "power * grid-factor", "unit": "t"},
    ],
    "nodes": [
        {"id": "saving", "aggregation": "sum", "children": [{"of": "measures", "weight": 2}, {"of": "losses"}]},
        {
            "id": "energy",
            "aggregation": "weighted_mean",
            "children": [
                {"of": "saving", "weight": "1/3"},
                {"of": "share", "cap": "lead-by-sector * 2", "weight": "if(audited, 2, 0)"},
                {"of": "intensity"},
            ],
            "missing": "exclude",
            "least_counted": "0.5",
            "rules": [
                {"id": "audit-first", "kind": "cap", "unless": "audited", "at_most": 2},
                {
                    "id": "much",
                    "kind": "cap",
                    "when": "lead-by-sector + risk-by-both + bonus > 0.9",
                    "at_most": "lead-by-sector",
                },
            ],
        },
        {"id": "habits", "aggregation": "mean", "children": [{"of": "maturity"}, {"of": "audited"}, {"of": "growth"}]},
        {
            "id": "overall",
            "aggregation": "mean",
            "children": [{"of": "energy"}, {"of": "habits"}],
            "rounding": {"places": 1, "mode": "half_up"},
            "sources": ["own-choice"],
        },
    ],
    "views": [{"id": "by-function", "nodes": ["saving", "habits"]}],
    "crosswalks": [{"id": "elsewhere", "items": [{"id": "pillar-1", "of": ["energy", "maturity"]}]}],
    "rankings": [
        {
            "id": "class",
            "of": "overall",
            "eligible": "good-habits",
            "places": [{"id": "top", "top": "0.05"}, {"id": "rest", "top": 1}],
        }
    ],
    "roll_ups": [{"id": "edition", "sums": ["output", "power"], "by": "sector", "same": ["cars"]}],
    "priority_factors": [
        {"id": "gap", "kind": "gap", "target": 2},
        {"id": "cost", "kind": "figure", "scale": {"form": "points", "points": _LINE}, "sources": ["own-choice"]},
    ],
    "priorities": [
        {
            "id": "soonest",
            "of": ["energy", "maturity"],
            "operator": "weighted_sum",
            "factors": [{"of": "gap", "weight": "1/3"}, {"of": "cost"}],
            "ties": ["cost"],
            "sources": ["own-choice"],
        }
    ],
}

_NAMES = {
    "en": {"cement": "Cement", "other-a": "Other", "other-b": "Other", "seldom": "Seldom – below 5", "none": "None"},
    "ar": {"cement": "الإسمنت", "other-a": "أخرى", "other-b": "أخرى", "seldom": "نادراً", "none": "لا شيء منها"},
}
_WORD = {"en": "Words about", "ar": "كلام عن"}


def _titled(identifier: str, language: str) -> dict[str, str]:
    said = {"title": f"{_WORD[language]} {identifier}"}
    return said | {"about": "=1+1"} if identifier == "energy" else said


def _question(question: dict[str, Any], language: str) -> dict[str, Any]:
    def named(parts: list[dict[str, Any]]) -> dict[str, Any]:
        names = _NAMES[language]
        return {one["id"]: {"name": names.get(one["id"], f"{_WORD[language]} {one['id']}")} for one in parts}

    said: dict[str, Any] = {"title": f"{_WORD[language]} {question['id']}", "prompt": f"{_WORD[language]}…\n2030"}
    if question["kind"] == "level":
        levels = range(question["lowest"], question["highest"] + 1)
        said["levels"] = {str(one): {"name": f"{_WORD[language]} {one}", "description": "D " * 40} for one in levels}
    if "options" in question:
        said["options"] = named(question["options"])
    if "rows" in question:
        said["rows"] = named(question["rows"])
    if question["id"] == "maturity":
        said |= {"guiding": ["One?", "true", "12"], "evidence": ["A list"]}
    return said


def _texts(language: str) -> dict[str, Any]:
    def titled(*parts: str) -> dict[str, Any]:
        return {one["id"]: _titled(one["id"], language) for part in parts for one in STRUCTURE[part]}

    places = [place for ranking in STRUCTURE["rankings"] for place in ranking["places"]]
    rules = [rule for node in STRUCTURE["nodes"] for rule in node.get("rules", [])]
    return {
        "language": language,
        **dict.fromkeys(("title", "short_title", "summary", "origin", "method", "limits"), f"{_WORD[language]} it"),
        "questions": {question["id"]: _question(question, language) for question in STRUCTURE["questions"]},
        "nodes": titled("nodes"),
        "sources": {"own-choice": "2026"},
        "rules": {rule["id"]: _titled(rule["id"], language) for rule in rules},
        "figures": titled("constants", "tables", "conditions"),
        "groups": titled("sections", "views", "rankings", "roll_ups", "priority_factors", "priorities")
        | {place["id"]: _titled(place["id"], language) for place in places},
        "contradictions": {"no-power": f"{_WORD[language]} no-power"},
        "crosswalks": {"elsewhere": {"title": "Elsewhere", "items": {"pillar-1": "Pillar 1"}}},
    }


@cache
def everything() -> Definition:
    """The definition; valid by the checks of the room."""
    structure = Structure.model_validate(STRUCTURE)
    return Definition.of(structure, {language: Texts.model_validate(_texts(language)) for language in ("en", "ar")})
