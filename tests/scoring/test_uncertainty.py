"""Other weights: the fast way gives what the engine gives, and what is said of influence holds."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires import load
from questionnaires.model import Definition
from scoring import Answers, LevelAnswer, NotApplicableAnswer, NumberAnswer, Plan, State, compile_plan, score
from scoring.uncertainty import (
    CannotLeaveOut,
    Noise,
    Shape,
    effective_weights,
    influences,
    leave_one_out,
    left_out,
    reweighted,
    uncertainty,
)
from scoring.uncertainty.arithmetic import Arithmetic, Uncovered, number_of
from scoring.uncertainty.plans import WEIGHTED, chosen
from scoring.uncertainty.spread import _by_engine
from tests.scoring.wide import answered, wide_definition, wide_structures

CALM = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PILLARS = {
    "conn": ("physical", "conecfin", "political", "instit", "p2p"),
    "sust": ("environ", "social", "susecfin"),
}
ASEM = {
    "CHE": "63.41 32.87 74.78 85.94 56.93 77.21 87.85 56.88 62.79 73.98 68.38",
    "NLD": "64.87 46.62 84.55 71.74 41.92 58.73 86.58 57.78 61.94 67.70 64.82",
    "DNK": "50.52 30.43 78.13 75.35 51.04 69.83 86.40 61.29 57.10 72.51 64.80",
    "NOR": "58.18 25.70 80.03 89.46 33.80 70.90 87.00 56.59 57.44 71.50 64.47",
    "BEL": "71.97 48.22 80.84 75.60 43.32 53.01 86.17 50.09 63.99 63.09 63.54",
    "SWE": "51.51 23.87 80.98 74.51 38.50 66.37 87.74 62.27 53.87 72.12 63.00",
    "IND": "18.78 6.38 51.90 59.84 6.07 75.34 22.74 54.88 28.60 50.99 39.79",
}
"""COINr's example: eight pillars, then the two sub-indices and the index as printed."""


def tree(**nodes: dict[str, Any]) -> Definition:
    """Pillars measured from 0 to 100, two sub-indices and an index, all of them means unless told otherwise."""
    children = {**PILLARS, "overall": ("conn", "sust")}
    return wide_definition(
        {
            "family": "asem",
            "version": "1.0.0",
            "origin": "own",
            "languages": ["en"],
            "rounding": {"places": 2, "mode": "half_up"},
            "index": "overall",
            "categories": ["conn", "sust"],
            "questions": [
                {"id": name, "kind": "number", "least": 0, "most": 100, "not_applicable": "allowed"}
                for names in PILLARS.values()
                for name in names
            ],
            "nodes": [
                {"id": node, "aggregation": "mean", "children": [{"of": name} for name in names], **nodes.get(node, {})}
                for node, names in children.items()
            ],
        }
    )


PLAN = compile_plan(tree())
COHORT: dict[str, Answers] = {
    country: {
        name: NumberAnswer(number=Fraction(value))
        for name, value in zip((*PILLARS["conn"], *PILLARS["sust"]), row.split(), strict=False)
    }
    for country, row in ASEM.items()
}


def test_the_published_index_and_its_order() -> None:
    found = uncertainty(PLAN, COHORT, Noise(draws=200))
    assert [spread.member for spread in found.members] == list(ASEM)
    assert [spread.rank for spread in found.members] == [1, 2, 3, 4, 5, 6, 7]
    for spread in found.members:
        *_, conn, sust, index = ASEM[spread.member].split()
        card = score(PLAN, COHORT[spread.member])
        for name, printed in (("conn", conn), ("sust", sust), ("overall", index)):
            assert abs(Fraction(card.node(name).exact or 0) - Fraction(printed)) <= Fraction(1, 100)
        assert spread.low <= spread.median <= spread.high
        assert spread.rank_low <= spread.rank <= spread.rank_high
        assert abs(spread.mean - float(spread.value)) < 0.5
    assert found.members[-1].rank_low == found.members[-1].rank_high == 7, "no weights make the last one better"
    assert found.by_engine == ()
    assert found.varied == ("conn", "overall", "sust")


def test_neighbours_change_places_under_other_weights() -> None:
    """Published for 51 countries: Belgium, fifth, ranks from 3 to 9; here among the first six."""
    found = {spread.member: spread for spread in uncertainty(PLAN, COHORT, Noise(draws=400)).members}
    assert found["BEL"].rank_low <= 3
    assert found["BEL"].rank_high >= 6


