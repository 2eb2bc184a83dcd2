"""Any definition the language can express makes a report, with the same templates: nothing cut, doubled or invented."""

import csv
import io
import re
from collections import Counter
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from pydantic import ValidationError

from questionnaires.loading import load_folder
from questionnaires.model import Better, Definition
from reports import charts, numbers, palette
from reports.attached import AttachedAnswer
from reports.errors import ReportIncomplete
from reports.gauge import pieces
from reports.outline import outline
from reports.render import page, render
from reports.report import AnswerDetail, Report, Standing
from reports.scales import Scale, measured
from reports.table import to_csv
from reports.weights import weight_in_index
from scoring import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    DateAnswer,
    GridAnswer,
    LevelAnswer,
    NotApplicableAnswer,
    NumberAnswer,
    YesNoAnswer,
    compile_plan,
    score,
)
from scoring.sample import figures_of
from tests.reports.papers import itti, scored
from tests.reports.shapes import (
    every_word,
    every_word_answers,
    figures,
    many,
    points,
    points_answers,
    side_by_side,
    told,
)
from tests.reports.test_render import bare, elements, poppler

KINDS: list[Answer] = [
    LevelAnswer(level=3),
    ChoiceAnswer(choice="cement"),
    ChoicesAnswer(choices=()),
    ChoicesAnswer(choices=("solar", "heat")),
    GridAnswer(grid={"line-1": "daily", "line-2": "never"}),
    YesNoAnswer(yes=False),
    NumberAnswer(number=Fraction("12.5")),
    NumberAnswer(number=Fraction(1, 3)),
    DateAnswer(date=date(2024, 2, 29)),
    NotApplicableAnswer(reason="No such line."),
]


def squeezed(text: str) -> str:
    return "".join(text.split())


def tonnes() -> dict[str, Answer]:
    return {"saved": NumberAnswer(number=Fraction(12_345)), "records": LevelAnswer(level=2)}


def levels(of: Definition) -> dict[str, Answer]:
    return {question.id: LevelAnswer(level=place % 5) for place, question in enumerate(of.questions)}


@pytest.mark.parametrize("answer", KINDS, ids=lambda answer: type(answer).__name__)
def test_every_kind_of_answer_comes_back_from_the_attachment(answer: Answer) -> None:
    detail = AnswerDetail(question="q", answer=answer, self_answer=answer)
    assert AnswerDetail.model_validate(detail.model_dump()) == detail
    attached = AttachedAnswer.of(detail)
    again = AttachedAnswer.model_validate_json(attached.to_json())
    assert again == attached
    assert again.answer() == answer


def test_levels_alone_still_make_an_answer() -> None:
    assert AnswerDetail(question="q", level=2, self_level=1).answer == LevelAnswer(level=2)
    assert AnswerDetail(question="q", level=2, self_level=1).self_answer == LevelAnswer(level=1)
    absent = AnswerDetail(question="q", not_applicable=True, reason="No such line.")
    assert absent.answer == NotApplicableAnswer(reason="No such line.")
    given = AnswerDetail(question="q", answer=NotApplicableAnswer(reason="No such line."))
    assert (given.not_applicable, given.reason, given.level) == (True, "No such line.", None)


@pytest.mark.parametrize(
    "sent",
    [
        '{"level": 1, "yes": true}',
        '{"level": 1, "not_applicable": true, "reason": "both"}',
        '{"number": 1.5}',
        '{"number": "1e400"}',
        f'{{"number": {"9" * 400}}}',
        f'{{"number": "1/{"9" * 40}"}}',
        '{"level": 99999}',
        '{"date": "2026-02-30"}',
        '{"date": 20000}',
        '{"choice": "../etc/passwd"}',
        f'{{"choices": {["a"] * 201}}}'.replace("'", '"'),
        f'{{"reason": "{"x" * 4001}"}}',
        '{"grid": {"a": {"b": "c"}}}',
        '{"unknown": 1}',
    ],
    ids=lambda sent: sent[:40],
)
def test_answers_that_strangers_send_are_held_to_form_and_size(sent: str) -> None:
    with pytest.raises(ValidationError):
        AttachedAnswer.model_validate_json(sent)


