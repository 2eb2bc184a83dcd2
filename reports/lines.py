"""Lines of text that were set once need not be set, nor written, again: not on this paper, nor on the next.

Questions, descriptions of levels, names and headings are the same in every report on a questionnaire. Where they
stand in the same width and in a style that is kept (:mod:`reports.looks`), the line is the same; what was measured of
it is kept, and what was written to draw it. Both are bounded. The bytes of a paper are the same with and without,
whatever was set before it; ``tests/reports/test_thrift.py`` holds that. The version of WeasyPrint, 70.0, is pinned.
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reports.looks import number_of

MOST: Final = 8000
"""Lines of two times so many are kept at most; a long paper has three thousand."""

_PARAGRAPH_ENDS: Final = ("\n", "\r", "\u2029")


class Lasting:
    """What is kept from one paper to the next, by what it depends on; what was not asked for lately is forgotten."""

    def __init__(self, most: int) -> None:
        """Keep ``most`` at least, and never more than two times so many."""
        self._most = most
        self._new: dict[tuple[object, ...], Any] = {}
        self._old: dict[tuple[object, ...], Any] = {}

    def get(self, key: tuple[object, ...]) -> Any:
        """What is kept; None: nothing."""
        found = self._new.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self.put(key, found)
        return found

    def put(self, key: tuple[object, ...], what: Any) -> None:
        """Keep something."""
        if len(self._new) >= self._most:
            self._old, self._new = self._new, {}
        self._new[key] = what

    def clear(self) -> None:
        """Forget everything."""
        self._new, self._old = {}, {}

    def __len__(self) -> int:
        return len(self._new) + len(self._old)


KEPT: Final = Lasting(MOST)
_waiting: Final[list[Any]] = []
"""Lines of this paper that were measured and may yet be drawn."""


def rest() -> None:
    """At the end of a paper: let go what only the lines of this one need."""
    for layout in _waiting:
        if layout.waits:
            layout.waits = False
            layout.put_away()
    _waiting.clear()


def keep(everywhere: Callable[[Any, Any], None], asked: Callable[[Any], Any]) -> None:
    """Put all of it in place; once a process.

    Args:
        everywhere: puts a function in the place of another in all modules of the typesetter.
        asked: what a style asks of Pango (context, font, language); None where a line needs more than these.
    """
    from weasyprint.draw import text as drawn  # type: ignore[import-untyped]
    from weasyprint.text import line_break as lines  # type: ignore[import-untyped]

    _wait(lines.Layout, asked)
    split, draw = lines.split_first_line, drawn.draw_first_line

    def split_first_line(  # noqa: PLR0913, PLR0917 - as it is called
        text: str,
        style: Any,
        context: Any,
        max_width: float | None,
        justification_spacing: float,
        is_line_start: bool = True,  # noqa: FBT001, FBT002
        minimum: bool = False,  # noqa: FBT001, FBT002
    ) -> Any:
        number = None if justification_spacing else number_of(style)
        if number is None:
            return split(text, style, context, max_width, justification_spacing, is_line_start, minimum)
        key = (number, text, max_width, is_line_start, minimum)
        measured = KEPT.get(key)
        if measured is None:
            measured = split(text, style, context, max_width, 0, is_line_start, minimum)
            measured[0].kept_for = style
            KEPT.put(key, measured)
        return measured

    def draw_first_line(stream: Any, box: Any, text_overflow: str, block_ellipsis: str, matrix: Any) -> Any:
        layout = box.pango_layout
        if (
            getattr(layout, "kept_for", None) is not box.style
            or text_overflow != "clip"
            or block_ellipsis != "none"
            or not box.text.strip()
        ):
            _take_up(layout, box.style)
            return draw(stream, box, text_overflow, block_ellipsis, matrix)
        strokes = layout.strokes
        if strokes is not None and all(run.fits(stream) for run in strokes.runs):
            strokes.write(stream, matrix)
            return ()
        _take_up(layout, box.style)
        notes = _Notes(stream)
        emojis = draw(notes, box, text_overflow, block_ellipsis, matrix)
        layout.strokes = notes.strokes()
        return emojis

    everywhere(split, split_first_line)
    everywhere(draw, draw_first_line)


def _take_up(layout: Any, style: Any) -> None:
    """See that a line can be drawn that was drawn before."""
    if hasattr(layout, "strokes") and not hasattr(layout, "layout"):
        layout.take_up(style)


def _wait(layout: Any, asked: Callable[[Any], Any]) -> None:
    """Let a line that was measured be drawn as it is, and styles keep the fonts they ask for."""
    from weasyprint.text.ffi import ffi, gobject, pango  # type: ignore[import-untyped]

    set_up, set_text, put_away, take_up = layout.setup, layout.set_text, layout.deactivate, layout.reactivate
    layout.waits, layout.whole, layout.drawing, layout.strokes = False, False, False, None

    def with_fonts(self: Any, style: Any) -> None:
        fonts = asked(style)
        if fonts is None:
            set_up(self, style)
            return
        context, description, self.language = fonts
        self.style, self.first_line_direction = style, 0
        self.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(self.layout, False)
        pango.pango_layout_set_font_description(self.layout, description)
        self.ascent = self.underline_position = self.strikethrough_position = None

    def with_text(self: Any, text: str, justify: bool = False) -> None:  # noqa: FBT001, FBT002 - as it is called
        # drawing asks for one paragraph; asked for here, the line need not be set again for it
        self.whole = not any(end in text for end in _PARAGRAPH_ENDS)
        pango.pango_layout_set_single_paragraph_mode(self.layout, self.whole)
        set_text(self, text, justify)

    def measured_or_drawn(self: Any) -> None:
        self.waits = self.whole and not self.justification_spacing and not self.drawing
        self.drawing = False
        if self.waits:
            _waiting.append(self)
        elif hasattr(self, "layout"):
            put_away(self)

    def to_be_drawn(self: Any, style: Any) -> None:
        self.drawing = True
        ready = self.waits and self.style is style and not self.justification_spacing
        self.waits = False
        if not ready and self.strokes is None:
            self.take_up(style)

    def again(self: Any, style: Any) -> None:
        direction = self.first_line_direction  # later papers ask for it
        take_up(self, style)
        self.first_line_direction = direction

    layout.setup, layout.set_text = with_fonts, with_text
    layout.deactivate, layout.reactivate = measured_or_drawn, to_be_drawn
    layout.put_away, layout.take_up = put_away, again


@dataclass(frozen=True, slots=True)
class _Run:
    """The glyphs of one font in a line."""

    key: int
    """By which a paper finds the font."""

    letters: Mapping[int, str]
    """Glyph → what it stands for in this line."""

    widths: Mapping[int, int]
    """Glyph → the width that was counted on, in thousandths of the size."""

    own: Mapping[int, int]
    """Glyph → the width that a paper takes that has none of the glyph yet."""

    def fits(self, stream: Any) -> bool:
        """Whether the paper has the font, and counts on the same widths as the line was written with."""
        font = stream._fonts.get(self.key)  # noqa: SLF001 - the fonts of the paper
        if font is None:
            return False
        widths: dict[int, int] = font.widths
        if self.widths.items() <= widths.items():
            return True
        own = self.own
        return all(widths.get(glyph, own[glyph]) == width for glyph, width in self.widths.items())

    def enter(self, stream: Any) -> None:
        """Tell the paper which glyphs it now has, in the order in which they are drawn."""
        font = stream._fonts[self.key]  # noqa: SLF001
        for known, added in ((font.widths, self.widths), (font.to_unicode, self.letters)):
            if not added.keys() <= known.keys():
                for glyph, told in added.items():
                    known.setdefault(glyph, told)


@dataclass(frozen=True, slots=True)
class _Strokes:
    """What was written to draw a line, but for its place."""

    runs: tuple[_Run, ...]
    steps: tuple[tuple[str, Any], ...]

    def write(self, stream: Any, matrix: Any) -> None:
        """Draw the line in another place."""
        for run in self.runs:
            run.enter(stream)
        stream.set_text_matrix(*matrix.values)
        written = stream.stream
        for step, what in self.steps:
            if step == "show":
                written.append(what)
            else:
                getattr(stream, step)(*what)


class _Font:
    """A font of a paper that also notes what one line asks of it."""

    def __init__(self, font: Any, size: float, pango_font: Any) -> None:
        self.font, self.size, self.pango_font = font, size, pango_font
        self.png, self.svg, self.colr, self.bitmap, self.hash = font.png, font.svg, font.colr, font.bitmap, font.hash
        self.widths: dict[int, int] = font.widths
        self.to_unicode: dict[int, str] = {}
        self.whole = not (font.png or font.svg or font.colr or font.bitmap)

    def get_unused_glyph_id(self, codepoint: int) -> Any:
        self.whole = False
        return self.font.get_unused_glyph_id(codepoint)


class _Notes:
    """Stands for the page while a line is drawn, and notes what is written."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._fonts: list[_Font] = []
        self._steps: list[tuple[str, Any]] = []
        self.ink_rect, self.logical_rect = stream.ink_rect, stream.logical_rect

    def add_font(self, pango_font: Any) -> tuple[_Font, float]:
        font, size = self._stream.add_font(pango_font)
        self._fonts.append(_Font(font, size, pango_font))
        return self._fonts[-1], size

    def set_text_matrix(self, *values: float) -> None:
        self._stream.set_text_matrix(*values)

    def set_font_size(self, font: str, size: float) -> None:
        self._stream.set_font_size(font, size)
        self._fonts[-1].size = size
        self._steps.append(("set_font_size", (font, size)))

    def set_text_rise(self, rise: float) -> None:
        self._stream.set_text_rise(rise)
        self._steps.append(("set_text_rise", (rise,)))

    def show_text(self, text: str) -> None:
        self._stream.show_text(text)
        self._steps.append(("show", self._stream.stream[-1]))

    def strokes(self) -> _Strokes | None:
        """What was noted; None where a line is not to be drawn by that again."""
        runs = []
        for each in self._fonts:
            for glyph, told in each.to_unicode.items():
                each.font.to_unicode.setdefault(glyph, told)
            runs.append(self._run(each))
        if not all(each.whole for each in self._fonts):
            return None
        return _Strokes(tuple(runs), tuple(self._steps))

    def _run(self, noted: _Font) -> _Run:
        from weasyprint.text.ffi import FROM_UNITS, pango
        from weasyprint.text.fonts import get_pango_font_key  # type: ignore[import-untyped]

        key, _description, _size = get_pango_font_key(noted.pango_font)
        own = _own_widths.setdefault((key, noted.size), {})
        for glyph in noted.to_unicode.keys() - own.keys():
            pango.pango_font_get_glyph_extents(noted.pango_font, glyph, self.ink_rect, self.logical_rect)
            own[glyph] = round(self.logical_rect.width * 1000 * FROM_UNITS / noted.size)
        widths = {glyph: noted.widths[glyph] for glyph in noted.to_unicode}
        return _Run(key, noted.to_unicode, widths, own)


_own_widths: Final[dict[tuple[int, float], dict[int, int]]] = {}
