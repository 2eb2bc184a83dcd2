"""One failing definition for every mistake that checking knows: the example of the language, spoilt in one place."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from questionnaires import checking, load_folder
from questionnaires.loading import EXAMPLE, read_file
from questionnaires.mistakes import Mistake, Mistaken
from questionnaires.wording import catalogue

Data = dict[str, Any]
Spoil = Callable[[Data], None]


@cache
def _example() -> Data:
    data = read_file(EXAMPLE / "definition.yaml").data
    assert isinstance(data, dict)
    return data


def thing(data: Data, identifier: str) -> Any:
    """The part of a definition with that id, wherever it stands, or the part at a dotted path."""
    stack: list[Any] = [data]
    while stack:
        here = stack.pop()
        if isinstance(here, dict):
            if here.get("id") == identifier:
                return here
            stack.extend(reversed(list(here.values())))
        elif isinstance(here, list):
            stack.extend(reversed(here))
    raise AssertionError(identifier)


def put(identifier: str, *path: str | int, value: Any) -> Spoil:
    """Set a value inside the part with that id; a key without an id is set at the top."""

    def spoil(data: Data) -> None:
        here: Any = thing(data, identifier) if identifier else data
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = value

    return spoil


def drop(identifier: str, *path: str | int) -> Spoil:
    """Remove a key from the part with that id."""

    def spoil(data: Data) -> None:
        here = thing(data, identifier)
        for step in path[:-1]:
            here = here[step]
        del here[path[-1]]

    return spoil


def add(part: str, **words: Any) -> Spoil:
    """Append something to a list at the top."""

    def spoil(data: Data) -> None:
        data.setdefault(part, []).append(words)

    return spoil


def all_of(*spoils: Spoil) -> Spoil:
    def spoil(data: Data) -> None:
        for one in spoils:
            one(data)

    return spoil


def text(*path: str, value: Any = None) -> Spoil:
    """Set, or without a value remove, something in the English texts."""

    def spoil(data: Data) -> None:
        here = data["texts"]
        for step in path[:-1]:
            here = here[step]
        if value is None:
            del here[path[-1]]
        else:
            here[path[-1]] = value

    return spoil


def _bands_upon_bands(data: Data) -> None:
    """Bands whose rules ask for bands whose rules ask for bands."""
    bands = [{"id": "starting", "from": 0}, {"id": "leading", "from": 3}]
    before = "overall"
    for number in range(30):
        rule = {"id": f"r{number}", "kind": "downgrade", "when": f"band({before}) = 'leading'", "bands_down": 1}
        before = f"n{number}"
        node = {
            "id": before,
            "aggregation": "mean",
            "children": [{"of": "maintenance"}],
            "bands": bands,
            "rules": [rule],
        }
        data["nodes"].append(node)


LEVEL = {"kind": "level", "highest": 4}
NODE = {"aggregation": "mean", "children": [{"of": "maintenance"}]}

CASES: Mapping[str, tuple[Spoil, str]] = {
    # ids
    "duplicate-id": (put("grid-factor", "id", value="maintenance"), "/constants/0/id"),
    "duplicate-id in views": (put("profile", "id", value="facts"), "/views/0/id"),
    "duplicate-id in stages": (put("assured", "id", value="fine"), "/nodes/11/stages/1/id"),
    "duplicate-id of places": (put("gold", "id", value="silver"), "/rankings/0/places/1/id"),
    "duplicate-id of sources": (add("sources", id="handbook", certainty="own"), "/sources/1/id"),
    "duplicate-language": (put("", "languages", value=["en", "en"]), "/languages"),
    "duplicate-id of answer sets": (add("answer_sets", id="cadence", options=[{"id": "a"}]), "/answer_sets/1/id"),
    "duplicate-option in an answer set": (
        put("cadence", "options", 0, "id", value="yearly"),
        "/answer_sets/0/options/1/id",
    ),
    "duplicate-option": (put("cement", "id", value="dairy"), "/questions/2/options/1/id"),
    "duplicate-row": (put("purchasing", "id", value="production"), "/questions/5/rows/1/id"),
    "duplicate-item": (
        put("other-framework", "items", value=[{"id": "x", "of": ["people"]}] * 2),
        "/crosswalks/0/items/1/id",
    ),
    "duplicate-child": (put("upkeep", "children", 1, "of", value="maintenance"), "/nodes/0/children/1"),
    "unknown-id": (put("upkeep", "children", 0, "of", value="ghost"), "/nodes/0/children/0/of"),
    "unknown-id in a crosswalk": (put("their-operations", "of", 0, value="ghost"), "/crosswalks/0/items/0/of/0"),
    "unknown-node": (put("profile", "nodes", 0, value="maintenance"), "/views/0/nodes/0"),
    "unknown-node of a ranking": (put("medals", "of", value="ghost"), "/rankings/0/of"),
    "unknown-node as index": (put("", "index", value="ghost"), "/index"),
    "unknown-question": (put("facts", "questions", 0, value="upkeep"), "/sections/0/questions/0"),
    "unknown-question of a roll-up": (put("region", "same", 0, value="ghost"), "/roll_ups/0/same/0"),
    "unknown-source": (put("overall", "sources", 0, value="ghost"), "/nodes/4/sources/0"),
    # questions and tables
    "levels-empty": (put("maintenance", "lowest", value=4), "/questions/0"),
    "worth-count": (put("waste-water", "worth", value=[0, 1]), "/questions/1/worth"),
    "worth-turns": (put("waste-water", "worth", value=[0, 2, 1, 3, 4]), "/questions/1/worth"),
    "step-past-most": (put("scrap", "step", value=30), "/questions/12/step"),
    "step-too-fine": (put("base-year", "step", value="0.5"), "/questions/9/step"),
    "limits-cross": (put("scrap", "least", value=101), "/questions/12/least"),
    "limits-cross of dates": (put("permit-issued", "earliest", value="2051-01-01"), "/questions/14/earliest"),
    "limits-cross of choices": (put("certificates", "at_least", value=5), "/questions/4/at_least"),
    "limits-cross of picks": (
        all_of(put("certificates", "least_picked", value=3), put("certificates", "most_picked", value=2)),
        "/questions/4/least_picked",
    ),
    "option-without-value": (drop("certificates", "options", 0, "value"), "/questions/4/options/0"),
    "denial-with-value": (put("nothing-kept", "value", value=1), "/questions/5/options/3/value"),
    "denial-not-alone": (
        all_of(put("fined", "not_applicable", value=True), drop("fined", "value")),
        "/questions/4/options/2",
    ),
    "options-all-deny": (
        put("sector", "options", value=[{"id": one, "not_applicable": True} for one in ("cement", "dairy", "other")]),
        "/questions/2/options",
    ),
    "table-of-denial": (put("cement", "not_applicable", value=True), "/tables/0/values/cement"),
    "too-many-picks": (put("certificates", "most_picked", value=4), "/questions/4/most_picked"),
    "too-many-picks demanded": (put("certificates", "least_picked", value=4), "/questions/4/least_picked"),
    "option-unreachable": (put("certificates", "least_picked", value=2), "/questions/4/options/3"),
    "evidence-of-computed": (put("intensity", "evidence_from", value=1), "/questions/10/evidence_from"),
    "evidence-without-value of a date": (put("permit-until", "evidence_from", value=1), "/questions/15/evidence_from"),
    "evidence-without-value": (put("sector", "evidence_from", value=1), "/questions/2/evidence_from"),
    "evidence-unreachable": (put("maintenance", "evidence_from", value=5), "/questions/0/evidence_from"),
    "not-a-key": (put("lead-intensity", "by", value="permit-until"), "/tables/0/by"),
    "table-number": (put("lead-intensity", "by", value="output"), "/tables/0/by"),
    "table-number of a node": (put("visit-days", "by", 1, value="balance"), "/tables/4/by/1"),
    "table-row-unreachable": (put("visit-days", "values", "yes", "4", value={}), "/tables/4/values/yes/4"),
    "table-row-unreachable of a band": (
        put("visit-days", "values", "yes", "3", "best", value=1),
        "/tables/4/values/yes/3/best",
    ),
    "table-depth of three": (put("visit-days", "values", "yes", "3", value=1), "/tables/4/values/yes/3"),
    "not-a-key twice": (put("permit-risk", "by", 1, value="permit-review"), "/tables/1/by/1"),
    "several-in-a-pair": (put("permit-risk", "by", 1, value="certificates"), "/tables/1/by/1"),
    "table-depth": (put("permit-risk", "values", "never", value=3), "/tables/1/values/never"),
    "table-depth of one": (put("lead-intensity", "values", "cement", value={"yes": 1}), "/tables/0/values/cement"),
    "table-hole within a row": (drop("permit-risk", "values", "yearly", "no"), "/tables/1/values/yearly"),
    "unknown-option within a row": (
        put("permit-risk", "values", "yearly", "maybe", value=1),
        "/tables/1/values/yearly/maybe",
    ),
    "not-a-choice of a roll-up": (put("region", "by", value="output"), "/roll_ups/0/by"),
    "unknown-option": (put("lead-intensity", "values", "steel", value=1), "/tables/0/values/steel"),
    "table-hole": (drop("lead-intensity", "otherwise"), "/tables/0/values"),
    # curves
    "curve-direction": (put("research", "curve", "base", value=20000), "/questions/11/curve"),
    "log-not-positive": (put("research", "curve", "base", value=0), "/questions/11/curve/base"),
    "log-needs-least": (put("research", "curve", "capped", value=False), "/questions/11/curve"),
    "points-fall": (put("training", "curve", "points", 1, "at", value=0), "/questions/13/curve/points/1/at"),
    "steps-fall": (put("scrap", "curve", "steps", 1, "from", value=1), "/questions/12/curve/steps/1/from"),
    "step-unreachable": (put("scrap", "most", value=4), "/questions/12/curve/steps/1/from"),
    "step-unreachable from below": (put("scrap", "least", value=5), "/questions/12/curve/steps/0/from"),
    "step-unreachable at an open end": (
        all_of(put("scrap", "most", value=5), put("scrap", "curve", "boundary", value="upper")),
        "/questions/12/curve/steps/1/from",
    ),
    # nodes
    "weight-unused": (put("upkeep", "children", 0, "weight", value=2), "/nodes/0/children/0/weight"),
    "weight-not-above-zero": (put("points", "children", 0, "weight", value=0), "/nodes/7/children/0/weight"),
    "weight-negative": (
        put("review-weight", "values", "cement", value=-1),
        "/nodes/7/children/1/weight",
    ),
    "weight-irrational": (
        put("points", "children", 0, "weight", value="root(maintenance, 2)"),
        "/nodes/7/children/0/weight",
    ),
    "weights-total-row": (put("points", "weights_total", value=3), "/nodes/7/children"),
    "weights-total-open": (
        all_of(
            put("points", "weights_total", value=3),
            put("points", "children", 0, "weight", value="maintenance"),
        ),
        "/nodes/7/weights_total",
    ),
    "bands-turned": (put("large-from", "values", "other", value=-5), "/nodes/12/bands/1/from"),
    "key-needs-bands": (put("points", "bands_on", value="exact"), "/nodes/7/bands_on"),
    "key-unused of a threshold": (
        put("points", "children", 0, "reached_from", value=2),
        "/nodes/7/children/0/reached_from",
    ),
    "limits-cross of a node": (put("emissions", "least", value=200000000), "/nodes/12/least"),
    "never-reached of a child's own": (
        put("strengths", "children", 0, "reached_from", value=5),
        "/nodes/9/children/0/of",
    ),
    "cycle through a weight": (put("upkeep", "children", 0, "cap", value="overall"), "/nodes/0"),
    "formula-unknown-name of a weight": (
        put("operation", "children", 0, "weight", value="zzz"),
        "/nodes/2/children/0/weight",
    ),
    "formula-result-unit of a band": (put("developing", "from", value="lead-intensity"), "/nodes/4/bands/1/from"),
    "formula-result-unit of a cap": (put("people", "children", 0, "cap", value="output"), "/nodes/1/children/0/cap"),
    "weights-total": (put("operation", "weights_total", value=100), "/nodes/2/children"),
    "id-is-a-keyword": (put("grid-factor", "id", value="not"), "/constants/0/id"),
    "curve-direction of a table": (put("lead-intensity", "values", "dairy", value=300), "/questions/10/curve"),
    "rule-idle at the lowest": (put("unread-meters", "at_least", value=0), "/nodes/12/rules/0/at_least"),
    "key-unused": (put("upkeep", "reached_from", value=2), "/nodes/0/reached_from"),
    "key-unused out_of": (put("upkeep", "out_of", value=4), "/nodes/0/out_of"),
    "key-needed": (drop("strengths", "reached_from"), "/nodes/9"),
    "key-needed stages": (put("ladder", "stages", value=[]), "/nodes/11"),
    "key-needed formula": (drop("emissions", "formula"), "/nodes/12"),
    "child-always-applies": (
        put("people", "children", 0, "not_applicable", value="full"),
        "/nodes/1/children/0/not_applicable",
    ),
    "key-unused of a child": (
        put("ladder", "children", 0, "not_applicable", value="full"),
        "/nodes/11/children/0/not_applicable",
    ),
    "figure-of-no-number": (put("usual-training", "of", value="sector"), "/cohort_figures/1/of"),
    "figure-of-no-number but a profile": (put("usual-training", "of", value="ends"), "/cohort_figures/1/of"),
    "quantile-share": (drop("usual-training", "share"), "/cohort_figures/1"),
    "quantile-share without a quantile": (put("best-training", "share", value=0), "/cohort_figures/0"),
    "quantile-method": (put("best-training", "method", value="r6"), "/cohort_figures/0/method"),
    "cycle of a figure that rests on itself": (put("usual-training", "of", value="training-gap"), "/questions/17"),
    "cycle of a figure that says who counts for it": (
        put("training-of-the-best", "when", value="training-gap > 3"),
        "/questions/17",
    ),
    "formula-unknown-name in who counts": (
        put("training-of-the-best", "when", value="zzz"),
        "/cohort_figures/2/when",
    ),
    "part-size": (drop("training-of-the-best", "part", "share"), "/cohort_figures/2/part"),
    "part-size of two sizes": (put("training-of-the-best", "part", "members", value=3), "/cohort_figures/2/part"),
    "not-a-group": (put("training-of-the-best", "by", value="certificates"), "/cohort_figures/2/by"),
    "not-a-group by a node without bands": (
        put("training-of-the-best", "by", value="strongest"),
        "/cohort_figures/2/by",
    ),
    "cycle of a figure by a class that rests on it": (
        put("training-of-the-best", "by", value="ends"),
        "/nodes/13",
    ),
    "not-a-group by a number": (put("best-of-sector", "by", value="research"), "/rankings/1/by"),
    "not-a-group twice": (put("best-of-sector", "by", value=["sector", "sector"]), "/rankings/1/by/1"),
    "groups-too-many": (
        all_of(
            put("best-of-sector", "by", value=["sector", "maintenance", "safety-officer", "energy-review"]),
            put("sector", "options", value=[{"id": f"s{number}"} for number in range(50)]),
            put("maintenance", "highest", value=9),
        ),
        "/rankings/1/by",
    ),
    "nothing-wider": (drop("training-of-the-best", "by"), "/cohort_figures/2/too_few"),
    "nothing-wider to be ranked in": (put("medals", "too_few", value="wider"), "/rankings/0/too_few"),
    "place-reach": (drop("silver", "top"), "/rankings/0/places/1"),
    "place-without-share": (put("first-three", "rounding", value="up"), "/rankings/1/places/0/rounding"),
    "place-without-share at least": (put("first-three", "at_least", value=1), "/rankings/1/places/0/at_least"),
    "place-reach of two reaches": (put("first-three", "top", value=1), "/rankings/1/places/0"),
    "cycle through a figure of groups": (
        put("sector", "applies_when", value="training-of-the-best > 3"),
        "/questions/2",
    ),
    "figure-unused of the cohort": (
        put("training-gap", "formula", value="best-training - training"),
        "/cohort_figures/1",
    ),
    "duplicate-id of a figure": (put("usual-training", "id", value="training"), "/cohort_figures/1/id"),
    "left-out-of-nothing": (put("forecast", "of", value="output"), "/roll_ups/0/left_out/0/of"),
    "formula-unknown-name in a place": (put("gold", "eligible", value="zzz >= 3"), "/rankings/0/places/0/eligible"),
    "formula-unknown-name in what is left out": (
        put("forecast", "when", value="zzz > 3"),
        "/roll_ups/0/left_out/0/when",
    ),
    "profile-key": (put("ends", "rounding", value={"places": 0, "mode": "down"}), "/nodes/13/rounding"),
    "profile-key cap": (put("ends", "children", 0, "cap", value=1), "/nodes/13/children/0/cap"),
    "profile-without-value": (put("upkeep", "children", 0, "of", value="ends"), "/nodes/0/children/0/of"),
    "profile-without-value ranked": (put("medals", "of", value="ends"), "/rankings/0/of"),
    "profile-without-value summed": (put("region", "sums", 0, value="ends"), "/roll_ups/0/sums/0"),
    "formula-profile": (put("climate-gate", "unless", value="ends >= 2"), "/nodes/4/rules/2/unless"),
    "child-without-value": (put("strongest", "children", 1, "of", value="sector"), "/nodes/6/children/1/of"),
    "date-as-child": (put("strongest", "children", 1, "of", value="permit-until"), "/nodes/6/children/1/of"),
    "child-needs-curve": (put("strengths", "children", 0, "of", value="output"), "/nodes/9/children/0/of"),
    "child-negative": (
        all_of(put("certificates", "at_least", value=-1), put("balance", "children", 1, "of", value="certificates")),
        "/nodes/8/children/1/of",
    ),
    "child-negative where nothing is said": (
        put("balance", "children", 0, "of", value="open"),
        "/nodes/8/children/0/of",
    ),
    "child-without-highest": (put("climate", "children", 0, "of", value="open"), "/nodes/3/children/0/of"),
    "child-never-positive": (
        all_of(put("safety-officer", "yes", value=0), put("climate", "children", 1, "of", value="safety-officer")),
        "/nodes/3/children/1/of",
    ),
    "never-reached": (put("strengths", "reached_from", value=5), "/nodes/9/children/0/of"),
    "units-differ": (
        put("points", "children", value=[{"of": "electricity"}, {"of": "output"}]),
        "/nodes/7/children",
    ),
    "unit-unlike-children": (put("points", "children", value=[{"of": "output"}]), "/nodes/7"),
    "unit-unknown-near": (put("output", "unit", value="T"), "/questions/8/unit"),
    # stages, rules, bands
    "stages-fall": (put("assured", "value", value=1), "/nodes/11/stages/1/value"),
    "rule-condition": (put("fine", "unless", value="safety-officer"), "/nodes/4/rules/1"),
    "rule-condition missing": (drop("fine", "when"), "/nodes/4/rules/1"),
    "gate-condition": (
        all_of(drop("climate-gate", "unless"), put("climate-gate", "when", value="climate < 2")),
        "/nodes/4/rules/2",
    ),
    "rule-effect-foreign": (put("fine", "bands_down", value=1), "/nodes/4/rules/1/bands_down"),
    "table-of-one-pick": (put("review-weight", "several", value="product"), "/tables/2/several"),
    "table-factors-unit": (put("record-factor", "unit", value="kWh"), "/tables/5/unit"),
    "rule-effect-foreign of a bonus": (put("well-watched", "bands_down", value=1), "/nodes/4/rules/6/bands_down"),
    "rule-effect-missing of a bonus": (drop("well-watched", "bands_up"), "/nodes/4/rules/6"),
    "bonus-idle": (put("certified", "at_least_band", value="starting"), "/nodes/4/rules/7/at_least_band"),
    "bonus-worsens": (put("certified", "at_most", value=2), "/nodes/4/rules/7/at_most"),
    "unknown-band to lift to": (put("certified", "at_least_band", value="zzz"), "/nodes/4/rules/7/at_least_band"),
    "rule-effect-missing": (drop("paper-records", "bands_down"), "/nodes/4/rules/3"),
    "rule-needs-bands": (put("overall", "bands", value=[]), "/nodes/4/rules/2"),
    "unknown-band": (put("climate-gate", "at_most_band", value="ghost"), "/nodes/4/rules/2/at_most_band"),
    "rule-idle": (put("climate-gate", "at_most_band", value="leading"), "/nodes/4/rules/2/at_most_band"),
    "rule-idle at the highest value": (put("fine", "at_most", value=4), "/nodes/4/rules/1/at_most"),
    "bands-start": (put("starting", "from", value=1), "/nodes/4/bands/0/from"),
    "bands-fall": (put("developing", "from", value=3), "/nodes/4/bands/2/from"),
    "band-unreachable": (
        all_of(put("leading", "from", value=5), put("overall", "rules", value=[])),
        "/nodes/4/bands/2/from",
    ),
    "band-unreachable as a bonus lifts by one band only": (
        all_of(put("developing", "from", value=5), put("leading", "from", value=6), drop("certified", "at_least_band")),
        "/nodes/4/bands/2/from",
    ),
    # groups
    "in-two-sections": (add("sections", id="more", questions=["sector"]), "/sections/2/questions/0"),
    "unknown-factor": (put("what-first", "ties", 1, value="price"), "/priorities/0/ties/1"),
    "compared-twice": (put("what-first", "of", 1, value="upkeep"), "/priorities/0/of/1"),
    "nothing-to-compare": (put("what-first", "of", 1, value="sector"), "/priorities/0/of/1"),
    "nothing-to-compare a date": (put("what-first", "of", 1, value="permit-issued"), "/priorities/0/of/1"),
    "unknown-id in a prioritisation": (put("what-first", "of", 1, value="zzz"), "/priorities/0/of/1"),
    "unknown-factor among the factors": (
        put("what-first", "factors", 1, "of", value="price"),
        "/priorities/0/factors/1/of",
    ),
    "factor-twice": (put("what-first", "factors", 1, "of", value="cost"), "/priorities/0/factors/3/of"),
    "factor-idle": (put("", "priorities", value=[]), "/priority_factors/0"),
    "target-unused": (put("behind-the-best", "target", value=3), "/priority_factors/2/target"),
    "factor-weight-unused": (put("what-first", "operator", value="product"), "/priorities/0/factors/0/weight"),
    "scale-not-plain": (put("share-in-index", "scale", "lead", value="grid-factor"), "/priority_factors/1/scale"),
    "points-negative": (
        all_of(put("what-first", "operator", value="product"), put("cost", "scale", "below", value=-1)),
        "/priorities/0/factors/3/of",
    ),
    "unknown-source of a factor": (put("cost", "sources", 0, value="nowhere"), "/priority_factors/3/sources/0"),
    "places-fall": (put("silver", "top", value="0.05"), "/rankings/0/places/1/top"),
    "not-a-sum": (put("region", "sums", 0, value="sector"), "/roll_ups/0/sums/0"),
    # the whole graph
    "cycle": (put("upkeep", "children", 0, "of", value="operation"), "/nodes/0"),
    "cycle through a rule": (put("fine", "when", value="overall > 3"), "/nodes/4"),
    "duplicate-id of contradictions": (
        add("contradictions", id="permit-backwards", when="safety-officer"),
        "/contradictions/1/id",
    ),
    "formula-not-allowed in a contradiction": (
        put("permit-backwards", "when", value="overall > 1"),
        "/contradictions/0/when",
    ),
    "text-missing of a contradiction": (text("contradictions", "permit-backwards"), "/contradictions"),
    "cycle through a condition": (
        all_of(put("well-kept", "when", value="overall > 1"), put("no-officer", "unless", value="well-kept")),
        "/nodes/4",
    ),
    "key-unused of a condition to count": (
        put("ladder", "children", 0, "counts_when", value="safety-officer"),
        "/nodes/11/children/0/counts_when",
    ),
    "profile-key of a condition to count": (
        put("ends", "children", 0, "counts_when", value="safety-officer"),
        "/nodes/13/children/0/counts_when",
    ),
    "formula-number-as-truth of a condition to count": (
        put("weakest", "children", 1, "counts_when", value="review-weight"),
        "/nodes/5/children/1/counts_when",
    ),
    "class-without-condition": (drop("even", "when"), "/nodes/13/classes/0"),
    "classes-leave-out": (put("uneven", "when", value="weakest > 1"), "/nodes/13/classes/2/when"),
    "key-unused of classes": (put("weakest", "classes", value=[{"id": "even"}]), "/nodes/5/classes"),
    "duplicate-id of classes": (put("strong-in-part", "id", value="even"), "/nodes/13/classes/1/id"),
    "standings-too-many": (_bands_upon_bands, "/nodes/40"),
    "cycle through a band": (put("upkeep", "applies_when", value="band(overall) = 'leading'"), "/nodes/0"),
    "conditions-too-many": (
        all_of(
            *(add("conditions", id=f"c{n}", when=f"c{n + 1} and c{n + 1}") for n in range(20)),
            add("conditions", id="c20", when="safety-officer"),
        ),
        "/conditions/1/when",
    ),
    "figure-unused condition": (add("conditions", id="idle", when="safety-officer"), "/conditions/1"),
    "formula-condition-as-number": (put("intensity", "formula", value="well-kept + 1"), "/questions/10/formula"),
    "formula-condition-not-allowed": (
        put("well-kept", "when", value="records >= 2"),
        "/nodes/11/stages/1/when",
    ),
    "cycle through a table": (put("sector", "applies_when", value="intensity > 9"), "/questions/2"),
    "never-counted": (add("nodes", id="aside", **NODE), "/nodes/16"),
    "never-shown": (
        all_of(add("nodes", id="aside", **NODE), put("operation", "children", 1, "weight", value="aside")),
        "/nodes/16",
    ),
    "in-no-category": (put("upkeep", "children", 0, "of", value="scrap"), "/questions/0"),
    "figure-unused": (add("constants", id="idle", value=1), "/constants/1"),
    # formulas, of which formula/ has the rest
    "formula-unknown-name": (put("intensity", "formula", value="zzz / output"), "/questions/10/formula"),
    "formula-not-allowed": (put("managed", "when", value="records >= 2"), "/nodes/11/stages/0/when"),
    "formula-unknown-option in an answer set": (
        put("climate-gate", "unless", value="permit-review = 'daily'"),
        "/nodes/4/rules/2/unless",
    ),
    "formula-result-convertible": (put("intensity", "formula", value="electricity / output"), "/questions/10/formula"),
    "formula-not-a-truth": (put("medals", "eligible", value="1 + climate"), "/rankings/0/eligible"),
    # texts
    "other-language": (text("language", value="ar"), "/language"),
    "text-missing": (text("rules", "paper-records"), "/rules"),
    "text-missing of an option": (text("questions", "sector", "options", "dairy"), "/questions/sector/options"),
    "text-missing of a shared option": (text("options", "yearly"), "/questions/energy-review/options"),
    "text-superfluous shared": (text("options", "ghost", value={"name": "N"}), "/options/ghost"),
    "text-missing of a row": (text("questions", "records", "rows", "purchasing"), "/questions/records/rows"),
    "text-missing of a place": (text("groups", "gold"), "/groups"),
    "text-missing of an item": (
        text("crosswalks", "other-framework", "items", "their-operations"),
        "/crosswalks/other-framework/items",
    ),
    "text-superfluous": (text("figures", "ghost", value={"title": "T"}), "/figures/ghost"),
    "text-superfluous levels": (
        text("questions", "scrap", "levels", value={"1": {"name": "N", "description": "D"}}),
        "/questions/scrap/levels/1",
    ),
}


LIST_MISTAKES = {
    "asked-twice",
    "child-of-other-list",
    "each-of-no-list",
    "formula-item-not-named",
    "formula-two-lists",
    "goes-over-already",
    "list-as-child",
    "list-asks-too-much",
    "list-in-list",
    "member-alone",
    "member-in-section",
    "weights-in-units",
    "weights-total-of-items",
}
"""Mistakes of lists, which have their cases in test_list_mistakes.py."""


@pytest.fixture
def mistakes(tmp_path: Path) -> Callable[[Spoil], list[Mistake]]:
    def found(spoil: Spoil) -> list[Mistake]:
        data = copy.deepcopy(_example())
        words = read_file(EXAMPLE / "en.yaml").data
        data["texts"] = copy.deepcopy(words)
        data["questions"].append({"id": "open", "kind": "number"})
        data["sections"].append({"id": "further", "questions": ["open"]})
        data["texts"]["questions"]["open"] = {"title": "T"}
        data["texts"]["groups"]["further"] = {"title": "T"}
        spoil(data)
        words = data.pop("texts")
        (tmp_path / "definition.yaml").write_text(json.dumps(data, indent=1))
        (tmp_path / "en.yaml").write_text(json.dumps(words, indent=1))
        try:
            load_folder(tmp_path)
        except Mistaken as fault:
            return list(fault.mistakes)
        return []

    return found


def test_the_example_itself_holds_none(mistakes: Callable[[Spoil], list[Mistake]]) -> None:
    assert mistakes(all_of()) == []


@pytest.mark.parametrize("case", CASES)
def test_found_with_its_place_and_remedy(case: str, mistakes: Callable[[Spoil], list[Mistake]]) -> None:
    code = case.partition(" ")[0]
    spoil, pointer = CASES[case]
    found = mistakes(spoil)
    assert (code, pointer) in [(mistake.code, mistake.pointer) for mistake in found]
    for mistake in found:
        assert mistake.line is not None
        assert mistake.sentence("en") != mistake.sentence("ar")


def test_a_count_of_measured_nodes_has_no_unit(mistakes: Callable[[Spoil], list[Mistake]]) -> None:
    spoil = all_of(
        put("strengths", "children", value=[{"of": "emissions"}]),
        put("visit-days", "values", value={"yes": {"1": {"starting": 1}}}),
    )
    assert mistakes(spoil) == []


def test_bands_may_start_anywhere_where_the_lowest_value_is_not_known(
    mistakes: Callable[[Spoil], list[Mistake]],
) -> None:
    bands = all_of(
        drop("emissions", "least"),
        put("emissions", "bands", 0, "from", value=-7),
    )
    assert mistakes(bands) == []


def test_all_mistakes_at_once(mistakes: Callable[[Spoil], list[Mistake]]) -> None:
    cases = ("duplicate-option", "limits-cross", "curve-direction", "weight-unused", "gate-condition", "places-fall")
    found = {mistake.code for mistake in mistakes(all_of(*(CASES[case][0] for case in cases)))}
    assert set(cases) <= found


def test_every_mistake_of_checking_has_a_case() -> None:
    folder = Path(checking.__file__).parent
    source = "\n".join(path.read_text() for path in folder.glob("*.py"))
    codes = set(re.findall(r"mistake\(\s*\"([a-z-]+)\"", source)) | {
        code
        for code in re.findall(r"\"([a-z]+(?:-[a-z]+)+)\"", source)
        if f"mistake.{code}" in catalogue("questionnaires", "en") and not code.startswith("hint-")
    }
    assert len(codes) > 50
    assert codes - LIST_MISTAKES == {
        case.partition(" ")[0] for case in CASES if not case.startswith(("formula-", "unit-unknown"))
    }


def test_the_circle_is_told(mistakes: Callable[[Spoil], list[Mistake]]) -> None:
    found = mistakes(CASES["cycle through a table"][0])
    circle = next(mistake for mistake in found if mistake.code == "cycle")
    assert "sector → intensity → lead-intensity → sector" in circle.sentence()


@pytest.mark.parametrize("identifier", ["best-of-sector", "training-of-the-best"])
def test_more_facts_than_are_possible_are_told_with_those_that_there_are(
    identifier: str, mistakes: Callable[[Spoil], list[Mistake]]
) -> None:
    (found,) = mistakes(
        put(identifier, "by", value=["sector", "maintenance", "safety-officer", "research", "waste-water"])
    )
    assert (found.code, found.pointer.rpartition("/")[2]) == ("by-too-many", "by")
    assert "names 5 questions, at most 4 are possible" in found.sentence("en")
    assert "maintenance, waste-water, sector" in found.sentence("en")