def test_the_first_files_of_the_format_are_still_read() -> None:
    old = b'{"evidence":[],"level":3,"not_applicable":false,"reason":""}'
    assert AttachedAnswer.model_validate_json(old).answer() == LevelAnswer(level=3)
    assert AttachedAnswer.model_validate_json(old).to_json() == old


def test_a_value_without_ends_has_no_place_on_a_scale() -> None:
    assert Scale(Fraction(0), None).share(Fraction(5)) is None
    assert Scale(Fraction(3), Fraction(3)).share(Fraction(3)) is None, "nothing to divide by"
    assert Scale(Fraction(1), Fraction(4)).share(Fraction(9)) == 1, "beyond the end at the end"
    assert Scale(Fraction(1), Fraction(4)).share(Fraction(2)) == Fraction(1, 3)


@pytest.mark.parametrize(
    ("exact", "unit", "printed"),
    [
        ("3", None, "3"),
        ("25/2", "%", "12.5\u00a0%"),
        ("1/3", None, "0.3333"),
        ("1/300000", None, "0.000003333"),
        ("12345.678", "kWh / t", "12\u00a0345.678\u00a0kWh\u00a0/\u00a0t"),
        ("-1234567", "t", "-1\u00a0234\u00a0567\u00a0t"),
        ("1.414213562373095048801688724209…", None, "1.4142"),
    ],
)
def test_numbers_are_printed_to_be_read(exact: str, unit: str | None, printed: str) -> None:
    assert numbers.reading(exact, unit) == printed


