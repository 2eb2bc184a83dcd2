"""Figures and ranks of a cohort by the class or band of a node: each member is compared with its own kind."""

from __future__ import annotations

import statistics
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.model import Definition
from scoring import Answer, Answers, CohortFigures, NumberAnswer, Scorecard, State, YesNoAnswer, compile_plan, score
from scoring.cohort import rank
from scoring.columns import Columns, score_population
from scoring.ranking import Among
from scoring.sample import figures_of
from scoring.scorecard import figure_for
from scoring.tracing import trace
from tests.scoring.test_wide import completions, inside
from tests.scoring.wide import answered, standings, wide_definition, wide_structures


def definition(**figure: Any) -> Definition:
    """Energy beside the mean of works of the own kind: two axes make three kinds, points make two bands."""
    return wide_definition(
        {
            "family": "kinds",
            "version": "1.0.0",
            "origin": "own",
            "languages": ["en"],
            "rounding": {"places": 2, "mode": "half_up"},
            "index": "overall",
            "categories": ["overall", "kind", "points"],
            "cohort_figures": [{"id": "usual", "of": "energy", "figure": "mean", "by": "kind", **figure}],
            "questions": [
                {"id": "size", "kind": "number", "least": 0, "most": 99, "not_applicable": "refused"},
                {"id": "old", "kind": "yes_no"},
                {"id": "energy", "kind": "number", "least": 0, "most": 99, "not_applicable": "refused"},
                {"id": "beyond", "kind": "computed", "formula": "energy - usual"},
            ],
            "nodes": [
                {
                    "id": "kind",
                    "aggregation": "profile",
                    "children": [{"of": "size"}, {"of": "old"}],
                    "applies_when": "size != 0",
                    "classes": [
                        {"id": "old-and-large", "when": "old and size >= 50"},
                        {"id": "large", "when": "size >= 50"},
                        {"id": "small"},
                    ],
                },
                {
                    "id": "points",
                    "aggregation": "sum",
                    "children": [{"of": "size"}],
                    "rounding": {"places": 0, "mode": "half_up"},
                    "bands": [{"id": "low", "from": 0}, {"id": "high", "from": 20}],
                },
                {"id": "overall", "aggregation": "sum", "children": [{"of": "beyond"}]},
                {"id": "used", "aggregation": "sum", "children": [{"of": "energy"}]},
            ],
            "rankings": [
                {"id": "code", "of": "used", "by": ["kind"], "places": [{"id": "best", "members": 1}]},
            ],
        }
    )


def member(size: str | None, energy: int, *, old: bool | None = False) -> Answers:
    found: dict[str, Answer] = {"energy": NumberAnswer(number=Fraction(energy))}
    if size is not None:
        found["size"] = NumberAnswer(number=Fraction(size))
    if old is not None:
        found["old"] = YesNoAnswer(yes=old)
    return found


COHORT = {
    "a": member("60", 10, old=True),
    "b": member("70", 20, old=True),
    "c": member("60", 40),
    "d": member("19.5", 6),
    "e": member("19.4", 8),
    "f": member("60", 90, old=None),
    "g": member("0", 50),
    "h": member(None, 70),
}


def figures(made: Definition) -> CohortFigures:
    return figures_of(made, compile_plan(made), COHORT)


def by_group(made: Definition) -> dict[tuple[str, ...], tuple[str | None, int]]:
    (figure,) = figures(made).figures
    return {group.by: (group.value, group.counted) for group in figure.groups}


def test_every_class_has_a_figure_and_who_has_none_counts_for_all_alone() -> None:
    made = definition()
    assert by_group(made) == {("old-and-large",): ("15", 2), ("large",): ("40", 1), ("small",): ("7", 2)}
    (figure,) = figures(made).figures
    assert (figure.value, figure.counted) == ("147/4", 8)
    assert CohortFigures.model_validate_json(figures(made).to_json()) == figures(made)


def test_a_band_is_that_of_the_stated_value() -> None:
    assert by_group(definition(by="points")) == {("low",): ("29", 2), ("high",): ("166/5", 5)}


def test_classes_and_answers_tell_groups_apart_together() -> None:
    found = by_group(definition(by=["kind", "old"], least_members=2, too_few="wider"))
    assert found["small", "no"] == ("7", 2)
    assert found["small", "yes"] == ("7", 2)
    assert found["large", "no"] == ("147/4", 8)


def cards(made: Definition) -> dict[str, Scorecard]:
    plan = compile_plan(made, figures(made))
    return {name: score(plan, answers) for name, answers in COHORT.items()}


