"""``itti questionnaires schema``: the JSON Schema of the files that people write, and of those in a certificate."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

from itti.commands.words import words

MODELS: Final = {
    "definition": ("questionnaires.model", "Structure"),
    "texts": ("questionnaires.model", "Texts"),
    "answers": ("scoring.sheet", "AnswerSheet"),
    "migration": ("questionnaires.migration", "Migration"),
    "inventory": ("scoring.footprint.inventory", "Inventory"),
    "measures": ("scoring.measures", "MeasuresFile"),
    "priority-figures": ("scoring.priority_figures", "FiguresFile"),
    "factors": ("questionnaires.factors.model", "FactorSet"),
    "factor-texts": ("questionnaires.factors.model", "FactorTexts"),
    "potentials": ("questionnaires.factors.model", "PotentialSet"),
    "scorecard": ("scoring.scorecard", "Scorecard"),
    "attached-answers": ("reports.attached", "AttachedAnswers"),
    "certificate": ("reports.attached", "AttachedCertificate"),
    "work-package": ("itti.assessments.packages", "WorkPackageView"),
    "answer-batch": ("itti.assessments.batch_schemas", "BatchInput"),
    "answer-batch-result": ("itti.assessments.batch_schemas", "BatchView"),
}
"""Kind of file → where its model is."""

WRITTEN: Final = frozenset({"scorecard", "attached-answers", "certificate", "work-package", "answer-batch-result"})
"""The kinds that nobody but the program writes."""

SHORT_FORMS: Final[Mapping[str, Mapping[str, Mapping[str, Any]]]] = {
    "answers": {
        "SheetAnswer": {"type": "integer", "description": "A bare level."},
        "ProofReference": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "A bare SHA-256 digest."},
    },
    "inventory": {"Warmth": {"type": "string", "pattern": "^ar[4-9]$", "description": "A bare set."}},
    "measures": {
        "SheetAnswer": {"type": "integer", "description": "A bare level."},
        "ProofReference": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "A bare SHA-256 digest."},
    },
    "migration": {"Part": {"type": "string", "description": "The bare id of a question."}},
}
"""Kind of file → name of a model in it → what may stand in its place."""


def declare(verbs: Any) -> None:
    """Add the verb's words."""
    parser = verbs.add_parser(
        "schema", help=words("questionnaires.schema"), description=words("questionnaires.schema-about")
    )
    parser.add_argument("kind", nargs="?", choices=MODELS, default="definition", help=words("questionnaires.schema-of"))
    parser.set_defaults(run=run)


def schema(kind: str) -> str:
    """The schema of a kind of file, as it is printed and committed."""
    from questionnaires.schema import schema_of

    module, name = MODELS[kind]
    made = schema_of(
        getattr(import_module(module), name),
        f"itti questionnaires: {kind}",
        SHORT_FORMS.get(kind),
        written=kind in WRITTEN,
    )
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def run(options: argparse.Namespace) -> int:
    """Print the schema."""
    print(schema(options.kind), end="")
    return 0