def test_the_same_seed_gives_the_same_figures_whatever_the_order() -> None:
    turned = dict(reversed(list(COHORT.items())))
    for shape in Shape:
        noise = Noise(shape=shape, spread=20 if shape is Shape.DIRICHLET else 0.3, draws=50, seed=7)
        assert uncertainty(PLAN, COHORT, noise) == uncertainty(PLAN, turned, noise)
    assert uncertainty(PLAN, COHORT, Noise(draws=50)) != uncertainty(PLAN, COHORT, Noise(draws=50, seed=2))


def test_noise_is_around_the_declared_weights() -> None:
    index = {"aggregation": "weighted_mean", "children": [{"of": "conn", "weight": 3}, {"of": "sust"}]}
    node = compile_plan(tree(overall=index)).nodes[-1]
    even = Noise(draws=4000).of([node])["overall"] / 1e6
    assert even[:, 0].mean() == pytest.approx(0.75, abs=0.01)
    assert 0.75 * 0.75 / (0.75 * 0.75 + 0.25 * 1.25) <= even[:, 0].min() < 0.66
    scattered = Noise(Shape.DIRICHLET, 10, draws=4000).of([node])["overall"] / 1e6
    assert scattered[:, 0].mean() == pytest.approx(0.75, abs=0.01)
    assert scattered[:, 0].std() == pytest.approx((0.75 * 0.25 / 11) ** 0.5, rel=0.1)


def test_no_noise_leaves_everything_as_it_is() -> None:
    for spread in uncertainty(PLAN, COHORT, Noise(spread=0, draws=3)).members:
        assert spread.low == spread.high == pytest.approx(spread.mean)
        assert spread.rank_low == spread.rank_high == spread.rank


def test_who_has_no_value_takes_no_part() -> None:
    cohort = {**COHORT, "open": {"social": NumberAnswer(number=Fraction(3))}}
    found = uncertainty(PLAN, cohort, Noise(draws=5))
    assert found.unscored == ("open",)
    assert len(found.members) == 7
    assert uncertainty(PLAN, {}, Noise(draws=5)).members == ()


def test_too_little_counted_under_some_weights() -> None:
    plan = compile_plan(tree(sust={"least_counted": "2/3"}))
    without = {**COHORT["CHE"], "social": NotApplicableAnswer(reason="None.")}
    found = uncertainty(plan, {"CHE": without, "NLD": COHORT["NLD"]}, Noise(draws=100))
    spread = {each.member: each for each in found.members}
    assert found.by_engine == ()
    assert 20 < spread["CHE"].without < 80, "two thirds of the declared weight count, more or less of other weights"
    assert spread["NLD"].without == 0


def engine_and_arithmetic(plan: Plan, answers: Answers, noise: Noise) -> None:
    """Both ways give the same numbers; that the fast one may refuse is told by an exception."""
    weights = noise.of(chosen(plan, plan.index))
    card = score(plan, answers)
    fast = Arithmetic(plan, plan.index, weights.keys(), weights).member(card)
    slow = _by_engine(plan, plan.index, weights, {"one": answers})["one"]
    assert list(fast.stated) == list(slow.stated)
    assert fast.values[fast.stated] == pytest.approx(slow.values[slow.stated], rel=1e-9, abs=1e-9)


PLAINLY = ("mean", "weighted_mean", "sum", "geometric", "harmonic", "minimum", "maximum", "median")
"""Aggregations that plain arithmetic covers wherever they stand."""
_BANDS_OF = re.compile(r"(?:band|reached)\((\w+)\)")
"""Nodes whose bands a formula asks for."""


@st.composite
def movable_structures(draw: st.DrawFn) -> dict[str, Any]:
    """Random definitions most of which plain arithmetic covers: of wholly random ones it covers one in twenty."""
    structure = draw(wide_structures(profile=False))
    *inner, index = structure["nodes"]
    asked = set(_BANDS_OF.findall(str(structure))) | {side for table in structure["tables"] for side in table["by"]}
    index["not_applicable"] = "exclude"
    for node in [index, *(node for node in inner if draw(st.integers(0, 5)))]:
        if node["aggregation"] not in (PLAINLY if node is index else (*PLAINLY, "share")):
            node["aggregation"] = draw(st.sampled_from(["mean", "sum", "harmonic"]))
            node["children"] = [{"of": child["of"]} for child in node["children"]]
        bands = () if node["id"] in asked else ("bands", "boundary", "bands_on")
        for key in ("formula", "stages", "reached_from", "passes_on", *bands):
            node.pop(key, None)
        node["least_counted"] = draw(st.sampled_from([0, "1/2", "2/3"]))
        if node is index or draw(st.integers(0, 3)):
            _without_formulas(node, *node["children"], *node.get("rules", ()))
    return structure