def test_figures_without_an_end_are_left_out_of_charts_and_stand_in_tables() -> None:
    told_of = told(figures(), tonnes())
    content = outline(figures(), told_of.scorecard, "en")
    assert [each.id for each in content.dimensions] == ["saved", "records"]
    assert [each.id for each in content.drawn] == ["records"]
    assert "chart-bars" in charts.radar(figures(), told_of.scorecard, "en"), "one spoke is no radar"
    assert charts.numbered_radar(figures(), told_of.scorecard, "en") == ("", ())
    printed = page(told_of, figures(), "en")
    assert "12\u00a0345\u00a0t" in printed
    assert "out of None" not in printed
    marked = ET.fromstring(charts.gauge(figures(), told_of.scorecard, "en"))  # noqa: S314 - our own drawing
    assert [each.text for each in marked.iter() if each.text in {"Band few", "Band many"}] == ["Band few", "Band many"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_two_dimensions_and_one_category_still_make_a_paper(language: str) -> None:
    own: dict[str, Answer] = {**tonnes(), "records": LevelAnswer(level=3)}
    text = poppler(render(told(figures(), tonnes(), own=own), figures(), language))
    assert squeezed("12 347.00") in squeezed(text)
    assert squeezed("records at 2") in squeezed(text)


@pytest.mark.parametrize(
    ("language", "said", "none"),
    [
        ("en", "the parts of “Node all” stand side by side", "no overall figure"),
        ("ar", "تُعرض أجزاء «Node all»", "بلا رقم إجمالي"),
    ],
)
def test_a_profile_is_told_as_one_and_no_figure_is_made_up(language: str, said: str, none: str) -> None:
    given: dict[str, Answer] = {
        "plan": LevelAnswer(level=2),
        "people": LevelAnswer(level=3),
        "saved": NumberAnswer(number=Fraction(12_345)),
    }
    told_of = told(side_by_side(), given)
    content = outline(side_by_side(), told_of.scorecard, language)
    assert [part.id for part in content.profile] == ["work", "people", "saved"]
    assert weight_in_index(told_of.scorecard, side_by_side()) == {}
    printed = page(told_of, side_by_side(), language)
    assert all(words in printed for words in (said, none, "Band many", "12\u00a0345\u00a0t"))
    assert "None" not in printed
    assert told_of.scorecard.headline.band == "follower"
    assert "Class follower" in printed  # on the cover, in the calculation
    assert "Class saver" in printed  # of a category
    open_still = page(told(side_by_side(), {"plan": LevelAnswer(level=2)}, Standing.DRAFT), side_by_side(), language)
    assert none in open_still
    with pytest.raises(ReportIncomplete):
        page(told(side_by_side(), {"plan": LevelAnswer(level=2)}), side_by_side(), language)
    row = next(csv.DictReader(io.StringIO(to_csv(told_of.scorecard, side_by_side(), language).decode("utf-8-sig"))))
    assert [cell for cell in row.values() if cell][1] == "all"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_definition_with_every_word_of_the_language_is_set(language: str) -> None:
    given = every_word_answers()
    text = bare(poppler(render(told(every_word(), given), every_word(), language)))
    words = every_word().words("en")
    wanted = [words.questions[question.id].title for question in every_word().questions]
    wanted += [words.nodes[node].title for node in every_word().views[0].nodes]
    wanted += [figure.title for figure in words.figures.values()]
    wanted += [item for crosswalk in words.crosswalks.values() for item in crosswalk.items.values()]
    assert [each for each in wanted if not all(bare(word) in text for word in each.split())] == []


def test_a_veto_is_told_plainly_and_a_rule_only_where_it_did_something() -> None:
    vetoed = page(told(points(), points_answers()), points(), "en")
    cover = vetoed[vetoed.index('class="cover"') : vetoed.index("chapter contents")]
    assert "Requirement not met:" in cover
    assert "Rule unlawful" in cover
    chapter = vetoed[vetoed.index('id="category-2"') : vetoed.index('id="facts"')]
    assert "Rule no-plan" in chapter
    assert "value 1.67 became 1.00" in chapter
    kept = page(told(points(), points_answers(lawful=True)), points(), "en")
    assert "Requirement not met:" not in kept


def test_a_computed_number_shows_what_it_rests_on() -> None:
    printed = page(told(points(), points_answers()), points(), "en")
    chapter = printed[printed.index('id="category-2"') : printed.index('id="facts"')]
    for words in (
        "6\u00a0MWh\u00a0/\u00a0t",
        "Worth 15 of 30",
        "120\u00a0000\u00a0MWh",
        "20\u00a0000\u00a0t",
        "Lead value",
    ):
        assert words in chapter, words
    assert "120\u00a0000\u00a0MWh" in printed[printed.index('id="facts"') :]


def test_a_number_keeps_its_unit_behind_it_in_arabic() -> None:
    printed = page(told(points(), points_answers()), points(), "ar")
    for words in ("6\u00a0MWh\u00a0/\u00a0t", "120\u00a0000\u00a0MWh"):
        assert printed.count(words) == printed.count(f'<bdi dir="ltr">{words}</bdi>') > 0
    lead = page(told(figures(), tonnes()), figures(), "ar")
    assert '<bdi dir="ltr">12\u00a0347.00\u00a0t</bdi>' in lead


def test_next_steps_take_the_next_level_where_no_step_is_written() -> None:
    printed = page(told(points(), points_answers()), points(), "en")
    assert "plan seen at 1." in printed
    assert "people seen at 4." in printed


def test_scales_that_differ_are_normalised_and_it_is_said() -> None:
    given = points_answers()
    assert "Their scales differ" in page(told(points(), given), points(), "en")
    content = outline(points(), scored(points(), given), "en")
    shares = {each.id: each.share for each in content.dimensions}
    assert shares["intensity"] == Fraction(1, 2)
    assert shares["lawful"] == 0
    rings = re.findall(r">(\d+ %)<", charts.radar(points(), scored(points(), given), "en"))
    assert rings == ["20 %", "40 %", "60 %", "80 %", "100 %"]


def test_answers_other_than_levels_are_compared_as_alike_or_different() -> None:
    given = points_answers()
    own: dict[str, Answer] = {**given, "lawful": YesNoAnswer(yes=True), "people": LevelAnswer(level=1)}
    printed = page(told(points(), given, own=own), points(), "en")
    assert "Judged higher than the factory judged itself: 1; the same: 1; lower: 0." in printed
    assert "Other answers alike: 3; different: 1." in printed
    assert 'Self-assessment: <bdi dir="ltr">Yes</bdi>' in printed
    assert "Self-assessment: level 1" in printed


def test_of_what_is_not_additive_no_weight_is_told() -> None:
    card = scored(points(), points_answers(lawful=True))
    weights = weight_in_index(card, points())
    assert "plan" not in weights, "a cap changed the value above it"
    assert "lawful" not in weights, "it only has to be met"
    assert weights["intensity"] == Fraction(30, 4 + 30), "without the steps, which may not apply, the other part has 4"
    geometric = scored(every_word(), every_word_answers())
    assert weight_in_index(geometric, every_word()).keys() == {"overall"}


def test_where_less_is_better_the_low_end_is_the_good_one() -> None:
    plain = points()
    nodes = [
        n.model_copy(update={"better": Better.LESS, "rules": ()}) if n.id == "organisation" else n for n in plain.nodes
    ]
    turned = plain.model_copy(update={"nodes": tuple(nodes)})
    shares = []
    for of in (plain, turned):
        content = outline(of, scored(of, points_answers()), "en")
        shares.append(next(each.share for each in content.dimensions if each.id == "organisation"))
    place = measured(turned).scales["organisation"].share(Fraction("1.67"))
    assert place is not None
    assert shares == [Fraction(1, 4), 1 - place]
    assert "less is better" in page(told(turned, points_answers()), turned, "en")
    assert "less is better" not in page(told(plain, points_answers()), plain, "en")


def test_narrow_bands_keep_their_names_apart() -> None:
    content = outline(points(), scored(points(), points_answers()), "en")
    drawn = pieces(content.headline, points().words("en").bands, rightward=True)
    assert len(drawn) == 4
    named = [piece for piece in drawn if piece.lines]
    assert [piece.here for piece in drawn] == [True, False, False, False]
    assert drawn[0] in named
    ends = [(piece.start, piece.start + 40) for piece in named]
    assert all(one[1] <= other[0] for one, other in pairwise(ends))


def test_nothing_is_printed_twice_when_dimensions_run_over_pages() -> None:
    """Floats that are moved to the next page have left ghosts behind; parts of a dimension are set without."""
    told_of = told(many(), levels(many()), reason="Seen at the line and in the records. " * 6)
    html = page(told_of, many(), "en")
    pdf = render(told_of, many(), "en")
    text = squeezed(poppler(pdf))
    for question in many().questions:
        level = told_of.scorecard.question(question.id).level
        assert text.count(f"{question.id}seenat{level}.") == html.count(f"{question.id} seen at {level}.")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        kinds = Counter(str(each.get("/S")) for each in elements(document.Root.StructTreeRoot))
    assert kinds["/Figure"] == html.count("<svg") + html.count("<img")
    assert kinds["/H4"] == html.count("<h4")


def test_the_longest_reason_is_not_cut() -> None:
    words = " ".join(f"word{place}" for place in range(440))
    pdf = render(told(many(1, 2), levels(many(1, 2)), reason=words), many(1, 2), "en")
    found = Counter(re.findall(r"word\d+", poppler(pdf)))
    assert {found[f"word{place}"] for place in range(440)} == {2}


def test_many_dimensions_are_drawn_by_their_categories() -> None:
    of = many(40, 1)
    drawn = charts.radar(of, scored(of, levels(of)), "en")
    assert "chart-bars" in drawn, "one category is no radar either"
    assert charts.heat(of, scored(of, levels(of)), "en").count("<rect") == 40


@pytest.mark.parametrize("language", ["en", "ar"])
def test_unanswered_definitions_make_a_draft_and_charts(language: str) -> None:
    for of in (points(), figures(), every_word(), many()):
        empty = scored(of, {})
        printed = page(told(of, {}, Standing.DRAFT), of, language)
        assert "None" not in printed
        assert "|||" not in printed
        for drawn in (charts.radar, charts.bars, charts.heat, charts.gauge):
            markup = drawn(of, empty, language)
            assert not markup or ET.fromstring(markup).tag.endswith("svg")  # noqa: S314 - our own drawing


def rows(told_of: Report, of: Definition) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(to_csv(told_of.scorecard, of, "en").decode("utf-8-sig"))))


