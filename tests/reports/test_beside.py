"""Sector, targets, earlier assessments and the roadmap: on the paper where given, and nothing where not."""

import io
import json
import re
from collections.abc import Mapping
from datetime import date
from functools import partial
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from pydantic import ValidationError

from questionnaires.loading import examples, load, read_file
from reports import charts, strips
from reports.attached import CERTIFICATE, attachments
from reports.beside import Earlier, PeerFigures, Targets
from reports.comparison import compared, moments
from reports.errors import PartUnknown
from reports.outline import outline
from reports.paper import lay_out
from reports.planned import time_line
from reports.render import page
from reports.report import Report
from reports.steps import next_steps
from reports.strips import gap
from scoring import LevelAnswer, score
from scoring.compiling import compile_plan
from scoring.proposals import Reason
from scoring.sheet import read_sheet
from tests.reports.beside import measures, sector, whole
from tests.reports.papers import LEVELS, answers, itti, report, scored
from tests.reports.shapes import every_word, every_word_answers, told
from tests.reports.test_render import bare, elements, pdfium, poppler

SVG = "{http://www.w3.org/2000/svg}"


def drawn(markup: str) -> ET.Element:
    return ET.fromstring(markup)  # noqa: S314 - our own drawing


def test_the_paper_says_everything_that_was_given(whole_papers: Mapping[str, bytes]) -> None:
    text = " ".join(poppler(whole_papers["en"], "-layout").split())
    for words in (
        "food, 50 to 249 employees (factories: 14)",
        "31 March 2026",
        "tell little about others",
        "31 December 2028",
        "1 March 2021",
        "0.9.0",
        "+0.20",
        "The plan takes the Overall index from",
        "Meters on every machine",
        "Does not fit into the budgets",
        "2027 second half",
    ):
        assert words in text, words


@pytest.mark.parametrize("extractor", ["poppler", "pdfium"])
def test_arabic_words_of_the_new_drawings_and_tables_come_out_right(
    whole_papers: Mapping[str, bytes], extractor: str
) -> None:
    text = bare(poppler(whole_papers["ar"]) if extractor == "poppler" else "".join(pdfium(whole_papers["ar"])))
    wanted = ["خارطة الطريق", "عدادات على كل آلة", "المستهدف", "وسيط المجموعة", "مارس 2021", "لا تتسع له الميزانيات"]
    wanted += [itti().words("ar").bands[band.id].title for band in itti().node(itti().index).bands[:1]]  # type: ignore[union-attr]
    assert [each for each in wanted if not all(bare(part) in text for part in each.split())] == []
    assert "+0.20" in text, "a signed number keeps its order"
    if extractor == "poppler":  # pdfium turns Latin words round in an Arabic line, wherever they stand
        assert "2027secondhalf" in text, "a name in Latin letters keeps its order"


@pytest.mark.parametrize("given", [report(), whole()], ids=["plain", "whole"])
def test_no_two_parts_of_a_page_have_one_id(given: Report) -> None:
    ids = re.findall(r' id="([^"]+)"', page(given, itti(), "en"))
    assert sorted(set(ids)) == sorted(ids)


def test_a_change_across_versions_that_score_otherwise_is_not_stated() -> None:
    before = partial(report, previous_value="1.10", previous_on=date(2024, 5, 30))
    alike = Earlier(on=date(2024, 5, 20), value="1.10", version="1.0.0")
    other = alike.model_copy(update={"version": "0.9.0"})
    stated = [lay_out(before(history=(each,)), itti(), "en").change for each in (alike, other)]
    assert stated == ["+1.15", None]


def test_nothing_stands_for_what_is_not_given() -> None:
    html = page(report(previous_value=None, previous_on=None), itti(), "en")
    for anchor in ("comparison", "roadmap"):
        assert f'id="{anchor}"' not in html
        assert f'href="#{anchor}"' not in html
    assert "chart-stripe" not in html


def test_what_stands_beside_moves_no_score_and_only_targets_are_attached() -> None:
    beside, plain = attachments(whole()), attachments(report())
    told = json.loads(beside.pop(CERTIFICATE))
    assert told.pop("targets") == {
        "by": "2028-12-31",
        "days": {"strategy": "2027-06-30"},
        "values": {"overall": "3.00", "strategy": "3.50"},
    }
    assert told == json.loads(plain.pop(CERTIFICATE))
    assert beside == plain