def _without_formulas(*parts: dict[str, Any]) -> None:
    """One, wherever a weight or limit follows from answers."""
    for part in parts:
        for key in part.keys() & {"weight", "cap", "least", "most", "to", "at_most", "at_least"}:
            part[key] = part[key] if str(part[key])[0].isdigit() else 1


@CALM
@given(st.data())
def test_the_fast_way_gives_what_the_engine_gives(data: st.DataObject) -> None:
    structure = data.draw(st.one_of(wide_structures(), movable_structures()))
    plan = compile_plan(wide_definition(structure))
    answers = data.draw(answered(structure, most_open=0))
    if score(plan, answers).headline.state is not State.SCORED:
        return
    noise = Noise(spread=0.5, draws=2, seed=data.draw(st.integers(0, 99)))
    found = uncertainty(plan, {"one": answers}, noise)
    try:
        engine_and_arithmetic(plan, answers, noise)
    except Uncovered:
        assert found.by_engine == ("one",)
    else:
        assert found.by_engine == ()


def test_what_stands_in_for_a_child_follows_its_weights() -> None:
    """The end of a node's scale depends on its weights, also where only the child itself says that it stands in."""
    plan = compile_plan(tree(overall={"children": [{"of": "conn"}, {"of": "sust", "not_applicable": "full"}]}))
    gone = dict.fromkeys(PILLARS["sust"], NotApplicableAnswer(reason="None."))
    assert uncertainty(plan, {"one": {**COHORT["CHE"], **gone}}, Noise(draws=3)).by_engine == ("one",)


def test_weights_that_follow_from_answers_are_not_drawn_and_are_no_obstacle() -> None:
    """Reduced from a random definition: no weight moves the node with formulas, so arithmetic covers what is above."""
    children = [{"of": "physical", "weight": "political", "cap": "political"}, {"of": "conecfin"}, {"of": "p2p"}]
    conn = {"aggregation": "weighted_mean", "children": children, "most": "instit"}
    plan = compile_plan(tree(conn=conn, sust={"not_applicable": "exclude"}))
    answers = {**COHORT["CHE"], "conecfin": NotApplicableAnswer(reason="None.")}
    noise = Noise(draws=20)
    found = uncertainty(plan, {"one": answers}, noise)
    assert (found.varied, found.by_engine, found.unscored) == (("overall", "sust"), (), ())
    assert found.members[0].low < float(found.members[0].value) < found.members[0].high
    engine_and_arithmetic(plan, answers, noise)
    card = score(plan, answers)
    named = uncertainty(plan, {"one": answers}, noise, vary=["conn"])
    assert named.varied == ()
    assert named.members[0].low == named.members[0].high == pytest.approx(number_of(card.headline.exact))


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["mean", "geometric", "harmonic", "sum", "share", "minimum"]),
    st.sampled_from(["mean", "geometric", "harmonic", "sum", "maximum"]),
    st.integers(0, 99),
    st.integers(0, 100),
)
def test_every_covered_aggregation(inner: str, outer: str, seed: int, value: int) -> None:
    plan = compile_plan(
        tree(
            conn={"aggregation": inner},
            overall={
                "aggregation": outer,
                "children": [{"of": "conn", "cap": 60}, {"of": "sust"}],
                "rules": [{"id": "cap", "kind": "cap", "when": "social > 50", "at_most": 65}],
            },
        )
    )
    answers = {**COHORT["CHE"], "social": NumberAnswer(number=Fraction(value))}
    engine_and_arithmetic(plan, answers, Noise(spread=0.9, draws=2, seed=seed))


@pytest.mark.parametrize(("family", "version"), [("itti", "1.0.0"), ("itti", "2.0.0"), ("green-supply-chain", "1.0.0")])
def test_published_questionnaires_are_covered(family: str, version: str) -> None:
    plan = compile_plan(load(family, version))
    Arithmetic(plan, plan.index, [node.id for node in plan.nodes if node.aggregation in WEIGHTED], {})


@CALM
@given(st.data())
def test_a_reweighted_plan_is_that_of_a_definition_with_those_weights(data: st.DataObject) -> None:
    structure = data.draw(wide_structures())
    answers = data.draw(answered(structure))
    weights: dict[str, dict[str, Fraction]] = {}
    plan = compile_plan(wide_definition(structure))
    for node in structure["nodes"]:
        if node["aggregation"] in {"weighted_mean", "sum", "geometric", "harmonic", "share", "share_reached"}:
            for child in node["children"]:
                child["weight"] = data.draw(st.sampled_from(["1", "3", "1/4"]))
                child.pop("counts_when", None)  # a condition is part of the weight that the other one replaces
            weights[node["id"]] = {child["of"]: Fraction(child["weight"]) for child in node["children"]}
    wanted = score(compile_plan(wide_definition(structure)), answers)
    found = score(reweighted(plan, weights), answers)
    assert found.digest == "", "it can pass for nobody's score"
    # By id: what a weight took from other nodes, and with it their order, is gone from the other definition.
    assert {node.id: node for node in found.nodes} == {node.id: node for node in wanted.nodes}


