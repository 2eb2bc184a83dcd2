"""A questionnaire with a list: production lines, each asked the same, as no published one has yet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

from questionnaires import loading
from tests.itti.shelf import in_use, lasting

FAMILY: Final = "line-check"

STRUCTURE: Final = """
family: line-check
version: 1.0.0
origin: own
languages: [en, ar]
rounding: {places: 2, mode: half_up}
index: overall
categories: [plant]
constants:
  - {id: tonne, value: 1, unit: t}
sections:
  - {id: facts, questions: [founded, lines]}
contradictions:
  - {id: more-rejects, when: rejects > output}
questions:
  - {id: founded, kind: number, least: 1800, most: 2030, places: 0}
  - {id: lines, kind: items, most: 4, asks: [output, rejects, reject-rate, upkeep]}
  - {id: output, kind: number, unit: t, least: 1, places: 1}
  - {id: rejects, kind: number, unit: t, least: 0, places: 1}
  - {id: reject-rate, kind: computed, formula: "convert(rejects / output, '%')", unit: "%", least: 0, most: 100}
  - {id: upkeep, kind: level, lowest: 0, highest: 4, evidence_from: 4}
  - {id: training, kind: level, lowest: 0, highest: 4}
nodes:
  - {id: overall, aggregation: mean, children: [{of: plant}]}
  - {id: plant, aggregation: mean, children: [{of: training}, {of: all-lines}]}
  - {id: all-lines, aggregation: weighted_mean, children: [{of: line, weight: output / tonne}]}
  - {id: line, each: lines, aggregation: mean, children: [{of: upkeep}]}
"""


def _levels(name: str, description: str) -> str:
    """The words of five levels."""
    return "".join(
        f'\n      "{number}": {{name: {name} {number}, description: {description} {number}.}}' for number in range(5)
    )


ENGLISH: Final = f"""
language: en
title: A check of production lines
short_title: Line check
summary: What each line makes and how it is kept.
origin: Made up for tests.
method: The mean of training and of all lines by what they make.
limits: It assesses nobody.
questions:
  founded: {{title: Founded in}}
  lines: {{title: Production lines, prompt: Which production lines run here?}}
  output: {{title: Output, prompt: How much does the line make in a year?}}
  rejects: {{title: Rejects, prompt: How much of it is rejected?}}
  reject-rate: {{title: Reject rate}}
  upkeep:
    title: Upkeep
    prompt: How is the line kept?
    levels: {_levels("Kept", "The line is kept as on step")}
  training:
    title: Training
    levels: {_levels("Taught", "People are taught as on step")}
nodes:
  overall: {{title: Index of lines}}
  plant: {{title: Plant}}
  all-lines: {{title: All lines}}
  line: {{title: The line}}
contradictions:
  more-rejects: More is rejected than is made.
figures:
  tonne: {{title: One tonne}}
groups:
  facts: {{title: Facts of the plant}}
"""

ARABIC: Final = f"""
language: ar
title: فحص خطوط الإنتاج
short_title: فحص الخطوط
summary: ما ينتجه كل خط وكيف يُعتنى به.
origin: أُعدّ للاختبارات.
method: متوسط التدريب وكل الخطوط بحسب إنتاجها.
limits: لا يقيّم أحداً.
questions:
  founded: {{title: سنة التأسيس}}
  lines: {{title: خطوط الإنتاج, prompt: ما خطوط الإنتاج العاملة هنا؟}}
  output: {{title: الإنتاج, prompt: كم ينتج الخط في السنة؟}}
  rejects: {{title: المرفوضات, prompt: كم يُرفض منه؟}}
  reject-rate: {{title: نسبة المرفوضات}}
  upkeep:
    title: الصيانة
    prompt: كيف يُعتنى بالخط؟
    levels: {_levels("العناية", "يُعتنى بالخط كما في الدرجة")}
  training:
    title: التدريب
    levels: {_levels("التدريب", "يُدرَّب العاملون كما في الدرجة")}
nodes:
  overall: {{title: مؤشر الخطوط}}
  plant: {{title: المصنع}}
  all-lines: {{title: كل الخطوط}}
  line: {{title: الخط}}
contradictions:
  more-rejects: المرفوض أكثر من المنتَج.
figures:
  tonne: {{title: طن واحد}}
groups:
  facts: {{title: حقائق المصنع}}
"""

TWO: Final[list[dict[str, str]]] = [
    {"id": "line-1", "name": "Extrusion 1"},
    {"id": "line-2", "name": "خط الحليب"},
]
"""Two lines, one of them with an Arabic name."""

ANSWERS: Final[dict[str, dict[str, Any]]] = {
    "founded": {"number": "1987"},
    "lines": {"items": TWO},
    "lines.line-1.output": {"number": "300"},
    "lines.line-1.rejects": {"number": "3"},
    "lines.line-1.upkeep": {"level": 3},
    "lines.line-2.output": {"number": "100"},
    "lines.line-2.rejects": {"number": "5"},
    "lines.line-2.upkeep": {"level": 1},
    "training": {"level": 2},
}
"""All answers of a plant with these lines; its lines are worth (3 · 300 + 1 · 100) / 400 = 2.50, the index is 2.25."""

INDEX: Final = "2.25"


def write(folder: Path, version: str = "1.0.0") -> Path:
    """The questionnaire as an author keeps it; returns the folder."""
    folder.mkdir(parents=True)
    structure = STRUCTURE.replace("version: 1.0.0", f"version: {version}")
    for name, text in (("definition", structure), ("en", ENGLISH), ("ar", ARABIC)):
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


@contextmanager
def published(*versions: str) -> Iterator[None]:
    """Publish it for a while, in further ``versions`` too, beside the questionnaires of one family only."""
    with in_use(_shelf(versions)):
        yield


@cache
def _shelf(versions: tuple[str, ...]) -> Path:
    """The shelf with it in these versions too, made once: what is read from it once is known ever after."""
    shelf = lasting() / "-".join(("lines", *versions))
    shutil.copytree(loading.PUBLISHED / "itti", shelf / "itti")
    for version in ("1.0.0", *versions):
        write(shelf / FAMILY / version, version)
    return shelf