def test_the_table_has_a_row_for_every_question() -> None:
    table = rows(told(points(), points_answers()), points())
    assert [row["Id"] for row in table] == [
        *("total", "basics", "lawful", "work", "organisation", "plan", "people", "steps", "intensity"),
        *("energy", "output"),
    ]
    by_id = {row["Id"]: row for row in table}
    assert by_id["intensity"]["Measured number"] == "6"
    assert (by_id["intensity"]["Unit"], by_id["intensity"]["Value"]) == ("MWh / t", "15")
    assert by_id["steps"]["Answer"] == "Option step-1, Option step-3"
    assert by_id["total"]["Rules applied"] == "Rule unlawful"
    assert by_id["plan"]["Weight in the index"] == ""
    shown = {row["Kind"] for row in rows(told(every_word(), every_word_answers()), every_word())}
    assert shown == {"index", "category", "dimension", "question", "view"}


def test_scales_are_kept_for_the_same_definition() -> None:
    assert measured(itti()) is measured(itti())


def test_the_ground_of_a_part_can_be_read_on() -> None:
    for ink in (palette.INK, palette.QUIET, palette.DEEP, palette.WARNING):
        assert palette.contrast(ink, palette.FAINT if ink != palette.WARNING else palette.PAPER) >= 4.5