def test_a_child_left_out_is_one_the_definition_does_not_have() -> None:
    names = PILLARS["conn"][1:]
    fewer = compile_plan(tree(conn={"children": [{"of": name} for name in names]}))
    for answers in COHORT.values():
        assert score(left_out(PLAN, {"physical"}), answers).headline.exact == score(fewer, answers).headline.exact
    alone = left_out(PLAN, set(PILLARS["conn"]))
    assert score(alone, COHORT["CHE"]).headline.exact == score(PLAN, COHORT["CHE"]).node("sust").exact


def test_leave_one_out() -> None:
    """A pillar left out: changes are whole ranks, so their mean is a multiple of one over the number of members."""
    pillars = [*PILLARS["conn"], *PILLARS["sust"]]
    found = leave_one_out(PLAN, COHORT, parts=pillars)
    assert {shift.left_out for shift in found} == set(pillars)
    assert [shift.mean for shift in found] == sorted((shift.mean for shift in found), reverse=True)
    assert all((shift.mean * 7).denominator == 1 and shift.members == 7 for shift in found)
    by_hand = sorted(ASEM, key=lambda country: -float(ASEM[country].split()[9]))
    changes = [abs(list(ASEM).index(country) - by_hand.index(country)) for country in ASEM]
    shift = next(each for each in leave_one_out(PLAN, COHORT) if each.left_out == "conn")
    assert (shift.mean, shift.most) == (Fraction(sum(changes), 7), max(changes))


@pytest.mark.parametrize("part", ["overall", "nothing"])
def test_what_nothing_counts_cannot_be_left_out(part: str) -> None:
    with pytest.raises(CannotLeaveOut, match=part):
        leave_one_out(PLAN, COHORT, parts=[part])


def test_a_formula_can_do_without_nothing() -> None:
    plan = compile_plan(tree(overall={"aggregation": "formula", "formula": "conn + sust"}))
    with pytest.raises(CannotLeaveOut):
        leave_one_out(plan, COHORT)
    assert leave_one_out(plan, COHORT, of="conn")
    assert effective_weights(plan)["conn"] is None
    found = uncertainty(plan, {"CHE": COHORT["CHE"]}, Noise(draws=3))
    assert found.by_engine == ("CHE",)


def test_effective_weights_add_up_on_every_level() -> None:
    weights = effective_weights(compile_plan(load("itti", "2.0.0")))
    assert (weights["overall"], weights["digital"], weights["production"]) == (
        Fraction(1),
        Fraction(4, 5),
        Fraction(1, 4),
    )
    assert weights["quality-checks"] == Fraction(1, 4) * Fraction(1, 5) * Fraction(1, 4)
    questions = [question.id for question in load("itti", "2.0.0").questions]
    assert sum((weights[question] or Fraction(0) for question in questions), Fraction(0)) == 1


def test_influence_is_shared_out() -> None:
    found = influences(PLAN, COHORT)
    assert sum((each.variance_share or Fraction(0) for each in found), Fraction(0)) == 1
    conn, sust = found
    assert conn.weight == Fraction(1, 2)
    cards = [score(PLAN, answers) for answers in COHORT.values()]
    index, part = ([float(Fraction(card.node(name).exact or 0)) for card in cards] for name in ("overall", "conn"))
    covariance = np.cov(index, part)
    assert float(conn.variance_share or 0) == pytest.approx(covariance[0, 1] / 2 / covariance[0, 0])
    assert conn.correlation == pytest.approx(np.corrcoef(index, part)[0, 1])
    assert sust.correlation is not None


def test_a_child_in_which_nobody_differs_decides_nothing() -> None:
    plan = compile_plan(load("itti", "1.0.0"))
    cohort: dict[str, Answers] = {
        f"f{level}": {
            question.id: LevelAnswer(level=3 if "energy" in question.id else level) for question in plan.questions
        }
        for level in range(4)
    }
    found = {each.child: each for each in influences(plan, cohort, "sustainability")}
    assert found["energy-management"].variance_share == 0
    assert found["energy-management"].correlation is None
    assert influences(plan, {}, "sustainability")[0].variance_share is None


def test_numbers_of_scorecards() -> None:
    assert number_of("1/4") == 0.25
    assert number_of("0.333333333…") == pytest.approx(1 / 3)
    with pytest.raises(Uncovered):
        number_of(None)
