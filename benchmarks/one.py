"""How fast one assessment is scored: ``python benchmarks/one.py [FOLDER WITH node_modules]``.

The questionnaire is ``itti`` 2.0.0: 71 questions, 37 nodes, a gate a dimension. Ours gives the whole scorecard, exact,
with the reason for every number: from a new plan (*first*), for other answers with a plan in use (never the same
twice), after one answer was changed, as an assessor's form does it, while a new sheet is filled in one answer after
another, and with a random part of the answers missing in random places. Scorecards are complete when they are handed
over; *read* goes through all their parts besides, *written* writes them as canonical JSON. *Values only* is
``scoring.values``. The peers compute the values alone, in binary floating point and without a reason: nested loops over
the definition as one would write them first, flat loops over prepared lists; and, where they are at hand, a survey
engine and an expression engine (``node`` with the packages ``survey-core`` and ``fhirpath``) and a sheet of the same
formulas (LibreOffice). All in processor time and in turns, a short round of each after the other; of each the quickest
round counts, so that what else the machine does while this runs enters into none of them, or into all alike. What
counts are the ratios.

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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Final

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import sheet  # noqa: E402

from questionnaires.loading import PUBLISHED, load_folder  # noqa: E402
from questionnaires.model import Definition, LevelQuestion  # noqa: E402
from scoring import Answers, LevelAnswer, Plan, Scorecard, compile_plan, score, values  # noqa: E402

POPULATION: Final = 100
"""Assessments of a round."""

ROUNDS: Final = 25
ROWS: Final = 2000
"""Of the sheet."""

FIRST: Final = "itti, exact, every reason, first"
LOOPS: Final = "nested loops, float, values only"
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
        total = sum(float(child.weight) for child in node.children)
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


Round = Callable[[int], float]
"""A round, by its number → microseconds of processor time for each assessment."""


def timed(of: Callable[[int], object], count: int) -> Round:
    """Rounds of so many assessments each."""

    def one_round(number: int) -> float:
        began = time.process_time()
        of(number)
        return (time.process_time() - began) / count * 1e6

    return one_round


def in_turns(ways: Mapping[str, Round]) -> dict[str, tuple[float, float]]:
    """The quickest and the middle round of each way, a round of one after a round of the other."""
    rounds = [[way(number) for way in ways.values()] for number in range(ROUNDS)]
    own = zip(*rounds, strict=True)
    return {name: (min(each), median(each)) for name, each in zip(ways, own, strict=True)}


@contextmanager
def by_node(folder: Path, definition: Definition, population: Sequence[Levels]) -> Iterator[dict[str, Round]]:
    """What the engines of the JavaScript world take; nothing where they are not at hand."""
    if shutil.which("node") is None or not (folder / "node_modules").is_dir():
        print("not at hand, left out: survey-core, fhirpath (give the folder with node_modules)")
        yield {}
        return
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
    with subprocess.Popen(  # noqa: S603 – our own script
        ["node", str(script), str(folder.resolve())],  # noqa: S607
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as engines:
        assert engines.stdin is not None and engines.stdout is not None  # noqa: S101, PT018 – asked for above
        said, told = engines.stdin, engines.stdout

        def asked(name: str) -> Round:
            def one_round(_: int) -> float:
                said.write(f"{name}\n")
                return float(told.readline())

            return one_round

        said.write(json.dumps(given) + "\n")
        yield {name: asked(name) for name in json.loads(told.readline())}
        said.close()


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
    others = [drawn(draw, asked, POPULATION) for _ in range(ROUNDS)]
    changed = _parts(walked(draw, asked, POPULATION * ROUNDS))
    filled = _parts(filled_in(draw, asked, POPULATION * ROUNDS))
    holed = [with_holes(draw, each) for each in others]
    gc.collect()
    gc.freeze()  # the collector looks after what scoring makes, not after all these answers
    new = first(definition, others[0][:10])
    with by_node(Path(arguments[0]) if arguments else Path(), definition, population) as engines:
        found = in_turns(
            {
                "itti, exact, every reason, in use": in_use(definition, others, score),
                "… read": in_use(definition, others, lambda plan, answers: read(score(plan, answers))),
                "… written": in_use(definition, others, lambda plan, answers: score(plan, answers).to_json()),
                "… one answer changed": in_use(definition, changed, score),
                "… filled in, answer after answer": in_use(definition, filled, score),
                "… with holes anywhere": in_use(definition, holed, score),
                "itti, exact, values only, in use": in_use(definition, others, values),
                LOOPS: timed(lambda _: [nested(definition, each) for each in population], POPULATION),
                "flat loops, float, values only": timed(
                    lambda _: [flat(lists, each) for each in population], POPULATION
                ),
                **engines,
            }
        )
    rows = {FIRST: (new, new), **found, **{name: (each, each) for name, each in by_sheet(lists, draw, asked).items()}}
    quickest, middle = rows[LOOPS]
    print(f"{'way':36} {'µs each':>10} {'to nested loops':>16} {'middle round':>14} {'to nested loops':>16}")
    for name, (best, each) in rows.items():
        print(f"{name:36} {best:10.1f} {best / quickest:16.2f} {each:14.1f} {each / middle:16.2f}")


def _parts(whole: Sequence[Answers]) -> list[Sequence[Answers]]:
    return [whole[start : start + POPULATION] for start in range(0, len(whole), POPULATION)]


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
) -> Round:
    """With a plan that has scored other answers before, never the same assessment twice."""
    plan = compile_plan(definition)
    return timed(lambda number: [of(plan, each) for each in populations[number]], POPULATION)


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


def by_sheet(lists: Flat, draw: random.Random, asked: Sequence[LevelQuestion]) -> dict[str, float]:
    """What LibreOffice takes for a sheet with a row an assessment; nothing where it is not at hand."""
    if not sheet.at_hand():
        print("not at hand, left out: LibreOffice (soffice)")
        return {}
    population = [
        {question.id: draw.randint(question.lowest, question.highest) for question in asked} for _ in range(ROWS)
    ]
    taken, found = sheet.recalculated(lists, population)
    for levels, row in zip(population, found, strict=True):
        if any(abs(value - row[name]) > 1e-9 for name, value in flat(lists, levels).items()):
            raise SystemExit("the sheet does not compute the same")
    return {"LibreOffice, values only": taken}


if __name__ == "__main__":
    main(sys.argv[1:])