def test_rows_that_do_not_apply_are_named_on_paper() -> None:
    none_kept = GridAnswer(grid={"purchasing": "nothing-kept", "production": "nothing-kept"})
    printed = page(told(every_word(), every_word_answers() | {"records": none_kept}), every_word(), "en")
    assert printed.count("Nothing to record here") >= 2
    assert "does not apply" in printed


def test_figures_of_the_cohort_stand_in_the_paper_with_how_many_they_are_taken_of() -> None:
    definition, given = every_word(), every_word_answers()
    members: dict[str, dict[str, Answer]] = {
        f"m{hours}": {**given, "training": NumberAnswer(number=Fraction(hours))} for hours in (20, 36)
    }
    figures = figures_of(definition, measured(definition).plan, members)
    card = score(compile_plan(definition, figures), members["m20"])
    printed = page(told(definition, members["m20"]).model_copy(update={"scorecard": card}), definition, "en")
    assert "The most training in the cohort (over 2)" in printed
    assert "Mean training of the best quarter of the sector (Dairy, over 1 of 2)" in printed
    assert "36\u00a0h\u00a0/\u00a0person" in printed


def test_a_figure_of_the_own_band_says_so_on_paper() -> None:
    definition = load_folder(Path(__file__).parents[1] / "published" / "income-groups")
    given: dict[str, Answer] = {
        "region": ChoiceAnswer(choice="south"),
        "income-per-head": NumberAnswer(number=Fraction(900)),
        "inputs": NumberAnswer(number=Fraction(20)),
        "outputs": NumberAnswer(number=Fraction(12)),
    }
    other = given | {"income-per-head": NumberAnswer(number=Fraction(90000))}
    plan = measured(definition).plan
    card = score(compile_plan(definition, figures_of(definition, plan, {"a": given, "b": other})), given)
    printed = page(told(definition, given).model_copy(update={"scorecard": card}), definition, "en")
    assert "The best of the income group (Low income, over 1)" in printed
