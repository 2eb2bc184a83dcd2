"""``itti statistics weights FILE``: weights from comparisons two by two, or from data."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from itti.commands.statistics.sheets import Unfit, plain
from itti.commands.words import words
from questionnaires.errors import Fault
from questionnaires.loading import fit, read_file
from questionnaires.mistakes import Mistaken
from questionnaires.words import Exact, Word
from scoring.answers import decimal_text

if TYPE_CHECKING:
    from scoring.weighting import Judgement, Priorities

_METHODS: Final = ("entropy", "variation", "angle", "critic", "merec", "cilos", "idocriw")
_INDEXES: Final = ("saaty", "donegan-dodd")

Names = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=64)], ...], Field(min_length=1, max_length=100)]


class NeitherOrBoth(Fault):
    """A file of weights holds neither comparisons nor data, or both."""

    code = "neither-or-both"
    room = "itti.commands"


class Criteria(Word):
    """Criteria with comparisons of them two by two (``matrix``), or with the values of units in them (``rows``)."""

    names: Names
    matrix: tuple[tuple[Exact, ...], ...] | None = None
    below: Mapping[str, Criteria] = {}
    """Criterion → its own criteria, or the alternatives compared with regard to it."""

    rows: tuple[tuple[Exact, ...], ...] | None = None
    less_is_better: tuple[str, ...] = ()


def declare(verbs: Any) -> None:
    """Add the verb's words."""
    parser = verbs.add_parser(
        "weights", help=words("statistics.weights-help"), description=words("statistics.weights-about")
    )
    parser.add_argument("file", type=Path, metavar="FILE", help=words("statistics.weights-file"))
    parser.add_argument("--method", choices=_METHODS, help=words("statistics.method"))
    parser.add_argument("--random-index", choices=_INDEXES, default="saaty", help=words("statistics.random-index"))
    parser.add_argument("--places", type=int, default=3, metavar="N", help=words("statistics.places"))
    parser.add_argument("--json", action="store_true", help=words("statistics.json"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Weights that add up to one; 1 where comparisons contradict each other too much."""
    if not 0 <= options.places <= 9:
        raise Unfit(option="--places", value=options.places, allowed="0 … 9")
    document = read_file(options.file)
    criteria = fit(Criteria, document)
    if criteria is None or document.mistakes:
        raise Mistaken(document.mistakes)
    if (criteria.matrix is None) == (criteria.rows is None):
        raise NeitherOrBoth(file=str(options.file))
    return _judged(criteria, options) if criteria.matrix is not None else _measured(criteria, options)


def _judged(criteria: Criteria, options: argparse.Namespace) -> int:
    from scoring.weighting import RandomIndex, priorities, spread
    from scoring.weighting.priorities import CONSISTENT

    found = priorities(_judgement(criteria, str(options.file)), RandomIndex(options.random_index))
    ends = spread(found)
    ratios = _ratios(found)
    rounded = _rounded(ends, options.places)
    if options.json:
        print(
            json.dumps(
                {
                    "method": "ahp",
                    "weights": plain(rounded),
                    "exact": ends,
                    "consistency_ratios": ratios,
                    "tree": plain(found),
                },
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        print("\n".join([*_weight_lines(words("statistics.method-ahp"), rounded), *_ratio_lines(ratios)]))
    return 1 if any(ratio > CONSISTENT for ratio in ratios.values()) else 0


def _judgement(criteria: Criteria, file: str) -> Judgement:
    from scoring.weighting import Judgement

    if criteria.matrix is None or criteria.rows is not None:
        raise NeitherOrBoth(file=file)
    below = {name: _judgement(inner, file) for name, inner in criteria.below.items()}
    return Judgement(criteria.names, criteria.matrix, below)


def _ratios(found: Priorities, name: str = "") -> dict[str, float]:
    """Path of each matrix (``/experience``) → its consistency ratio."""
    own = {name or "/": found.consistency_ratio}
    for child, inner in found.below.items():
        own |= _ratios(inner, f"{name}/{child}")
    return own


def _ratio_lines(ratios: Mapping[str, float]) -> list[str]:
    from scoring.weighting.priorities import CONSISTENT

    return [
        words(
            "statistics.consistent" if ratio <= CONSISTENT else "statistics.inconsistent", of=of, ratio=f"{ratio:.3f}"
        )
        for of, ratio in ratios.items()
    ]


def _measured(criteria: Criteria, options: argparse.Namespace) -> int:
    """By one method, or by all that can take these data side by side."""
    from scoring.weighting import Method, NoDifference, UnfitData, objective_weights

    if strangers := sorted({*criteria.less_is_better, *criteria.below} - set(criteria.names)):
        raise Unfit(option="less_is_better", value=strangers[0], allowed=", ".join(criteria.names))
    directions = [name not in criteria.less_is_better for name in criteria.names]
    found: dict[str, dict[str, Fraction]] = {}
    rows = criteria.rows or ()
    for method in [options.method] if options.method else _METHODS:
        try:
            raw = objective_weights(rows, Method(method), directions)
        except (NoDifference, UnfitData):
            if options.method:
                raise
            continue
        found[method] = _rounded(dict(zip(criteria.names, raw, strict=True)), options.places)
    if not found:
        raise NoDifference
    if options.json:
        print(json.dumps(plain(found), ensure_ascii=False, indent=2))
        return 0
    for method, weights in found.items():
        print("\n".join(_weight_lines(words(f"statistics.method-{method}"), weights)))
    return 0


def _rounded(weights: Mapping[str, float], places: int) -> dict[str, Fraction]:
    from scoring.weighting import rounded_to_one

    return dict(zip(weights, rounded_to_one(list(weights.values()), places), strict=True))


def _weight_lines(title: str, weights: Mapping[str, Fraction]) -> list[str]:
    """Ready to be pasted into a definition."""
    lines = [title]
    for name, weight in weights.items():
        lines.append(f"  - {{of: {name}, weight: {decimal_text(weight)}}}")
    if any(not weight for weight in weights.values()):
        lines.append(words("statistics.weightless"))
    return lines