def test_who_is_scored_gets_the_figure_of_the_own_class_in_every_engine() -> None:
    made = definition()
    plan, found = compile_plan(made, figures(made)), cards(made)
    assert {name: (card.headline.state.value, card.headline.value) for name, card in found.items()} == {
        "a": ("scored", "-5.00"),
        "b": ("scored", "5.00"),
        "c": ("scored", "0.00"),
        "d": ("scored", "-1.00"),
        "e": ("scored", "1.00"),
        "f": ("open", None),
        "g": ("not_applicable", None),
        "h": ("open", None),
    }
    assert (found["f"].headline.lowest, found["f"].headline.highest) == ("50.00", "75.00")
    columns = score_population(plan, Columns.of(plan, list(COHORT.values()))).nodes["overall"]
    assert [columns.value(place) for place in range(8)] == [card.headline.value for card in found.values()]
    assert [trace(plan, answers).card for answers in COHORT.values()] == list(found.values())
    (step,) = trace(plan, COHORT["a"]).questions["beyond"].steps
    assert [(looked.table, looked.by, looked.value) for looked in step.looked] == [("usual", ("kind",), "15")]
    (figure,) = made.cohort_figures
    told = [figure_for(figure, found[name]) for name in "adg"]
    assert [None if each is None else each.value for each in told] == ["15", "7", None]


def test_ranks_are_those_within_the_class() -> None:
    made = definition()
    found = rank(made, compile_plan(made), "code", COHORT)
    assert [(each.member, each.rank, each.place) for each in found] == [
        ("b", 1, "best"),
        ("a", 2, None),
        ("c", 1, "best"),
        ("e", 1, "best"),
        ("d", 2, None),
        ("f", None, None),
        ("h", None, None),
        ("g", None, None),
    ]
    assert found[0].among == Among(("old-and-large",), ("old-and-large",), 2)


def test_without_figures_it_is_open_and_without_a_class_it_has_no_value() -> None:
    made = definition()
    assert score(compile_plan(made), COHORT["a"]).headline.state is State.OPEN
    assert score(compile_plan(made), COHORT["g"]).headline.state is State.NOT_APPLICABLE


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_figures_by_band_and_class_hold_over_random_definitions(data: st.DataObject) -> None:
    structure = data.draw(wide_structures(most_questions=3, profile=False))
    names = [question["id"] for question in structure["questions"] if question["kind"] != "date"]
    structure["tables"] = [table for table in structure["tables"] if table["id"] != "met"]
    if not any(node["id"] == "types" for node in structure["nodes"]):
        structure["nodes"], _ = data.draw(standings(structure["nodes"], names, {}, always=True))
    structure["nodes"] = [node for node in structure["nodes"] if node["id"] != "last"]
    number = {"id": "beside", "kind": "number", "least": 0, "most": 4, "places": 0, "not_applicable": "refused"}
    structure["questions"] += [number, {"id": "compared", "kind": "computed", "formula": "beside - bar"}]
    structure["nodes"].append({"id": "held-against", "aggregation": "sum", "children": [{"of": "compared"}]})
    banded = next(node["id"] for node in structure["nodes"] if node.get("bands") and node["id"] != "overall")
    by = data.draw(st.sampled_from([["types"], [banded], ["types", banded]]))
    kind = data.draw(st.sampled_from(["least", "mean", "deviation"]))
    structure["cohort_figures"] = [{"id": "bar", "of": "beside", "figure": kind, "by": by}]
    made = wide_definition(structure)
    plan = compile_plan(made)
    members = {
        f"m{place}": {
            **data.draw(answered(structure, most_open=0)),
            "beside": NumberAnswer(number=Fraction(data.draw(st.integers(0, 4)))),
        }
        for place in range(data.draw(st.integers(0, 4)))
    }
    figures = figures_of(made, plan, members)
    alone = {name: score(plan, answers) for name, answers in members.items()}
    for group in figures.figures[0].groups:
        own = [
            Fraction(card.question("beside").number or "")
            for card in alone.values()
            if tuple(card.node(each).band for each in by) == group.by
        ]
        assert group.counted == len(own)
        if kind == "mean" and own:
            assert group.number == statistics.mean(own)
    known = compile_plan(made, figures)
    answers = data.draw(answered(structure, most_open=1))
    before, now = score(plan, answers), score(known, answers)
    columns = score_population(known, Columns.of(known, [answers]), ["held-against"]).nodes["held-against"]
    assert columns.value(0) == now.node("held-against").value
    for completed in completions(structure, answers):
        then = score(known, completed)
        if not any(question.state is State.OPEN for question in then.questions):
            inside(before, then)
            inside(now, then)
