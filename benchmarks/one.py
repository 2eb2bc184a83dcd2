"""How fast one assessment is scored: ``python benchmarks/one.py [FOLDER WITH node_modules]``.

The questionnaire is ``itti`` 2.0.0: 71 questions, 37 nodes, a gate a dimension. Ours gives the whole scorecard, exact,
with the reason for every number: from a new plan (*first*), for other answers with a plan in use (never the same
twice), after one answer was changed, as an assessor's form does it, while a new sheet is filled in one answer after
another, and with a random part of the answers missing in random places. Scorecards are complete when they are handed
over; *read* goes through all their parts besides, *written* writes them as canonical JSON. *Values only* is
``scoring.values``. The peers compute the values alone, in binary floating point and without a reason: nested loops over
the definition as one would write them first, flat loops over prepared lists; and, where they are at hand, a survey
engine and an expression engine (``node`` with the packages ``survey-core`` and ``fhirpath``) and a sheet of the same
formulas (LibreOffice). All in processor time, best of several runs, side by side; what counts are the ratios.

There is one object for each level, as there is one for each small number: what is measured is scoring, not how long it
takes to fetch a hundred thousand answers from main memory.
"""

from __future__ import annotations

import gc
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import sheet  # noqa: E402

from questionnaires.loading import PUBLISHED, load_folder  # noqa: E402
from questionnaires.model import Definition, LevelQuestion  # noqa: E402
from scoring import Answers, LevelAnswer, Plan, Scorecard, compile_plan, score, values  # noqa: E402

POPULATION: Final = 200
RUNS: Final = 5
ROWS: Final = 2000
"""Of the sheet."""

LEVELS: Final = [LevelAnswer(level=level) for level in range(10)]

Levels = Mapping[str, int]


def nested(definition: Definition, levels: Levels) -> dict[str, float]:
    """Loops over the definition; the gates by their form ``question >= 2``, as all of this questionnaire's are."""
    values: dict[str, float] = {}
    for node in definition.nodes:
        total = weight = 0.0
        for child in node.children:
            own = float(child.weight)
            total += own * (values[child.of] if child.of in values else levels[child.of])
            weight += own
        value = total / weight
        for rule in node.rules:
            if rule.at_most is not None and rule.unless is not None:
                name = rule.unless.split(" or ")[-1].split(" >= ")[0]
                if (values[name] if name in values else levels[name]) < 2:
                    value = min(value, float(rule.at_most))
        values[node.id] = value
    return values


Flat = list[tuple[str, list[tuple[str, float]], float, str | None]]


def prepared(definition: Definition) -> Flat:
    """The same with everything that does not depend on the answers taken out of the loops."""
    found: Flat = []
    for node in definition.nodes:
        total = float(sum(child.weight for child in node.children))
        gate = next((rule.unless for rule in node.rules if rule.at_most is not None and rule.unless), None)
        name = None if gate is None else gate.split(" or ")[-1].split(" >= ")[0]
        found.append((node.id, [(child.of, float(child.weight) / total) for child in node.children], 2.0, name))
    return found


def flat(nodes: Flat, levels: Levels) -> dict[str, float]:
    """Loops over prepared lists."""
    values: dict[str, float] = dict(levels)
    for name, children, limit, gate in nodes:
        value = 0.0
        for child, weight in children:
            value += values[child] * weight
        if gate is not None and values[gate] < 2 and value > limit:
            value = limit
        values[name] = value
    return values


def best(of: Callable[[], object], count: int) -> float:
    """Microseconds of processor time for each of ``count``, the best of several runs."""
    times = []
    for _ in range(RUNS):
        began = time.process_time()
        of()
        times.append((time.process_time() - began) / count * 1e6)
    return min(times)


