"""What WeasyPrint 70.0 works out again for every box and every line, worked out once for each style.

Thousands of boxes of a paper share some hundred styles. Which fonts a style asks for, how high its lines are and
which of its lengths are plain numbers of pixels is the same for all of them, and a line that was set to be measured
need not be set again to be drawn (``lines``). The bytes of a paper are the same with and without; the golden
fingerprints hold that. What is kept lies on the style, which may last from paper to paper (``looks``). The version is
pinned.
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from reports.lines import keep as keep_lines
from reports.paragraphs import shorten

_LENGTHS: Final = (
    *(f"margin_{side}" for side in ("left", "right", "top", "bottom")),
    *(f"padding_{side}" for side in ("left", "right", "top", "bottom")),
    *("width", "min_width", "max_width", "height", "min_height", "max_height"),
)
_BORDERS: Final = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))
_RADII: Final = tuple(f"border_{corner}_radius" for corner in ("top_left", "top_right", "bottom_right", "bottom_left"))
_PROPAGATED: Final = "text_decoration_"
_OWN_RULES: Final = frozenset({"float", "display", "position", "page"})
"""What WeasyPrint computes by rules of its own even where nothing is given."""

_SHARP: Final = ((0, "px"), (0, "px"))


def apply() -> None:
    """Put all of it in place; once a process."""
    from weasyprint.layout import percent  # type: ignore[import-untyped]
    from weasyprint.text import line_break as lines  # type: ignore[import-untyped]

    if getattr(percent.resolve_percentages, "thrifty", False):
        return
    _everywhere(percent.resolve_percentages, _lengths(percent.resolve_percentages))
    _everywhere(percent.resolve_radii_percentages, _radii(percent.resolve_radii_percentages))
    _everywhere(lines.strut, _struts(lines.strut))
    asked = _fonts(lines)
    keep_lines(_everywhere, lambda style: _on(style, "asked_fonts", asked))
    shorten(_everywhere)
    _ask_once_what_flows()
    _show_what_holds_a_page()
    _spare_the_cascade()
    _number_pages_once()


def _everywhere(original: Any, replaced: Any) -> None:
    """Put a function in the place of another in all modules of the typesetter that took it by its name."""
    replaced.thrifty = True
    called: str = original.__name__
    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint") and getattr(module, called, None) is original:
            setattr(module, called, replaced)


def _on(style: Any, name: str, made: Callable[[Any], Any]) -> Any:
    """What ``made`` says of a style, kept on it; a style that cannot keep anything is asked each time."""
    kept = getattr(style, "__dict__", None)
    if kept is None:
        return made(style)
    if name not in kept:
        kept[name] = made(style)
    return kept[name]


def _plain(style: Any) -> Mapping[str, object] | None:
    """All lengths of a style in pixels or ``auto``; None where one of them depends on the box around."""
    if style["box_sizing"] != "content-box" or style["border_collapse"] == "collapse":
        return None
    found: dict[str, object] = {}
    for name in _LENGTHS:
        value = style[name]
        if value is not None and value != "auto":
            if getattr(value, "unit", None) != "px":
                return None
            value = value.value
        elif value == "auto" and name.startswith("min_"):
            value = 0
        found[name] = value
    for name in _BORDERS:
        found[name] = style[name]
    return found


def _ask_once_what_flows() -> None:
    """Whether a box stands in the flow of the text depends on its style alone."""
    from weasyprint.formatting_structure import boxes  # type: ignore[import-untyped]

    asked = boxes.Box.is_in_normal_flow

    def is_in_normal_flow(self: Any) -> bool:
        kept = self.style.__dict__
        flows: bool | None = kept.get("flows")
        if flows is None:
            flows = kept["flows"] = asked(self)
        return flows

    boxes.Box.is_in_normal_flow = is_in_normal_flow


def _show_what_holds_a_page() -> None:
    """Let a page know what holds its boxes together, so that :func:`let_go` can part them."""
    from weasyprint import document  # type: ignore[import-untyped]

    laid_out = document.layout_document

    def layout_document(html: Any, root_box: Any, context: Any, *arguments: Any) -> Any:
        html.context = context
        return laid_out(html, root_box, context, *arguments)

    document.layout_document = layout_document


def let_go(page: Any) -> None:
    """Part what a page that is done is made of: objects that hold each other are looked for one by one to be freed."""
    context = page.__dict__.pop("context", None)
    if context is not None:
        targets = context.target_collector
        targets.target_lookup_items.clear()
        targets.counter_lookup_items.clear()
        targets.__dict__.clear()
        context.__dict__.clear()


def _lengths(original: Any) -> Any:
    from weasyprint.formatting_structure import boxes

    def resolve_percentages(box: Any, containing_block: Any) -> None:
        plain = _on(box.style, "plain_lengths", _plain)
        if plain is None or isinstance(box, boxes.PageBox) or not isinstance(box, boxes.Box):
            original(box, containing_block)
        else:
            box.__dict__.update(plain)

    return resolve_percentages


def _spare_the_cascade() -> None:
    """Give what no rule names its initial or inherited value at once, instead of weighing rules that are not there."""
    from weasyprint import css

    weighed = css.ComputedStyle.__missing__
    initial = {
        name: value
        for name, value in css.INITIAL_VALUES.items()
        if name not in css.INITIAL_NOT_COMPUTED | css.INHERITED and name not in _OWN_RULES
    }
    inherited = {name for name in css.INHERITED if not name.startswith(_PROPAGATED)}
    logical = ("_block", "_inline", "_start", "_end")

    def named(style: Any) -> bool:
        return any(part in name for name in style.cascaded for part in logical)

    def missing(self: Any, key: str) -> Any:
        if key not in self.cascaded and self.parent_style is not None and not key.startswith(_PROPAGATED):
            if key in inherited:
                value = self[key] = self.parent_style[key]
                return value
            if key in initial and not _on(self, "names_logical", named):
                value = self[key] = initial[key]
                return value
        return weighed(self, key)

    css.ComputedStyle.__missing__ = missing


def _number_pages_once() -> None:
    """Write the numbers of all pages once, instead of for each tagged element."""
    import pydyf  # type: ignore[import-untyped]

    written = pydyf.PDF.page_references

    def page_references(self: Any) -> Any:
        found = getattr(self, "numbered", ())
        if len(found) * 3 != len(self.pages["Kids"]):
            found = self.numbered = written.fget(self)
        return found

    pydyf.PDF.page_references = property(page_references)


def _sharp(style: Any) -> Mapping[str, object] | None:
    return dict.fromkeys(_RADII, (0, 0)) if all(style[name] == _SHARP for name in _RADII) else None


def _radii(original: Any) -> Any:
    from weasyprint.formatting_structure import boxes

    def resolve_radii_percentages(box: Any) -> None:
        sharp = _on(box.style, "sharp_corners", _sharp)
        if sharp is None or not isinstance(box, boxes.Box):  # something that stands for a box
            original(box)
        else:
            box.__dict__.update(sharp)

    return resolve_radii_percentages


def _struts(original: Any) -> Any:
    def strut(style: Any) -> Any:
        return _on(style, "strut", original)

    return strut


def _fonts(lines: Any) -> Callable[[Any], tuple[Any, Any, Any] | None]:
    """What a style asks of Pango: a context, a font and a language; None where a line needs more than these."""
    from weasyprint.text.ffi import (  # type: ignore[import-untyped]
        ffi,
        gobject,
        pango,
        unicode_to_char_p,
    )
    from weasyprint.text.fonts import font_features  # type: ignore[import-untyped]

    variants = ("ligatures", "position", "caps", "numeric", "alternates", "east_asian")

    def asked(style: Any) -> tuple[Any, Any, Any] | None:
        features = font_features(
            style["font_kerning"], *(style[f"font_variant_{each}"] for each in variants), style["font_feature_settings"]
        )
        if features or style["text_decoration_line"] != "none" or style["font_language_override"] != "normal":
            return None
        context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
        pango.pango_context_set_round_glyph_positions(context, False)
        pango.pango_context_set_base_dir(context, lines.PANGO_DIRECTION[style["direction"]])
        if style["lang"]:
            name, _kept = unicode_to_char_p(style["lang"])
            language = pango.pango_language_from_string(name)
            pango.pango_context_set_language(context, language)
        else:
            language = pango.pango_language_get_default()
        return context, lines.get_font_description(style), language

    return asked
