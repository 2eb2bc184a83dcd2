"""Charts: well-formed, readable by eye and by machine, mirrored for Arabic, and never lying about a gap."""

from collections.abc import Callable
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from questionnaires.model import Definition
from reports import charts, palette
from reports.geometry import wrap
from reports.outline import outline
from reports.scales import Scale, measured
from reports.weights import questions_only, weight_in_index
from scoring.scorecard import Scorecard
from tests.reports.beside import sector
from tests.reports.papers import LEVELS, answers, itti, report, scored, small

SVG = "{http://www.w3.org/2000/svg}"
Draw = Callable[[Definition, Scorecard, str], Markup]
CHARTS: dict[str, Draw] = {
    "radar": charts.radar,
    "bars": charts.bars,
    "heat": charts.heat,
    "gauge": charts.gauge,
    "bars of one category": lambda definition, card, language: charts.bars(
        definition, card, language, definition.categories[0], compare={definition.questions[0].id: 1}
    ),
}


def drawn(markup: Markup) -> ET.Element:
    return ET.fromstring(markup)  # noqa: S314 - our own drawing


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("kind", CHARTS)
def test_every_chart_has_a_title_words_and_real_text(kind: str, language: str) -> None:
    card = report().scorecard
    markup = CHARTS[kind](itti(), card, language)
    root = drawn(markup)
    assert root.get("role") == "img"
    title, words = root[0], root[1]
    assert (title.tag, words.tag) == (f"{SVG}title", f"{SVG}desc")
    assert root.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    assert title.text
    assert words.text
    assert len(root.findall(f".//{SVG}text")) > 3
    assert not [each for element in root.iter() for each in element.attrib.values() if each in {"nan", "inf"}]
    assert markup == CHARTS[kind](itti(), card, language), "the same bytes for the same scorecard"


def test_the_words_of_a_chart_say_every_value() -> None:
    card = report().scorecard
    content = outline(itti(), card, "en")
    words = drawn(charts.radar(itti(), card, "en"))[1].text or ""
    for dimension in content.dimensions:
        value = "n/a" if dimension.level is None else dimension.level
        assert f"{dimension.title}: {value}" in words


def test_arabic_runs_the_other_way_round() -> None:
    card = report().scorecard
    ways = {}
    for language in ("en", "ar"):
        bars = drawn(charts.bars(itti(), card, language))
        track = next(each for each in bars if each.get("class") == "chart-track")
        fill = next(each for each in bars if each.get("class") == "chart-fill")
        left = {each: float(each.get("x", "0")) for each in (track, fill)}
        right = {each: left[each] + float(each.get("width", "0")) for each in (track, fill)}
        ways[language] = (left[fill] - left[track], right[track] - right[fill])
        assert {each.get("direction") for each in bars.iter(f"{SVG}text")} == {"ltr", "rtl"} & (
            {"ltr"} if language == "en" else {"ltr", "rtl"}
        )
    assert ways["en"][0] == pytest.approx(0, abs=0.2)
    assert ways["ar"][1] == pytest.approx(0, abs=0.2)
    assert ways["ar"][0] > 10


def test_a_dimension_without_a_level_is_a_gap_and_not_a_zero() -> None:
    whole = drawn(charts.radar(itti(), scored(itti(), answers(itti(), tuple(2 for _ in LEVELS))), "en"))
    gap = drawn(charts.radar(itti(), report().scorecard, "en"))
    assert len([each for each in whole if each.get("class") == "chart-mark"]) == 20
    assert len([each for each in whole if each.get("class") == "chart-line"]) == 20
    assert len([each for each in gap if each.get("class") == "chart-mark"]) == 19
    assert len([each for each in gap if each.get("class") == "chart-line"]) == 18, "no line through the gap"


def test_a_provisional_value_looks_and_reads_otherwise() -> None:
    open_card = scored(itti(), answers(itti(), (3, 2)))
    bars = drawn(charts.bars(itti(), open_card, "en"))
    assert [each for each in bars if each.get("class") == "chart-open"]
    assert "open" in [each.text for each in bars.iter(f"{SVG}text")]


