"""What papers keep for one another, and the sheets that it rests on; the bytes are held by the fingerprints."""

import re
from pathlib import Path

import pytest

import reports
from reports import lines, looks, pictures, typesetting
from reports.render import page, render
from reports.report import AssessedFactory, Form
from reports.typesetting import BASE
from tests.reports.beside import whole
from tests.reports.papers import itti, report

_TEMPLATES = Path(reports.__file__).with_name("templates")
_NOT_ON_PAPER = {"webpage.html.j2"}
_INLINE = {"a", "bdi", "span"}
"""They are as they are without any rule."""

_DRAWN = {"svg", "path", "circle", "rect", "polygon", "text", "g", "desc"}


def test_every_element_of_the_templates_has_its_style() -> None:
    """An element that the sheet does not know would run into the line before it."""
    used = {
        name
        for file in _TEMPLATES.glob("*.html.j2")
        if file.name not in _NOT_ON_PAPER
        for name in re.findall(r"<([a-z][a-z0-9]*)", file.read_text("utf-8"))
    }
    rules = re.sub(r"/\*.*?\*/|\{.*?\}", " ", BASE.read_text("utf-8"), flags=re.DOTALL)
    known = set(re.findall(r"(?<![\w:=])[a-z][a-z0-9]*", rules))
    assert len(used) > 20
    assert used - _INLINE - _DRAWN <= known


@pytest.fixture
def nothing_kept() -> None:
    """As in a new process."""
    press = typesetting._press()
    press.style.cache_clear()
    lines.KEPT.clear()
    pictures.KEPT.clear()


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_paper_is_the_same_whatever_was_set_before_it(language: str) -> None:
    first = render(report(), itti(), language, form=Form.SHORT)
    kept = len(lines.KEPT)
    other = AssessedFactory(name="Über 9 & 87 Wāḥa WAVY", name_ar="مصنع ٩ اللؤلؤ والزجاج", sector="metal")
    between = render(whole(factory=other, number="TI-2031-98765"), itti(), language, form=Form.SHORT)
    assert between != first
    assert kept < len(lines.KEPT) < kept * 2  # it had most of its lines from the first
    assert len(pictures.KEPT) > 0
    assert render(report(), itti(), language, form=Form.SHORT) == first


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_sheets_tell_elements_apart_by_nothing_else_than_what_is_looked_at(language: str) -> None:
    """Elements that agree in all of it share one look; a selector that asks for more would be overheard."""
    made = page(report(), itti(), language, form=Form.SHORT)
    style = "".join(re.findall(r"<style>(.*?)</style>", made, flags=re.DOTALL)) + BASE.read_text("utf-8")
    selectors = " ".join(re.findall(r"[{};]?([^{};]*)\{", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)))
    assert ".half + .half" in selectors  # only the element just before is looked at
    assert "~" not in selectors
    assert set(re.findall(r"\[([a-z]+)", selectors)) <= set(looks.TELLING)
    assert set(re.findall(r"(?<!:):([a-z][a-z-]*)", selectors)) == {"last-child"}


def test_what_was_not_asked_for_lately_is_forgotten() -> None:
    kept = lines.Lasting(3)
    for place in range(20):
        kept.put((place,), str(place))
        assert kept.get((0,)) == "0"
        assert len(kept) <= 6
    assert kept.get((19,)) == "19"
    assert kept.get((5,)) is None
