"""``itti statistics uncertainty FILE…``: what other weights would make of a value, and of ranks."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from itti.commands.statistics.sheets import Sheets, Unfit, plain, sheets_of, take_sheets
from itti.commands.words import language, progress, words
from questionnaires.errors import Fault
from scoring import Answers, Plan, Scorecard, score

if TYPE_CHECKING:
    from scoring.uncertainty import Influence, Shift, Uncertainty

_MOST_DRAWS: Final = 100_000
_MOST_VALUES: Final = 20_000_000
"""Draws times members that are held in memory: some hundreds of megabytes."""

_RANKED: Final = 3
"""Members from which on ranks and their changes are told."""


class NoWeights(Fault):
    """In no node below the one asked for do weights decide."""

    code = "no-weights"
    room = "itti.commands"


def declare(verbs: Any) -> None:
    """Add the verb's words."""
    parser = verbs.add_parser(
        "uncertainty", help=words("statistics.uncertainty-help"), description=words("statistics.uncertainty-about")
    )
    take_sheets(parser, "statistics.uncertainty-files")
    parser.add_argument("--node", metavar="NODE", help=words("statistics.node"))
    noise = parser.add_mutually_exclusive_group()
    noise.add_argument("--share", type=float, default=0.25, metavar="SHARE", help=words("statistics.share"))
    noise.add_argument("--dirichlet", type=float, metavar="NUMBER", help=words("statistics.dirichlet"))
    parser.add_argument("--draws", type=int, default=1000, metavar="N", help=words("statistics.draws"))
    parser.add_argument("--seed", type=int, default=1, metavar="N", help=words("statistics.seed"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Intervals under other weights; of several sheets also ranks, influence and what each child decides."""
    from scoring.uncertainty import Noise, Shape, effective_weights, influences, uncertainty

    _check(options)
    shape, spread = (Shape.SHARE, options.share) if options.dirichlet is None else (Shape.DIRICHLET, options.dirichlet)
    noise = Noise(shape, spread, options.draws, options.seed)
    sheets = sheets_of(options)
    node = sheets.node(options.node)
    cohort = {name: each.answers for name, each in sheets.by_factory().items()}
    if options.draws * len(cohort) > _MOST_VALUES:
        raise Unfit(option="--draws", value=options.draws, allowed=f"1 … {_MOST_VALUES // len(cohort)}")
    with progress("statistics.drawing"):
        cards = {name: score(sheets.plan, answers) for name, answers in cohort.items()}
        found = uncertainty(sheets.plan, cohort, noise, node.id, cards=cards)
        if not found.varied:
            raise NoWeights(node=node.id)
        several = len(found.members) >= _RANKED
        influence = influences(sheets.plan, cohort, node.id, cards) if several else ()
        shifts = _left_out(sheets.plan, cohort, node.id, cards) if several else ()
    if options.json:
        data = {
            "questionnaire": sheets.definition.name,
            "digest": sheets.plan.digest,
            "uncertainty": plain(found),
            "effective_weights": plain(effective_weights(sheets.plan, node.id)),
            "influence": plain(influence),
            "left_out": plain(shifts),
        }
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return 0
    print("\n".join(_lines(sheets, found, influence, shifts)))
    return 0


def _check(options: argparse.Namespace) -> None:
    if not 0 <= options.share < 1:
        raise Unfit(option="--share", value=options.share, allowed="0 … 0.99")
    if options.dirichlet is not None and not 0.1 <= options.dirichlet <= 1e6:
        raise Unfit(option="--dirichlet", value=options.dirichlet, allowed="0.1 … 1000000")
    if not 1 <= options.draws <= _MOST_DRAWS:
        raise Unfit(option="--draws", value=options.draws, allowed=f"1 … {_MOST_DRAWS}")
    if options.seed < 0:
        raise Unfit(option="--seed", value=options.seed, allowed="≥ 0")


def _left_out(
    plan: Plan, cohort: Mapping[str, Answers], node: str, cards: Mapping[str, Scorecard]
) -> tuple[Shift, ...]:
    """Nothing where the node is one that can do without nothing."""
    from scoring.uncertainty import CannotLeaveOut, leave_one_out

    try:
        return leave_one_out(plan, cohort, node, cards=cards)
    except CannotLeaveOut:
        return ()


def _lines(
    sheets: Sheets, found: Uncertainty, influence: tuple[Influence, ...], shifts: tuple[Shift, ...]
) -> list[str]:
    texts = sheets.definition.words(language())

    def title(of: str) -> str:
        return texts.nodes[of].title if of in texts.nodes else texts.questions[of].title

    noise = found.noise
    lines = [
        words(
            f"statistics.uncertainty-{noise.shape.value}",
            node=title(found.of),
            questionnaire=sheets.definition.name,
            spread=f"{noise.spread * 100:g}" if noise.shape.value == "share" else f"{noise.spread:g}",
            draws=noise.draws,
            seed=noise.seed,
            count=len(found.varied),
        )
    ]
    for each in found.members:
        span = {"member": each.member, "value": each.value, "low": f"{each.low:.2f}", "high": f"{each.high:.2f}"}
        ranks = {"rank": each.rank, "rank_low": f"{each.rank_low:g}", "rank_high": f"{each.rank_high:g}"}
        lines.append(
            words("statistics.spread" if len(found.members) == 1 else "statistics.spread-ranked", **span, **ranks)
        )
        if each.without:
            lines.append(words("statistics.draws-without", count=each.without))
    if found.unscored:
        lines.append(words("statistics.unscored", members=", ".join(found.unscored)))
    if influence:
        lines.append(words("statistics.influence"))
        lines += [
            words(
                "statistics.influence-row",
                title=title(each.child),
                weight=f"{float(each.weight) * 100:.1f}",
                share="–" if each.variance_share is None else f"{float(each.variance_share) * 100:.1f}",
            )
            for each in influence
        ]
    if shifts:
        lines.append(words("statistics.left-out"))
        lines += [
            words("statistics.left-out-row", title=title(each.left_out), mean=f"{float(each.mean):.2f}", most=each.most)
            for each in shifts
        ]
    return lines
