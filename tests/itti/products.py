"""A questionnaire with a list within a list: products, and the process steps of each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

from questionnaires import loading
from tests.itti.shelf import in_use, lasting

FAMILY: Final = "product-check"

STRUCTURE: Final = """
family: product-check
version: 1.0.0
origin: own
languages: [en, ar]
rounding: {places: 2, mode: half_up}
index: overall
categories: [plant]
sections:
  - {id: facts, questions: [products]}
contradictions:
  - {id: scrapped, when: run = 4 and scrap > 50}
questions:
  - {id: products, kind: items, least: 1, most: 3, asks: [turnover, steps, weak-steps]}
  - {id: turnover, kind: number, least: 0, most: 100, places: 0}
  - {id: steps, kind: items, most: 4, asks: [run, scrap]}
  - {id: run, kind: level, lowest: 0, highest: 4}
  - {id: scrap, kind: number, least: 0, most: 100}
  - {id: weak-steps, kind: computed, formula: count(run < 2)}
  - {id: training, kind: level, lowest: 0, highest: 4}
nodes:
  - {id: overall, aggregation: mean, children: [{of: plant}]}
  - {id: plant, aggregation: mean, children: [{of: training}, {of: all-products}]}
  - id: all-products
    aggregation: weighted_mean
    children: [{of: product, weight: turnover}]
    rules: [{id: weak, kind: cap, when: "count(run < 1) > 0", at_most: 1}]
  - {id: product, each: products, aggregation: mean, children: [{of: step}]}
  - {id: step, each: steps, aggregation: mean, children: [{of: run}]}
"""


def _levels(name: str, description: str) -> str:
    return "".join(
        f'\n      "{number}": {{name: {name} {number}, description: {description} {number}.}}' for number in range(5)
    )


ENGLISH: Final = f"""
language: en
title: A check of products
short_title: Product check
summary: How the process steps of each product run.
origin: Made up for tests.
method: The mean of training and of all products by their turnover.
limits: It assesses nobody.
questions:
  products: {{title: Products, prompt: Which products are made here?}}
  turnover: {{title: Turnover, prompt: How much of the turnover is it?}}
  steps: {{title: Process steps, prompt: Which steps does it go through?}}
  run:
    title: Process
    prompt: How does the step run?
    levels: {_levels("Run", "The step runs as on level")}
  scrap: {{title: Scrap, prompt: How much is scrapped in the step?}}
  weak-steps: {{title: Weak steps}}
  training:
    title: Training
    levels: {_levels("Taught", "People are taught as on level")}
nodes:
  overall: {{title: Index of products}}
  plant: {{title: Plant}}
  all-products: {{title: All products}}
  product: {{title: The product}}
  step: {{title: The step}}
rules:
  weak: {{title: A step that does not run at all}}
contradictions:
  scrapped: It runs at its best and half of it is scrapped.
groups:
  facts: {{title: Facts of the plant}}
"""

ARABIC: Final = f"""
language: ar
title: فحص المنتجات
short_title: فحص المنتجات
summary: كيف تسير خطوات إنتاج كل منتج.
origin: أُعدّ للاختبارات.
method: متوسط التدريب وكل المنتجات بحسب مبيعاتها.
limits: لا يقيّم أحداً.
questions:
  products: {{title: المنتجات, prompt: ما المنتجات التي تُصنع هنا؟}}
  turnover: {{title: المبيعات, prompt: كم حصته من المبيعات؟}}
  steps: {{title: خطوات الإنتاج, prompt: ما الخطوات التي يمرّ بها؟}}
  run:
    title: سير الخطوة
    prompt: كيف تسير الخطوة؟
    levels: {_levels("السير", "تسير الخطوة كما في الدرجة")}
  scrap: {{title: التالف, prompt: كم يتلف في الخطوة؟}}
  weak-steps: {{title: خطوات ضعيفة}}
  training:
    title: التدريب
    levels: {_levels("التدريب", "يُدرَّب العاملون كما في الدرجة")}
nodes:
  overall: {{title: مؤشر المنتجات}}
  plant: {{title: المصنع}}
  all-products: {{title: كل المنتجات}}
  product: {{title: المنتج}}
  step: {{title: الخطوة}}
rules:
  weak: {{title: خطوة لا تسير البتة}}
contradictions:
  scrapped: تسير الخطوة على أفضل وجه ونصف إنتاجها تالف.
groups:
  facts: {{title: حقائق المصنع}}
"""

PRODUCTS: Final = [{"id": "pump", "name": "Pump"}, {"id": "valve", "name": "صمام"}]
STEPS: Final = [{"id": "turning", "name": "Turning"}, {"id": "washing", "name": "غسل"}]
"""Two products, and two steps; one of each with an Arabic name."""

ANSWERS: Final[dict[str, dict[str, Any]]] = {
    "products": {"items": PRODUCTS},
    "products.pump.turnover": {"number": "60"},
    "products.pump.steps": {"items": STEPS},
    "products.pump.steps.turning.run": {"level": 4},
    "products.pump.steps.turning.scrap": {"number": "2"},
    "products.pump.steps.washing.run": {"level": 1},
    "products.pump.steps.washing.scrap": {"number": "3"},
    "products.valve.turnover": {"number": "40"},
    "products.valve.steps": {"items": STEPS[:1]},
    "products.valve.steps.turning.run": {"level": 3},
    "products.valve.steps.turning.scrap": {"number": "5"},
    "training": {"level": 2},
}
"""All answers; the products are worth (60 · 2.5 + 40 · 3) / 100 = 2.70, the index is 2.35."""

INDEX: Final = "2.35"


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
    shelf = lasting() / "-".join(("products", *versions))
    shutil.copytree(loading.PUBLISHED / "itti", shelf / "itti")
    for version in ("1.0.0", *versions):
        write(shelf / FAMILY / version, version)
    return shelf
