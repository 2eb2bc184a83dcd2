"""``itti statistics agreement FILE…``: how far assessors agree who rated the same factories."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from itti.commands.statistics.sheets import Given, Sheets, plain, sheets_of, take_sheets
from itti.commands.words import words
from questionnaires.errors import Fault
from questionnaires.model import LevelQuestion
from scoring import Answer, LevelAnswer, NotApplicableAnswer

if TYPE_CHECKING:
    from scoring.agreement import Estimate, Leniency, Ratings


class SameAssessorTwice(Fault):
    """Two sheets of one assessor on the same factory."""

    code = "same-assessor-twice"
    room = "itti.commands"


@dataclass(frozen=True, slots=True)
class _Agreed:
    """The coefficients of one kind of answers."""

    scale: tuple[int, int] | None
    """The levels there are; None: answers that have no order."""

    rated: int
    """Questions of a factory that at least two assessors answered."""

    figures: dict[str, Estimate]
    leniencies: tuple[Leniency, ...] = ()


def declare(verbs: Any) -> None:
    """Add the verb's words."""
    parser = verbs.add_parser(
        "agreement", help=words("statistics.agreement-help"), description=words("statistics.agreement-about")
    )
    take_sheets(parser, "statistics.agreement-files")
    parser.add_argument("--common", type=int, default=10, metavar="N", help=words("statistics.common"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Every coefficient that the sheets allow, and every assessor's leniency."""
    from scoring.agreement import TooFewRaters

    sheets = sheets_of(options)
    _check(sheets.given)
    raters = {each.assessor for each in sheets.given}
    if len(raters) < 2:
        raise TooFewRaters(count=len(raters))
    scales = sorted({(q.lowest, q.highest) for q in sheets.definition.questions if isinstance(q, LevelQuestion)})
    found = [_levels(sheets, scale, options.common) for scale in scales]
    found += [_unordered(sheets, "applies", _applies(sheets)), _unordered(sheets, "others", _other(sheets))]
    found = [each for each in found if each.rated]
    if options.json:
        print(
            json.dumps(
                {"questionnaire": sheets.definition.name, "agreement": plain(found)}, ensure_ascii=False, indent=2
            )
        )
        return 0
    factories = len({each.factory for each in sheets.given})
    name = sheets.definition.name
    print(words("statistics.agreement-of", raters=len(raters), factories=factories, questionnaire=name))
    print("\n".join(line for each in found for line in _lines(each)))
    return 0


def _check(given: Iterable[Given]) -> None:
    seen: dict[tuple[str, str], Given] = {}
    for each in given:
        other = seen.setdefault((each.assessor, each.factory), each)
        if other is not each:
            raise SameAssessorTwice(
                assessor=each.assessor, factory=each.factory, first=str(other.path), second=str(each.path)
            )


def _ratings(sheets: Sheets, of: Callable[[str, Answer], Fraction | None]) -> Ratings:
    """Assessor → factory and question → what ``of`` makes of the answer, where it makes anything of it."""
    found: dict[str, dict[str, Fraction]] = {}
    for each in sheets.given:
        own = found.setdefault(each.assessor, {})
        for question, answer in each.answers.items():
            if (rating := of(question, answer)) is not None:
                own[f"{each.factory}/{question}"] = rating
    return found


def _shared(ratings: Ratings) -> int:
    from scoring.agreement import units_of

    return sum(len(given) > 1 for given in units_of(ratings).values())


def _levels(sheets: Sheets, scale: tuple[int, int], common: int) -> _Agreed:
    """All coefficients, over the level questions of one scale."""
    from scoring import agreement as by

    asked = {
        question.id
        for question in sheets.definition.questions
        if isinstance(question, LevelQuestion) and (question.lowest, question.highest) == scale
    }
    ratings = _ratings(
        sheets,
        lambda question, answer: (
            Fraction(answer.level) if question in asked and isinstance(answer, LevelAnswer) else None
        ),
    )
    rated = _shared(ratings)
    if not rated:
        return _Agreed(scale, 0, {})
    levels = [Fraction(level) for level in range(scale[0], scale[1] + 1)]
    counts = by.counts_of(ratings, levels)
    figures: dict[str, Estimate] = {"raw": by.raw_agreement(counts)}
    if len(ratings) == 2:
        first, second = (ratings[rater] for rater in sorted(ratings))
        table = by.table_of(first, second, levels)
        figures |= {f"kappa-{each.value}": by.cohen_kappa(table, each) for each in by.Weighting}
    else:
        figures["fleiss"] = by.fleiss_kappa(counts)
    figures |= {"randolph": by.randolph_kappa(counts), "alpha": by.krippendorff_alpha(ratings, by.Scale.ORDINAL)}
    correlations = by.intraclass_correlations(ratings)
    figures["icc-agreement"] = correlations[by.IntraclassForm.AGREEMENT]
    figures["icc-consistency"] = correlations[by.IntraclassForm.CONSISTENCY]
    return _Agreed(
        scale, rated, figures, by.leniencies(ratings, common, visit=lambda subject: subject.rpartition("/")[0])
    )


def _unordered(sheets: Sheets, name: str, of: Callable[[str, Answer], Fraction | None]) -> _Agreed:
    """Raw agreement alone: what differs from question to question has no common chance to agree."""
    from scoring.agreement import counts_of, raw_agreement

    ratings = _ratings(sheets, of)
    rated = _shared(ratings)
    return _Agreed(None, rated, {name: raw_agreement(counts_of(ratings))} if rated else {})


def _applies(sheets: Sheets) -> Callable[[str, Answer], Fraction | None]:
    """Whether a question was said to apply, of those that need not."""
    optional = {question.id for question in sheets.plan.questions if question.may_not_apply}
    return lambda question, answer: Fraction(isinstance(answer, NotApplicableAnswer)) if question in optional else None


def _other(sheets: Sheets) -> Callable[[str, Answer], Fraction | None]:
    """A number for each different answer to a question without levels."""
    known: dict[str, Fraction] = {}
    levels = {each.id for each in sheets.definition.questions if isinstance(each, LevelQuestion)}

    def of(question: str, answer: Answer) -> Fraction | None:
        if question in levels or isinstance(answer, NotApplicableAnswer):
            return None
        return known.setdefault(answer.text, Fraction(len(known)))

    return of


def _lines(agreed: _Agreed) -> Sequence[str]:
    if agreed.scale is not None:
        low, high = agreed.scale
        lines = [words("statistics.levels", low=low, high=high, count=agreed.rated)]
    else:
        lines = [words("statistics.answers", count=agreed.rated)]
    lines += [figure(words(f"statistics.name-{name}"), estimate) for name, estimate in agreed.figures.items()]
    if agreed.leniencies:
        lines.append(words("statistics.leniency"))
    for each in agreed.leniencies:
        if each.difference.value is None:
            lines.append(words("statistics.lenient-few", rater=each.rater, common=each.common))
            continue
        plainly, adjusted = _span(each.difference, "+.2f"), _span(each.adjusted, "+.2f")
        lines.append(
            words("statistics.lenient", rater=each.rater, difference=plainly, adjusted=adjusted, common=each.common)
        )
    return [*lines, ""]


def figure(name: str, estimate: Estimate) -> str:
    """One coefficient on a line: with its interval, or why there is none."""
    if estimate.value is None:
        return words("statistics.figure-none", name=name, why=words(f"statistics.why-{estimate.why.value}"))
    return words("statistics.figure", name=name, value=_span(estimate, ".2f"))


def _span(estimate: Estimate, form: str) -> str:
    if estimate.value is None:
        return "–"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:{form}}"
    return words(
        "statistics.span",
        value=f"{estimate.value:{form}}",
        low=f"{estimate.low:{form}}",
        high=f"{estimate.high:{form}}",
    )
