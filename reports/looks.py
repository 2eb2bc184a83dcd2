"""How the elements of papers look, kept from one paper to the next in the same process.

The same style sheet says the same of an element in the same place: of the same kind, with the same class, below the
same elements. What it says is worked out for the first such element and kept, together with all that WeasyPrint 70.0
works out later from it (``thrift`` keeps it on the style). The bytes of a paper are the same with and without, whatever
was set before it; ``tests/reports/test_thrift.py`` holds that. The version is pinned.
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

TELLING: Final = ("class", "id", "dir", "lang", "style", "name", "width", "height")
"""The attributes by which our sheets, or the typesetter by itself, tell elements apart."""

MOST: Final = 6000
"""Elements of so many kinds are kept for one sheet; a paper has a few hundred."""

_DRAWING: Final = "{http://www.w3.org/2000/svg}svg"
_numbers: Final = count(1)


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How one kind of element looks."""

    number: int
    style: Any
    parts: tuple[tuple[str, Any], ...]
    """What it has before or after it, by name, and how that looks."""

    anchor: str | None
    """The name by which other places of the paper point to it."""


@dataclass(slots=True)
class Looks:
    """All that is kept of one style sheet."""

    known: dict[tuple[object, ...], Look] = field(default_factory=dict)
    styles: dict[tuple[object, ...], Any] = field(default_factory=dict)
    page_sizes: dict[str, Any] = field(default_factory=lambda: {"box": None, "area": None})

    def room(self) -> None:
        """Forget all, if it has become too much."""
        if len(self.known) > MOST:
            self.known.clear()
            self.styles.clear()


def number_of(style: Any) -> int | None:
    """The number of a style that is kept, different from that of every other; None: this one ends with its paper."""
    kept: dict[str, Any] = style.__dict__
    if "number" not in kept:
        above = getattr(style, "parent_style", None)
        lasts = above is not None and above.__dict__.get("anonymous_style") is style and number_of(above) is not None
        kept["number"] = next(_numbers) if lasts else None
    number: int | None = kept["number"]
    return number


def keep() -> None:
    """Let pages that carry :class:`Looks` (as ``looks``) use what is kept; once a process."""
    from weasyprint import css  # type: ignore[import-untyped]

    css.StyleFor = type("Kept", (_Dressing, css.StyleFor), {})


class _Dressing:
    """The styles of one page; stands before the class of WeasyPrint."""

    def __init__(self, html: Any, sheets: Any, presentational_hints: Any, font_config: Any, targets: Any) -> None:
        looks = getattr(html, "looks", None)
        if looks is None:
            super().__init__(html, sheets, presentational_hints, font_config, targets)  # type: ignore[call-arg]
            return
        looks.room()
        self._cascaded_styles: dict[Any, Any] = {}
        self._computed_styles: dict[Any, Any] = {}
        self._sheets, self.font_config = sheets, font_config
        self.initial_page_sizes = looks.page_sizes
        self._looks, self._html, self._targets = looks, html, targets
        self._dress(html.etree_element, 0, None, [], last=True)
        self._cascaded_styles.clear()
        del self._html, self._targets

    def _dress(self, element: Any, above: int, before: Any, way: list[Any], *, last: bool) -> None:
        """Find the look of an element, and of all in it; ``way`` are the elements above it."""
        kind = (above, before, last, element.tag, *map(element.get, TELLING))
        look = self._looks.known.get(kind)
        if look is None:
            look = self._looks.known[kind] = self._new(element, way)
        elif look.anchor:
            self._targets.collect_anchor(look.anchor)
        styles = self._computed_styles
        styles[element, None] = look.style
        for name, style in look.parts:
            styles[element, name] = style
        if element.tag == _DRAWING:  # it is drawn by rules of its own: no boxes for what is in it
            self._dress_drawing(element)
            return
        way.append(element)
        earlier, remaining = None, len(element)
        for child in element:
            remaining -= 1
            self._dress(child, look.number, earlier, way, last=not remaining)
            earlier = (child.tag, child.get("class"), child.get("id"))
        way.pop()

    def _dress_drawing(self, drawing: Any) -> None:
        for child in drawing:
            if (unseen := self._looks.styles.get(())) is None:
                unseen = self._made(child, None, drawing, {None: {"display": (("none",), (0, 0, (0, 0, 0)))}})
                self._looks.styles[()] = unseen
            self._computed_styles[child, None] = unseen

    def _new(self, element: Any, way: list[Any]) -> Look:
        above = way[-1] if way else None
        cascaded: dict[str | None, dict[str, Any]] = {}
        own = self._declared(element, cascaded)
        matched, wrapped = [], self._wrapped(element, way)
        for sheet, origin, sheet_specificity in self._sheets:
            for specificity, _order, part, (declarations, layer) in sheet.matcher.match(wrapped):
                place = float("inf") if layer is None else sheet.layers.index(layer)
                matched.append((id(sheet), specificity, part, id(declarations), place))
                _weigh(cascaded.setdefault(part, {}), declarations, origin, place, sheet_specificity or specificity)
        key = (above is None or id(self._computed_styles[above, None]), own, tuple(matched))
        if (style := self._looks.styles.get(key)) is None:
            style = self._made(element, None, above, cascaded)
            style.__dict__["number"] = next(_numbers)
            self._looks.styles[key] = style
        elif style["anchor"]:
            self._targets.collect_anchor(style["anchor"])
        self._computed_styles[element, None] = style
        parts = []
        for part in filter(None, cascaded):
            if (other := self._looks.styles.get((*key, part))) is None:
                other = self._looks.styles[*key, part] = self._made(element, part, element, cascaded)
                other.__dict__["number"] = next(_numbers)
            parts.append((part, other))
        return Look(next(_numbers), style, tuple(parts), style["anchor"])

    def _made(self, element: Any, part: str | None, above: Any, cascaded: Any) -> Any:
        html = self._html
        self._cascaded_styles[element, part] = cascaded.get(part, {})
        self.set_computed_styles(  # type: ignore[attr-defined]
            element, above, html.etree_element, part, base_url=html.base_url, target_collector=self._targets
        )
        return self._computed_styles[element, part]

    def _declared(self, element: Any, cascaded: dict[str | None, dict[str, Any]]) -> tuple[object, ...]:
        """Weigh what the element itself says of its look; returns what that was."""
        from weasyprint import css

        for specificity, _element, declarations, base_url in css.find_style_attributes(_Alone(element)):
            ready = css.preprocess_declarations(base_url, declarations)
            _weigh(cascaded.setdefault(None, {}), ready, "author", float("inf"), specificity)
        return (element.tag == _DRAWING, *map(element.get, TELLING[1:]))

    def _wrapped(self, element: Any, way: list[Any]) -> Any:
        """The element as selectors are matched against it."""
        found = self._html.wrapper_element
        for each in (*way[1:], element) if way else ():
            found = next(child for child in found.iter_children() if child.etree_element is each)
        return found


def _weigh(style: dict[str, Any], declarations: Any, origin: str, place: float, specificity: Any) -> None:
    from weasyprint import css

    for name, values, important in declarations:
        weight = (css.declaration_precedence(origin, important), place, specificity)
        if name not in style or style[name][1] <= weight:
            style[name] = values, weight


@dataclass(frozen=True, slots=True)
class _Alone:
    """One element, for what asks for a tree."""

    element: Any

    def iter(self) -> Iterable[Any]:
        return iter((self.element,))
