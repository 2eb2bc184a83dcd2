"""A line of text with nothing beside it and nothing floating in it is set by a shorter way.

WeasyPrint 70.0 sets every line as if anything could stand in it and beside it, and a line that runs from right to left
two times. Where only text stands in a line, the same steps with the same numbers come to this. The bytes of a paper are
the same; the fingerprints hold that. The version is pinned.
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

_SLACK: Final = 1 + 1e-9
"""WeasyPrint allows lines so much more room, against errors of binary numbers."""


def shorten(everywhere: Callable[[Any, Any], None]) -> None:
    """Put it in place, once a process; ``everywhere`` puts a function in the place of another."""
    from weasyprint.formatting_structure import boxes  # type: ignore[import-untyped]
    from weasyprint.layout import inline  # type: ignore[import-untyped]

    in_full = inline.get_next_linebox

    def get_next_linebox(  # noqa: PLR0913, PLR0917 - as it is called
        context: Any,
        linebox: Any,
        position_y: float,
        bottom_space: float,
        skip_stack: Any,
        around: Any,
        absolute_boxes: Any,
        fixed_boxes: Any,
        first_letter_style: Any,
        first_line_style: Any,
    ) -> Any:
        if context.excluded_shapes or first_letter_style or first_line_style or not _is_plain(boxes, linebox):
            return in_full(
                context, linebox, position_y, bottom_space, skip_stack, around, absolute_boxes, fixed_boxes,
                first_letter_style, first_line_style,
            )  # fmt: skip
        begin = inline.skip_first_whitespace(linebox, skip_stack)
        if begin == "continue":
            return None, None
        linebox.width = linebox.height = 0
        left = around.content_box_x() + linebox.margin_left
        right = around.content_box_x() + around.width - linebox.margin_right
        rtl = around.style["direction"] == "rtl"
        position_x = (right if rtl else left) - linebox.margin_left
        linebox.position_x, linebox.position_y, room = position_x, position_y, right - left
        line = None
        if len(linebox.children) == 1 and isinstance(linebox.children[0], boxes.TextBox):
            line, rest, ends = _one_text(inline, context, linebox, room, begin, around)
        if line is None:
            line, rest, ends, _first, _last, _floats = inline.split_inline_box(
                context, linebox, position_x + linebox.text_indent, position_x + room, bottom_space, begin, around,
                [], [], [], [], [], None, None,
            )  # fmt: skip
        linebox.width, linebox.height = line.width, line.height
        if inline.is_phantom_linebox(line) and not ends:
            line.height = 0
            return line, rest
        inline.remove_last_whitespace(context, line)
        offset = inline.text_align(context, line, room, last=rest is None or ends)
        if rtl:
            offset = -offset - line.width
        _place(inline, boxes, line, offset, position_y)
        return line, rest

    everywhere(in_full, get_next_linebox)


def _is_plain(boxes: Any, linebox: Any) -> bool:
    """Whether there is nothing in a line but text in the flow; asked once for all lines of a paragraph."""
    known: bool | None = linebox.__dict__.get("plain")
    if known is None:
        plain = (boxes.TextBox, boxes.InlineBox)
        known = linebox.__dict__["plain"] = linebox.style["position"] == "static" and all(
            type(each) in plain and each.style["position"] == "static" and each.style["float"] == "none"
            for each in linebox.descendants()
            if each is not linebox
        )
    return known


def _one_text(  # noqa: PLR0913, PLR0917 - what a line depends on
    inline: Any, context: Any, linebox: Any, room: float, begin: Any, around: Any
) -> tuple[Any, Any, bool]:
    """The line where there is one text, what is left of it, and whether it ends here; None where it overflows."""
    (child,) = linebox.children
    child.position_y = linebox.position_y
    inline.resolve_percentages(child, around)
    child.position_x = linebox.position_x + linebox.text_indent
    most = (linebox.position_x + room) * _SLACK
    skip = 0
    if begin is not None:
        (within,) = begin.values()
        if within is not None:
            (skip,) = within
    new, rest, ends = inline.split_text_box(context, child, most - child.position_x, skip or 0, is_line_start=True)
    if new is not None and new.position_x + new.margin_width() > most:
        return None, None, False
    line = linebox.copy_with_children([] if new is None else [new])
    line.remove_decoration(start=begin is not None, end=rest is not None)
    line.width = 0
    if new is not None:
        line.width = new.position_x + new.margin_width() - line.content_box_x()
    inline._adjust_line_height(line)  # noqa: SLF001 - the step has no other door
    return line, None if rest is None else {0: {rest: None}}, ends


def _place(inline: Any, boxes: Any, line: Any, offset: float, position_y: float) -> None:
    """Put a line and all in it in its place."""
    children = line.children
    if len(children) == 1 and type(children[0]) is boxes.TextBox and children[0].style["vertical_align"] == "baseline":
        child = children[0]
        child.position_y = top = -child.baseline
        bottom = top + child.margin_height()
        own = -line.baseline
        bottom = max(bottom, own + line.margin_height())
        top = min(top, own)
    else:
        bottom, top = inline.line_box_verticality(line)
    line.baseline, line.position_y, line.height = -top, top, bottom - top
    line.margin_top = line.margin_bottom = 0
    line.translate(offset, position_y - top)
    line.position_y = position_y
