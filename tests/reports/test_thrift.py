"""The elements of papers and the sheet that says how each looks; that papers come out the same: the fingerprints."""

import re
from pathlib import Path

import reports
from reports.typesetting import BASE

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