def test_a_report_with_everything_goes_through_json_and_back() -> None:
    again = type(whole()).model_validate_json(whole().model_dump_json())
    assert again == whole()


def test_distances_are_exact_and_signed() -> None:
    content = outline(itti(), whole().scorecard, "en")
    rows = {row.part.id: row for row in compared(whole(), content)}
    headline = rows[itti().index]
    value = whole().scorecard.headline.value
    assert value is not None
    assert headline.target is not None
    assert headline.median is not None
    assert (headline.target.by, headline.target.note) == (None, ""), "the day of all"
    assert rows["strategy"].target is not None
    assert rows["strategy"].target.by == date(2027, 6, 30)
    assert "3.50, by 30 June 2027" in gap(rows["strategy"], "en")
    assert headline.target.change == f"−{abs(round(float(value) - 3, 2)):.2f}"
    assert headline.median.share == pytest.approx(0.5)
    applies_not = rows["product-design"]
    assert applies_not.printed is None
    assert applies_not.median is not None
    assert applies_not.median.change is None, "what has no value has no distance"


@pytest.mark.parametrize("given", ["targets", "sector"])
def test_a_target_or_figure_for_something_unknown_is_refused(given: str) -> None:
    changes = {
        "targets": Targets(values={"no-such-node": "3.00"}),
        "sector": sector(itti()).model_copy(update={"figures": {"no-such-node": PeerFigures(median="1.00")}}),
    }
    with pytest.raises(PartUnknown, match="no-such-node"):
        page(whole(**{given: changes[given]}), itti(), "en")


def test_figures_of_parts_that_a_report_does_not_compare_are_left_out() -> None:
    """A benchmark has figures of every node, those of further views too."""
    definition = load("itti", "2.0.0")
    card = scored(definition, read_sheet(read_file(examples("itti", "2.0.0")[0])).given())
    every = {node.id for node in definition.nodes}
    figures = {name: PeerFigures(median="2.00") for name in every}
    more = report(definition=definition, scorecard=card, sector=sector(itti()).model_copy(update={"figures": figures}))
    told_of = {row.part.id for row in compared(more, outline(definition, card, "en"))}
    assert {definition.index, *definition.sub_indices, *definition.categories} < told_of
    assert {name for view in definition.views for name in view.nodes} - told_of


@pytest.mark.parametrize("value", ["3,00", "1e3", "NaN", "٣", "", "3." + "0" * 20])
def test_only_stated_numbers_are_taken(value: str) -> None:
    with pytest.raises(ValidationError):
        Targets(values={"overall": value})


def test_no_change_is_stated_across_versions_that_score_otherwise() -> None:
    told_of = moments(whole())
    assert [moment.on for moment in told_of] == [
        date(2021, 3, 1),
        date(2024, 5, 30),
        date(2025, 6, 2),
        date(2026, 3, 11),
    ]
    assert [moment.change for moment in told_of][:3] == [None, None, "+0.20"]
    assert [moment.is_comparable for moment in told_of] == [False, True, True, True]
    chart = drawn(trend("en"))
    assert len([each for each in chart if each.get("class") == "chart-line"]) == 2, "no line to what cannot be compared"


def trend(language: str) -> str:
    content = outline(itti(), whole().scorecard, language)
    return strips.trend(content.headline, moments(whole()), itti().words(language).bands, language)


def test_time_runs_from_right_to_left_in_arabic() -> None:
    at = {
        language: [float(each.get("cx", "0")) for each in drawn(trend(language)) if each.get("class") == "chart-mark"]
        for language in ("en", "ar")
    }
    assert at["en"] == sorted(at["en"])
    assert at["ar"] == sorted(at["ar"], reverse=True)
    plan = time_line(measures(), itti(), "ar")
    bars = {
        language: next(each for each in drawn(strips.stretch(plan.steps[0], 3, language)) if each.tag == f"{SVG}rect")
        for language in ("en", "ar")
    }
    assert float(bars["en"].get("x", "")) < 2
    assert float(bars["ar"].get("x", "")) + float(bars["ar"].get("width", "")) > 138


