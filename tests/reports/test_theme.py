"""Themes: colours that can be read, a logo that is only a picture, numerals by setting."""

import base64
import io
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from questionnaires.mistakes import Mistaken
from reports import palette
from reports.errors import LogoUnusable, ThemeContrast
from reports.numerals import arabic_indic, turned
from reports.palette import contrast
from reports.render import page, render
from reports.report import Form
from reports.theme import Numerals, Theme, read_theme
from tests.reports.beside import whole
from tests.reports.papers import itti, report
from tests.reports.test_render import bare, poppler


def theme_of(folder: Path, text: str) -> Theme:
    path = folder / "theme.yaml"
    path.write_text(text, encoding="utf-8")
    return read_theme(path)


def picture(folder: Path, name: str = "logo.png", size: tuple[int, int] = (40, 20)) -> Path:
    path = folder / name
    Image.new("RGBA", size, (90, 40, 130, 128)).save(path)
    return path


@pytest.mark.parametrize("primary", ["#0b4f5c", "#5b2a86", "#7a1f1f", "#1a5c1a", "#444444", "#000000", "#0000ff"])
def test_every_text_of_a_palette_can_be_read(folder: Path, primary: str) -> None:
    made = theme_of(folder, f'colours: {{primary: "{primary}"}}').colours
    texts = [(made.primary, made.paper), (made.deep, made.paper), (made.deep, made.wash), (made.accent, made.paper)]
    texts += [(made.panel_quiet, made.deep), (made.panel_accent, made.deep), (made.quiet, made.wash)]
    texts += zip(made.ramp_ink, made.ramp, strict=True)
    assert [pair for pair in texts if contrast(*pair) < 4.5] == []
    light = [contrast(shade, "#000000") for shade in made.ramp]
    assert light == sorted(light, reverse=True), "from light to dark, so that it can be told in grey"


def test_a_colour_that_cannot_be_read_is_refused_with_one_that_can(folder: Path) -> None:
    with pytest.raises(ThemeContrast) as refused:
        theme_of(folder, 'colours: {primary: "#e0b000"}')
    darker = str(refused.value.details["darker"])
    assert contrast(darker, palette.PAPER) >= 4.5
    assert darker in refused.value.sentence("ar")
    assert theme_of(folder, f'colours: {{primary: "{darker}"}}').colours.primary == darker


@pytest.mark.parametrize(
    "text",
    [
        'colours: {primary: "red"}',
        'colours: {primary: "#FFF"}',
        "colour: {}",
        "numerals: roman",
        "format: itti-theme/2",
    ],
)
def test_what_is_no_theme_is_refused_with_its_line(folder: Path, text: str) -> None:
    with pytest.raises(Mistaken, match=r"theme\.yaml:1"):
        theme_of(folder, text)


def test_a_logo_is_drawn_anew(folder: Path) -> None:
    picture(folder, size=(3000, 1000))
    logo = theme_of(folder, "logo: logo.png").logo
    assert logo is not None
    with Image.open(io.BytesIO(base64.b64decode(logo.partition(",")[2]))) as again:
        assert (again.format, again.mode, again.size) == ("PNG", "RGB", (900, 300))
        assert not again.info
    assert theme_of(folder, "logo: logo.png").logo == logo, "the same bytes again"


@pytest.mark.parametrize(
    "content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", b"\x89PNG\r\n\x1a\n", b"GIF89a"]
)
def test_what_is_no_picture_is_no_logo(folder: Path, content: bytes) -> None:
    (folder / "logo.png").write_bytes(content)
    with pytest.raises(LogoUnusable):
        theme_of(folder, "logo: logo.png")


def test_a_picture_too_large_is_no_logo(folder: Path) -> None:
    Image.new("1", (4000, 4000)).save(folder / "logo.png")
    with pytest.raises(LogoUnusable, match="pixels"):
        theme_of(folder, "logo: logo.png")
    with pytest.raises(LogoUnusable):
        theme_of(folder, "logo: missing.png")


def test_a_theme_is_on_the_paper_and_changes_no_word_of_it(folder: Path) -> None:
    picture(folder)
    theme = theme_of(folder, 'colours: {primary: "#5b2a86"}\nlogo: logo.png')
    html = page(report(), itti(), "en", theme=theme)
    assert "#5b2a86" in html
    assert str(theme.logo) in html
    for colour in (palette.PRIMARY, palette.DEEP, palette.WASH, "#2a7681"):
        assert colour not in html, "a colour of the standard look is left"
    plain = page(report(), itti(), "en")
    assert "data:image/png" not in plain
    assert [word for word in _words(html) if word not in _words(plain)] == []


def _words(html: str) -> list[str]:
    return [part.partition(">")[2].strip() for part in html.partition("</style>")[2].split("<")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2.03", "٢٫٠٣"),
        ("المستوى 2 من 5", "المستوى ٢ من ٥"),
        ("20 % من", "٢٠ ٪ من"),
        ("ISO 9001 و IEC 62443-3", "ISO 9001 و IEC 62443-3"),
        ("CO2", "CO2"),
        ("12 kWh", "12 kWh"),
        ("1.2 الريادة", "١.٢ الريادة"),
        ("1.2.3", "١.٢.٣"),
        ("2.67 / 5", "٢٫٦٧ / ٥"),
        ("−0.75", "−٠٫٧٥"),
        ("&#39;7&#39;", "&#39;٧&#39;"),
        ("walk-1.pdf", "walk-1.pdf"),
        ("14 سبتمبر 2026", "١٤ سبتمبر ٢٠٢٦"),
    ],
)
def test_digits_turn_where_they_are_numbers_and_stay_in_codes(text: str, wanted: str) -> None:
    assert turned(text) == wanted


def test_tags_styles_and_marked_codes_keep_their_digits() -> None:
    style, code = "<style>a{width:3mm}</style>", '<b translate="no">5 <i>6</i></b>'
    html = f'{style}<p class="x1">3<br>4 {code} 7</p><td class="place">1.2</td>'
    assert arabic_indic(html) == f'{style}<p class="x1">٣<br>٤ {code} ٧</p><td class="place">١.٢</td>'


@pytest.fixture(scope="module")
def indic() -> Mapping[str, str]:
    theme = Theme(numerals=Numerals.ARABIC_INDIC)
    pages = {"ar": render(whole(), itti(), "ar", form=Form.SHORT, theme=theme)}
    return {language: bare(poppler(paper)) for language, paper in pages.items()}


def test_arabic_indic_papers_say_the_same_numbers_and_keep_their_codes(indic: Mapping[str, str]) -> None:
    value = whole().scorecard.headline.value
    assert value is not None
    digits = value.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")).replace(".", "")
    assert digits in indic["ar"].replace("٫", "")
    assert "١٨يونيو٢٠٢٦" in indic["ar"]
    assert "ITTI-2026-000417" in indic["ar"]
    assert page(whole(), itti(), "en", theme=Theme(numerals=Numerals.ARABIC_INDIC)) == page(whole(), itti(), "en")
