"""The frame of every drawing: title, description, direction and colours, filled by a template."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Final

from markupsafe import Markup

from questionnaires import wording
from reports.palette import STANDARD, Palette
from reports.radar import SIZE
from reports.templating import environment

_MARK: Final = re.compile(r"chart-[0-9a-f]{10}(?=-title)")


def drawn(  # noqa: PLR0913 - each is a part of a drawing
    kind: str,
    language: str,
    *,
    title: str,
    description: str,
    box: tuple[float, ...],
    colours: Palette = STANDARD,
    **parts: Any,
) -> Markup:
    """A drawing as inline SVG.

    Args:
        kind: the template (``charts/<kind>.svg.j2``).
        language: ``en`` or ``ar``.
        title: what it is; read out in place of the drawing.
        description: the same in words, with every value; empty where the title says it all.
        box: left, top, width and height in units of the drawing.
        colours: the look.
        parts: whatever the template needs besides.
    """
    mark = hashlib.sha256(repr((kind, language, title, description)).encode()).hexdigest()[:10]
    rtl = language in wording.RIGHT_TO_LEFT
    text = (
        environment()
        .get_template(f"charts/{kind}.svg.j2")
        .render(
            id=f"chart-{mark}",
            kind=kind,
            title=title,
            description=description,
            box=box,
            width=box[2],
            rtl=rtl,
            direction="rtl" if rtl else "ltr",
            size=SIZE,
            ramp=colours.ramp,
            ramp_ink=colours.ramp_ink,
            colour=colours,
            say=lambda key, **details: wording.say("reports", key, language, **details),
            **parts,
        )
    )
    return Markup(text)  # noqa: S704 - made by our own autoescaped templates


class Once:
    """Keeps ids apart on one page: the same drawing may stand there twice, the same id may not."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def __call__(self, drawing: Markup) -> Markup:
        """``drawing`` as it stands on the page: with ids that no drawing before it has."""
        found = _MARK.search(drawing)
        if found is None:
            return drawing
        mark = found[0]
        count = self._seen[mark] = self._seen.get(mark, 0) + 1
        return drawing if count == 1 else Markup(str(drawing).replace(mark, f"{mark}-{count}"))  # noqa: S704 - as above
