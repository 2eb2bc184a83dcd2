"""Charts as inline SVG, the same on a page and on paper."""

from __future__ import annotations

from markupsafe import Markup

from questionnaires.model import Definition
from scoring.scorecard import Scorecard


def radar(definition: Definition, scorecard: Scorecard, language: str) -> Markup:
    """All dimensions as spokes, grouped by category."""
    return Markup("<svg></svg>")


def bars(definition: Definition, scorecard: Scorecard, language: str, node: str | None = None) -> Markup:
    """One bar a category, or with ``node`` one bar a child of that node."""
    return Markup("<svg></svg>")


def heat(definition: Definition, scorecard: Scorecard, language: str) -> Markup:
    """Categories as rows, their dimensions as cells."""
    return Markup("<svg></svg>")


def gauge(definition: Definition, scorecard: Scorecard, language: str, node: str | None = None) -> Markup:
    """The bands of the headline (or of ``node``) as a strip with the value marked."""
    return Markup("<svg></svg>")
