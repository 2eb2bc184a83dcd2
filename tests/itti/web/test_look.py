"""A programme's theme on pages: name, colours that can be read, logo; and none where there is no theme."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from itti.web.look import GROUNDS, LEAST_OF_MARKS, Look, colours
from reports import palette
from reports.palette import contrast, mixed
from reports.theme import Theme, read_theme
from tests.itti.conftest import World

PRIMARIES = ("#0b4f5c", "#5b2a86", "#b3261e", "#0b6b3a", "#767676", "#000000", "#0000ff", "#9a5b00")


def theme_of(folder: Path, text: str) -> Theme:
    path = folder / "theme.yaml"
    path.write_text(text, encoding="utf-8")
    return read_theme(path)


def pairs(made: Mapping[str, str]) -> list[tuple[str, str]]:
    """Text and what lies behind it, as ``site.css`` puts them together."""
    texts = [(made["brand"], ground) for ground in (*GROUNDS, made["brand-tint"])]
    texts += [(made["copper"], ground) for ground in (*GROUNDS, made["copper-tint"])]
    texts += [("#ffffff", made["brand"]), ("#ffffff", made["brand-deep"]), (made["on-deep"], made["brand-deep"])]
    return [*texts, ("#ffffff", mixed(made["brand-deep"], "#ffffff", 15)), (made["brand-deep"], "#ffffff")]


@pytest.mark.parametrize("primary", PRIMARIES)
def test_every_text_on_pages_can_be_read(primary: str) -> None:
    made = colours(palette.of(primary, primary, primary))
    assert [pair for pair in pairs(made) if contrast(*pair) < 4.5] == []
    assert contrast(made["deep-accent"], made["brand-deep"]) >= LEAST_OF_MARKS
    assert min(contrast(made["focus"], ground) for ground in GROUNDS) >= LEAST_OF_MARKS


def test_pages_carry_name_colours_and_logo(world: World, tmp_path: Path) -> None:
    Image.new("RGB", (60, 30), (90, 40, 130)).save(tmp_path / "logo.png")
    text = 'programme: {en: "Gulf <Award>", ar: جائزة الخليج}\ncolours: {primary: "#5b2a86"}\nlogo: logo.png\n'
    world.app.state.look = Look(theme_of(tmp_path, text))
    client = world.browser()
    for language, name in (("en", "Gulf &lt;Award&gt;"), ("ar", "جائزة الخليج")):
        page = client.get("/verify", params={"language": language}).text
        assert f"<span>{name}</span></a>" in page
        assert f"· {name}</title>" in page
    style, logo = (re.search(rf'"(/look\.{kind}\?v=[0-9a-f]+)"', page) for kind in ("css", "png"))
    assert style is not None
    assert logo is not None
    assert page.index(style[1]) > page.index("/site.css"), "the later sheet wins"
    sheet = client.get(style[1])
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in sheet.headers["cache-control"]
    assert "--brand: #5b2a86;" in sheet.text
    assert client.get(logo[1]).content.startswith(b"\x89PNG")


def test_names_and_colours_of_the_sheet_are_those_that_the_site_uses() -> None:
    site = (Path(__file__).parents[3] / "itti" / "web" / "static" / "site.css").read_text("utf-8")
    for name in colours(palette.of("#5b2a86", "#3f1d5e", "#a3541a")):
        assert f"  --{name}: #" in site
        assert f"var(--{name})" in site


def test_without_a_theme_pages_look_as_this_project_does(world: World) -> None:
    client = world.browser()
    page = client.get("/verify").text
    assert "/look." not in page
    assert "<span>itti</span></a>" in page
    assert client.get("/look.css").status_code == client.get("/look.png").status_code == 404
    assert Look(Theme()).style_href is None