def test_comparison_differs_by_more_than_colour() -> None:
    root = drawn(charts.radar(itti(), report().scorecard, "en", compare={q.id: 3 for q in itti().questions}))
    lines = [each for each in root if each.get("class") == "chart-compare"]
    assert {each.tag for each in lines} == {f"{SVG}line", f"{SVG}rect"}
    assert all(each.get("stroke-dasharray") for each in lines if each.tag == f"{SVG}line")
    assert "Self-assessment" in [each.text for each in root.iter(f"{SVG}text")]


def test_texts_are_escaped() -> None:
    plain = small()
    words = plain.texts["en"]
    nodes = {**words.nodes, "left": words.nodes["left"].model_copy(update={"title": "</text><script>x</script>"})}
    hostile = plain.model_copy(update={"texts": {**plain.texts, "en": words.model_copy(update={"nodes": nodes})}})
    markup = charts.bars(hostile, scored(plain, answers(plain, (2, 1, 1))), "en")
    assert "<script" not in markup
    drawn(markup)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_on_a_narrow_screen_the_spokes_have_numbers_that_can_be_read(language: str) -> None:
    drawing, spokes = charts.numbered_radar(itti(), report().scorecard, language, sector=sector(itti()))
    root = drawn(drawing)
    labels = {each.text or "": each for each in root.iter(f"{SVG}text")}
    assert {each.number for each in spokes} <= labels.keys()
    assert len(spokes) == 20
    across = float(root.get("viewBox", "").split()[2])
    sizes = [float(each.get("font-size", "0")) * 330 / across for each in labels.values()]
    assert min(sizes) > 9, "in pixels, where a telephone has 330 for the drawing"
    assert min(float(labels[each.number].get("font-size", "0")) for each in spokes) * 330 / across > 13
    assert "aria-labelledby" not in drawing, "no ids that the other radar of the page has already"


def test_no_two_labels_of_the_radar_lie_on_one_another() -> None:
    for language in ("en", "ar"):
        root = drawn(charts.radar(itti(), report().scorecard, language))
        labels = [each for each in root.iter(f"{SVG}text") if each.get("class") == "chart-text"]
        places = [(float(each.get("x", "0")), float(each.get("y", "0"))) for each in labels]
        close = [
            (one, other)
            for rank, one in enumerate(places)
            for other in places[rank + 1 :]
            if abs(one[1] - other[1]) < 9 and abs(one[0] - other[0]) < 40
        ]
        assert close == []


def test_scale_of_a_node_follows_its_children() -> None:
    assert measured(itti()).scales["overall"] == Scale(Fraction(0), Fraction(5))
    assert measured(small()).scales["left"] == Scale(Fraction(0), Fraction(2))


def test_weights_in_the_index_add_up_to_one_and_leave_out_what_does_not_apply() -> None:
    card = report().scorecard
    weights = questions_only(weight_in_index(card, itti()), card)
    assert sum(weights.values()) == 1
    assert [name for name, weight in weights.items() if weight == 0] == [itti().questions[3].id]


def test_wrapping_keeps_every_word_or_says_that_it_does_not() -> None:
    assert wrap("one two three", 10, 1000) == ("one two three",)
    assert wrap("one two three four", 10, 30, lines=2)[-1].endswith("…")


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        (palette.INK, palette.PAPER),
        (palette.QUIET, palette.PAPER),
        (palette.QUIET, palette.WASH),
        (palette.PRIMARY, palette.PAPER),
        (palette.DEEP, palette.WASH),
        (palette.ACCENT, palette.PAPER),
        (palette.WARNING, palette.PAPER),
        (palette.PAPER, palette.WARNING),
        ("#d5e4e6", palette.DEEP),
        ("#e8d3a8", palette.DEEP),
        *zip(palette.RAMP_INK, palette.RAMP, strict=True),
    ],
)
def test_every_text_can_be_read_against_what_lies_behind(text: str, behind: str) -> None:
    assert palette.contrast(text, behind) >= 4.5


def test_marks_that_carry_meaning_stand_out() -> None:
    assert palette.contrast(palette.ACCENT, palette.PAPER) >= 3
    assert palette.contrast(palette.PRIMARY, palette.FAINT) >= 3
