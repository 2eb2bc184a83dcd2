"""What a web page shows beside the scorecard is what the paper says there, word for word and value for value."""

from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from questionnaires import wording
from reports.render import page
from reports.report import Report
from reports.theme import Theme
from reports.webpage import sections
from tests.reports.beside import whole
from tests.reports.papers import itti, report

SVG = "{http://www.w3.org/2000/svg}"
ON_PAPER = {"comparison": ("trend", "gaps"), "next": ("next",), "roadmap": ("roadmap",)}
"""Section of the paper → sections of the page that hold what stands there."""

PERIODS = "20282027 first half"
"""The head of the time line, at whose two ends a paper has the last and the first period."""


def read(html: str) -> ET.Element:
    return ET.fromstring(html)  # noqa: S314 - made by our own templates


def shown(told: Report, language: str) -> ET.Element:
    return read(f"<div>{sections(told, itti(), language)}</div>")


def told_in(section: ET.Element) -> Counter[str]:
    """The words and values of a section: the text of each element that has no block within it."""
    blocks = {"p", "td", "th", "h2", "h3", "h4", "dt", "dd"}
    return Counter(
        text for each in section.iter() if each.tag in blocks for text in [" ".join("".join(each.itertext()).split())]
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_says_what_the_paper_says(language: str) -> None:
    paper = read(page(whole(), itti(), language))
    there = {each.get("id"): each for each in shown(whole(), language).iter("section")}
    assert set(there) == {"trend", "gaps", "next", "roadmap"}
    for name, parts in ON_PAPER.items():
        (section,) = (each for each in paper.iter("section") if each.get("id") == name)
        said = sum((told_in(there[part]) for part in parts), Counter[str]())
        without = {PERIODS, wording.say("reports", "paper.comparison", language)}
        assert not [text for text in told_in(section) if text not in said and text not in without]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_drawings_are_those_of_the_paper(language: str) -> None:
    def drawn(root: ET.Element) -> set[str]:
        return {"".join(svg.itertext()) for svg in root.iter(f"{SVG}svg") if "chart" in svg.get("class", "")}

    assert drawn(shown(whole(), language)) <= drawn(read(page(whole(), itti(), language)))
    assert len(drawn(shown(whole(), language))) > 10


def test_the_page_needs_no_style_and_no_address_of_its_own() -> None:
    root = shown(whole(), "en")
    ids = [found for each in root.iter() if (found := each.get("id"))]
    assert len(ids) == len(set(ids))
    assert not [each for each in root.iter() if each.get("style") or each.tag in {"style", "script", "img"}]
    for cell in root.iter("td"):
        assert cell.get("data-label") or cell.get("class") == "strip"


def test_hostile_names_of_measures_come_out_as_text() -> None:
    told = whole()
    assert told.plan is not None
    hostile = {
        name: each.model_copy(update={"name": "<script>x</script>"}) for name, each in told.plan.measures.items()
    }
    told = told.model_copy(update={"plan": told.plan.model_copy(update={"measures": hostile})})
    assert "<script>x</script>" in "".join(shown(told, "en").itertext())


def test_without_past_targets_and_plan_only_next_steps_are_shown() -> None:
    alone = report(previous_value=None, previous_on=None)
    assert [each.get("id") for each in shown(alone, "en").iter("section")] == ["next"]


def test_the_drawings_have_the_colours_of_the_theme() -> None:
    from reports import palette

    colours = palette.of("#5a1f5e", "#3a1240", "#7a4f00")
    assert "#5a1f5e" in sections(whole(), itti(), "en", theme=Theme(colours=colours))