def by_node(folder: Path, definition: Definition, population: Sequence[Levels]) -> list[tuple[str, float]]:
    """What the engines of the JavaScript world take; nothing where they are not at hand."""
    if shutil.which("node") is None or not (folder / "node_modules").is_dir():
        print("not at hand, left out: survey-core, fhirpath (give the folder with node_modules)")
        return []
    model = [
        {
            "id": name,
            "children": [{"of": child, "weight": weight} for child, weight in children],
            "gate": gate,
            "leaf": [child in {question.id for question in definition.questions} for child, _ in children],
        }
        for name, children, _, gate in prepared(definition)
    ]
    given = {"questions": [question.id for question in definition.questions], "nodes": model, "population": population}
    script = Path(__file__).with_name("one.mjs")
    answer = subprocess.run(  # noqa: S603 – our own script
        ["node", str(script), str(folder.resolve())],  # noqa: S607
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    return [(name, float(each)) for name, each in json.loads(answer.stdout)]


def agree(definition: Definition, levels: Levels) -> None:
    """The peers compute the same thing, or the comparison is worth nothing."""
    card = score(compile_plan(definition), {name: LevelAnswer(level=level) for name, level in levels.items()})
    for peer in (nested(definition, levels), flat(prepared(definition), levels)):
        for node in card.nodes:
            exact = Fraction(node.exact or 0)
            if abs(Fraction(peer[node.id]) - exact) > Fraction(1, 10**9):
                raise SystemExit(f"the peers do not compute the same: {node.id}")
            _ = Decimal(peer[node.id]).quantize(Decimal("0.01"), ROUND_HALF_UP)


def main(arguments: Sequence[str]) -> None:
    """Print one line for each way."""
    definition = load_folder(PUBLISHED / "itti" / "2.0.0")
    draw = random.Random(20261122)  # noqa: S311 – no secret
    asked = [question for question in definition.questions if isinstance(question, LevelQuestion)]
    population = [
        {question.id: draw.randint(question.lowest, question.highest) for question in asked} for _ in range(POPULATION)
    ]
    agree(definition, population[0])
    lists = prepared(definition)
    others = [drawn(draw, asked, 500) for _ in range(RUNS)]
    changed = [walked(draw, asked, 500) for _ in range(RUNS)]
    filled = [filled_in(draw, asked, 500) for _ in range(RUNS)]
    holed = [with_holes(draw, each) for each in others]
    gc.collect()
    gc.freeze()  # the collector looks after what scoring makes, not after all these answers
    rows = [
        ("itti, exact, every reason, first", first(definition, others[0][:10])),
        ("itti, exact, every reason, in use", in_use(definition, others, score)),
        ("… read", in_use(definition, others, lambda plan, answers: read(score(plan, answers)))),
        ("… written", in_use(definition, others, lambda plan, answers: score(plan, answers).to_json())),
        ("… one answer changed", in_use(definition, changed, score)),
        ("… filled in, answer after answer", in_use(definition, filled, score)),
        ("… with holes anywhere", in_use(definition, holed, score)),
        ("itti, exact, values only, in use", in_use(definition, others, values)),
        ("nested loops, float, values only", best(lambda: [nested(definition, e) for e in population], POPULATION)),
        ("flat loops, float, values only", best(lambda: [flat(lists, each) for each in population], POPULATION)),
        *by_node(Path(arguments[0]) if arguments else Path(), definition, population),
        *by_sheet(lists, draw, asked),
    ]
    loops = dict(rows)["nested loops, float, values only"]
    print(f"{'way':36} {'µs each':>10} {'to nested loops':>16}")
    for name, each in rows:
        print(f"{name:36} {each:10.1f} {each / loops:16.2f}")


def drawn(draw: random.Random, asked: Sequence[LevelQuestion], count: int) -> list[Answers]:
    """Random assessments that have nothing to do with one another."""
    return [
        {question.id: LEVELS[draw.randint(question.lowest, question.highest)] for question in asked}
        for _ in range(count)
    ]


def walked(draw: random.Random, asked: Sequence[LevelQuestion], count: int) -> list[Answers]:
    """One assessment that is changed in one answer at a time, each time in another place."""
    (found,) = drawn(draw, asked, 1)
    steps: list[Answers] = []
    for _ in range(count):
        question = draw.choice(asked)
        found = {**found, question.id: LEVELS[draw.randint(question.lowest, question.highest)]}
        steps.append(found)
    return steps


def filled_in(draw: random.Random, asked: Sequence[LevelQuestion], count: int) -> list[Answers]:
    """One sheet after another, each filled in from the first question to the last."""
    steps: list[Answers] = []
    while len(steps) < count:
        (whole,) = drawn(draw, asked, 1)
        names = list(whole)
        for end in range(len(names) + 1):
            steps.append({name: whole[name] for name in names[:end]})
    return steps[:count]


def with_holes(draw: random.Random, assessments: Sequence[Answers]) -> list[Answers]:
    """The same with answers missing: of each assessment another part, anywhere."""
    parts = [(each, draw.random()) for each in assessments]
    return [{name: answer for name, answer in each.items() if draw.random() < part} for each, part in parts]


def first(definition: Definition, answers: Sequence[Answers]) -> float:
    """The first scorecard of a new plan, on average."""
    plans = [compile_plan(definition) for _ in answers]
    began = time.process_time()
    for plan, each in zip(plans, answers, strict=True):
        score(plan, each)
    return (time.process_time() - began) / len(plans) * 1e6


def in_use(
    definition: Definition, populations: Sequence[Sequence[Answers]], of: Callable[[Plan, Answers], object]
) -> float:
    """With a plan that has scored other answers before, never the same assessment twice."""
    plan = compile_plan(definition)
    times = []
    for population in populations:
        began = time.process_time()
        for each in population:
            of(plan, each)
        times.append((time.process_time() - began) / len(population) * 1e6)
    return min(times)


def read(card: Scorecard) -> None:
    """Go through all parts of a scorecard: what each says, and what it brought or cost."""
    for question in card.questions:
        _ = question.state, question.answer, question.exact
    for node in card.nodes:
        _ = node.state, node.value, node.band, node.exact, node.answered
        for share in node.shares:
            _ = share.counted, share.weight_used, share.exact, share.contribution
        for rule in node.rules:
            _ = rule.fired, rule.before, rule.after, rule.band_after


def by_sheet(lists: Flat, draw: random.Random, asked: Sequence[LevelQuestion]) -> list[tuple[str, float]]:
    """What LibreOffice takes for a sheet with a row an assessment; nothing where it is not at hand."""
    if not sheet.at_hand():
        print("not at hand, left out: LibreOffice (soffice)")
        return []
    population = [
        {question.id: draw.randint(question.lowest, question.highest) for question in asked} for _ in range(ROWS)
    ]
    taken, found = sheet.recalculated(lists, population)
    for levels, row in zip(population, found, strict=True):
        if any(abs(value - row[name]) > 1e-9 for name, value in flat(lists, levels).items()):
            raise SystemExit("the sheet does not compute the same")
    return [("LibreOffice, values only", taken)]


if __name__ == "__main__":
    main(sys.argv[1:])