def test_marks_differ_by_shape_and_each_drawing_says_its_values() -> None:
    content = outline(itti(), whole().scorecard, "en")
    row = compared(whole(), content)[0]
    chart = drawn(strips.gap(row, "en"))
    shapes = {each.get("class"): each.tag.removeprefix(SVG) for each in chart if each.get("class") != "chart-track"}
    assert shapes["chart-target"] == "line"
    assert {each.tag.removeprefix(SVG) for each in chart if each.get("class") == "chart-compare"} == {"path", "circle"}
    title = chart[0].text or ""
    for value in (row.printed, "3.00", "2.50", "4.20"):
        assert value is not None
        assert value in title


def test_the_radar_shows_the_sector_where_its_figures_are_known() -> None:
    radar = drawn(charts.radar(itti(), whole().scorecard, "en", sector=sector(itti())))
    assert len([each for each in radar if each.get("class") == "chart-compare" and each.tag == f"{SVG}rect"]) == 20 + 1
    assert "Median of the group" in [each.text for each in radar.iter(f"{SVG}text")]


def test_crowded_dates_stand_in_rows() -> None:
    near = tuple(Earlier(on=date(2026, month, 1), value="2.00") for month in (1, 2, 3))
    content = outline(itti(), whole().scorecard, "en")
    chart = drawn(strips.trend(content.headline, moments(whole(history=near)), itti().words("en").bands, "en"))
    dates = [each for each in chart.iter(f"{SVG}text") if re.fullmatch(r"\d+ \w+ \d{4}", each.text or "")]
    assert len({each.get("y") for each in dates}) > 1


def test_a_step_is_told_with_what_it_alone_changes() -> None:
    told_of = report()
    content = outline(itti(), told_of.scorecard, "en")
    step = next_steps(told_of, itti(), "en", [d for d in content.dimensions if d.id == "warehouse-logistics"], 3)
    assert len(step) == 1
    text = itti().words("en").questions["warehouse-logistics"]
    level = dict(zip((q.id for q in itti().questions), LEVELS, strict=True))["warehouse-logistics"]
    assert level is not None
    assert step[0].meaning == text.levels[str(level)].description
    assert text.levels[str(level + 1)].name in step[0].then
    given = {**answers(itti(), LEVELS), "warehouse-logistics": LevelAnswer(level=level + 1)}
    assert step[0].value == score(compile_plan(itti()), given).headline.value


def test_every_kind_of_answer_can_have_a_step() -> None:
    definition, given = every_word(), every_word_answers()
    told_of = told(definition, given)
    content = outline(definition, told_of.scorecard, "ar")
    for step in next_steps(told_of, definition, "ar", content.dimensions, 99):
        assert step.today != step.then


def test_the_roadmap_says_why_something_is_left_out() -> None:
    line = time_line(measures(), itti(), "en")
    assert [(step.first, step.last) for step in line.steps] == [(1, 2)]
    assert [(each.title, each.reason) for each in line.left_out] == [("A new hall", Reason.BUDGET)]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_short_scorecard_has_two_pages_and_the_same_attachments(
    short_papers: Mapping[str, bytes], language: str
) -> None:
    with pikepdf.open(io.BytesIO(short_papers[language])) as document:
        assert len(document.pages) == 2
        files = {name: spec.get_file().read_bytes() for name, spec in document.attachments.items()}
        field = document.Root.AcroForm.Fields[0]
        figures = [each for each in elements(document.Root.StructTreeRoot) if each.get("/S") == "/Figure"]
        assert all(str(figure.get("/Alt", "")).strip() for figure in figures)
    assert files == attachments(whole())
    assert float(field.Rect[2]) - float(field.Rect[0]) > 200, "the seal has its place"
    value = whole().scorecard.headline.value
    assert value is not None
    text = bare(poppler(short_papers[language]))
    assert value in text
    assert bare("Short scorecard" if language == "en" else "المختصرة") in text


def test_the_page_to_frame_is_the_last_one_and_drafts_have_none(papers: Mapping[str, bytes], draft: bytes) -> None:
    with pikepdf.open(io.BytesIO(papers["en"])) as document:
        box = [float(number) for number in document.pages[-1].MediaBox]
    assert box[2] > box[3], "landscape"
    last = pdfium(papers["en"])[-1]
    for words in ("Al Waha Dates Packing", "ITTI-2026-000417", "17 June 2029"):
        assert words in last
    with pikepdf.open(io.BytesIO(draft)) as document:
        assert all(float(sheet.MediaBox[3]) > float(sheet.MediaBox[2]) for sheet in document.pages)
