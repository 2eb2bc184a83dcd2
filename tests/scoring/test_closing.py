"""Ends of what is possible where open numbers count in several places, judged by trying answers out."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.loading import PUBLISHED, load_folder, read_file
from questionnaires.model import NumberQuestion
from scoring import Answer, NumberAnswer, Plan, compile_plan, offering, score
from scoring.checking import check_answer
from scoring.exact import values
from scoring.reaching import End, Reaching, reaching
from scoring.sheet import read_sheet
from tests.scoring.test_wide import completions
from tests.scoring.wide import answered, every_answer, wide_definition, wide_structures

COUNTED_TWICE = ["epd-check", "green-factory", "taicang-park", "zero-carbon-park", "zero-carbon-park-jiangsu"]
"""Families in which open figures count in several places."""

LISTED = offering._is_listed


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_ranges_of_numbers_close_in_on_the_ends_of_all_completions(data: st.DataObject) -> None:
    """As if no list of a number's answers could be had: what the ranges prove is what all answers give."""
    structure = data.draw(wide_structures(profile=False))
    answers = data.draw(answered(structure, most_open=2))
    plan = compile_plan(wide_definition(structure))
    cards = [score(plan, completed) for completed in completions(structure, answers)]
    found_values = [Fraction(card.headline.value) for card in cards if card.headline.value is not None]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(offering, "_is_listed", lambda each: not isinstance(each.asked, NumberQuestion) and LISTED(each))
        found = reaching(plan, answers, effort=400)
    listed = all(each["kind"] != "date" or each["id"] in answers for each in structure["questions"])
    for end, extreme, way in ((found.lowest, min, -1), (found.highest, max, 1)):
        if found_values and end.limit is not None:
            assert (Fraction(end.limit) - extreme(found_values)) * way >= 0
        if end.proven and listed and end.found is not None:
            assert end.limit == end.found
            assert Fraction(end.found) == extreme(found_values)


def some_answers(plan: Plan, name: str, draw: random.Random) -> list[Answer]:
    """All answers to a question where there are few; of a number small and large ones."""
    question = plan.questions[plan.positions[name]]
    if not isinstance(question.asked, NumberQuestion):
        return [*every_answer(question.asked.model_dump(mode="json") | {"not_applicable": "refused"})]
    low = question.asked.least or Fraction(0)
    tried = {low + Fraction(draw.randint(0, 10**9), 10 ** draw.randint(2, 10)) for _ in range(30)}
    found: list[Answer] = [NumberAnswer(number=each) for each in sorted(tried)]
    return [each for each in found if check_answer(plan, name, each) is None]


def within(end: End, value: Fraction, way: int) -> None:
    """No answers lead beyond what is stated, nor beyond the limit found, nor beyond what is proven."""
    for text in (end.stated, end.limit, end.found if end.proven else None):
        assert text is None or (Fraction(text) - value) * way >= 0


@pytest.mark.parametrize("family", COUNTED_TWICE)
def test_no_answers_lead_beyond_the_ends_of_published_questionnaires(family: str) -> None:
    draw = random.Random(family)  # noqa: S311 - no secret
    folder = max((PUBLISHED / family).iterdir())
    plan = compile_plan(load_folder(folder))
    whole = read_sheet(read_file(min((folder / "examples").iterdir()))).given()
    kinds = ("number", "level", "choice", "yes_no")
    names = [each.id for each in plan.questions if each.id in whole and each.asked.kind in kinds]
    for _ in range(3):
        opened = draw.sample(names, 2)
        kept = {name: answer for name, answer in whole.items() if name not in opened}
        found = reaching(plan, kept, effort=300)
        for way in product(*(some_answers(plan, name, draw)[::3] for name in opened)):
            value = values(plan, {**kept, **dict(zip(opened, way, strict=True))})[plan.index].value
            if value is not None:
                within(found.lowest, Fraction(value), -1)
                within(found.highest, Fraction(value), 1)


def shared(*opened: str) -> Reaching:
    """The example of ``green-factory`` with these questions open."""
    folder = max((PUBLISHED / "green-factory").iterdir())
    whole = read_sheet(read_file(min((folder / "examples").iterdir()))).given()
    plan = compile_plan(load_folder(folder))
    return reaching(plan, {name: answer for name, answer in whole.items() if name not in opened}, effort=500)


def test_a_figure_that_counts_in_many_places_has_proven_ends() -> None:
    """The area of the site stands in four formulas, and the lead value in a curve and in a rule."""
    found = shared("site-area", "lead-carbon-value")
    assert found.lowest.proven
    assert found.highest.proven
    assert not found.lowest.reached
    assert found.lowest.limit == found.lowest.found
    assert found.highest.reached
