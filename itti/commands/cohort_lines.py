"""What a cohort came to, as lines for the terminal: figures, ranks and places, sums."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from itti.commands.words import language, words
from questionnaires import wording
from questionnaires.model import (
    CohortFigure,
    Definition,
    QuestionText,
    Ranking,
    Rounding,
    RoundingMode,
    Statistic,
    Texts,
)
from questionnaires.stages import figures_below
from scoring.aggregate import FIRST_BITS
from scoring.answers import decimal_text
from scoring.cohort import Group, Placed
from scoring.enclosure import point, root
from scoring.figures import CohortFigures, GroupFigure, TakenFigure
from scoring.ranking import Among
from scoring.rounding import stated


def figure_lines(definition: Definition, texts: Texts, figures: CohortFigures) -> list[str]:
    """Every figure, and that of each group where it is taken by groups."""
    lines, below = [words("cohort.figures")], figures_below(definition)
    for declared, each in zip(definition.cohort_figures, figures.figures, strict=True):
        unit = "" if declared.figure is Statistic.COUNT else _unit(definition, declared.of)
        line = _taken(words("cohort.figure", title=texts.figures[each.id].title, **_said(each, unit)), each)
        if below[each.id]:
            names = wording.say("reports", "list.separator", language()).join(
                texts.figures[name].title for name in below[each.id]
            )
            line = f"{line} {words('cohort.after', figures=names)}"
        lines.append(line)
        lines += [_of_group(declared, texts, group, unit) for group in each.groups]
    return [*lines, ""]


def _said(figure: TakenFigure, unit: str) -> dict[str, object]:
    shown = [_written(figure), *([unit] if unit and figure.value is not None else [])]
    return {"value": " ".join(shown), "count": figure.counted}


def _taken(line: str, figure: TakenFigure) -> str:
    """A line on a figure; where it is taken of a part, of how many."""
    return line if figure.part is None else f"{line} {words('cohort.part', count=figure.part)}"


def _of_group(declared: CohortFigure, texts: Texts, group: GroupFigure, unit: str) -> str:
    """The line of one group, with those who stand in for it where it has too few members."""
    title = group_words(texts, declared.by, group.by)
    line = _taken(words("cohort.group-figure", title=title, **_said(group, unit)), group)
    if group.over is None:
        return f"{line} {words('cohort.too-few', least=declared.least_members)}"
    if group.over == group.by:
        return line
    return f"{line} {words('cohort.wider', over=group_words(texts, declared.by, group.over))}"


def group_words(texts: Texts, by: Sequence[str], group: Sequence[str | None]) -> str:
    """A group by what its members answer; the whole cohort, where they share nothing."""
    found = [_fact_words(texts, of, answer) for of, answer in zip(by, group, strict=False)]
    return " · ".join(found) or words("cohort.everybody")


def _fact_words(texts: Texts, of: str, key: str | None) -> str:
    """An answer, or the band or class of a node."""
    if of not in texts.nodes:
        return _answer_words(texts.questions[of], key)
    return words("cohort.no-class", title=texts.nodes[of].title) if key is None else texts.bands[key].title


def _answer_words(question: QuestionText, answer: str | None) -> str:
    if answer is None:
        return words("cohort.no-answer", title=question.title)
    if answer in question.options:
        return question.options[answer].name
    return (
        question.levels[answer].name if answer in question.levels else f"{question.title}: {words(f'cohort.{answer}')}"
    )


def _written(figure: TakenFigure) -> str:
    """The exact value, and behind it the first decimals where it is none that people read."""
    number = figure.number
    if figure.square is not None:
        enclosed = root(point(figure.square), 2, FIRST_BITS)
        number = None if enclosed is None else enclosed.low
    if figure.value is None or number is None:
        return "–"
    return _with_decimals(number, decimal_text(number) if figure.number is not None else figure.value)


def _with_decimals(number: Fraction, exact: str) -> str:
    return exact if "/" not in exact else f"{exact} ≈ {stated(number, _READ)}"


_READ: Final = Rounding(places=6, mode=RoundingMode.HALF_UP)


def ranking_lines(definition: Definition, texts: Texts, name: str, placed: Sequence[Placed]) -> list[str]:
    """Everybody's rank; by facts, below the group that each belongs to."""
    rule = next(each for each in definition.rankings if each.id == name)
    lines = [texts.groups[name].title]
    before: Among | None = None
    for each in placed:
        if each.among is not None and each.among != before:
            lines.append(_compared(texts, rule, each.among))
        elif each.among is None and before is not None:
            lines.append("  " + words("cohort.no-part"))
        before = each.among
        place = texts.groups[each.place].title if each.place else words("cohort.no-place")
        rank_text = "–" if each.rank is None else str(each.rank)
        line = words("cohort.row", rank=rank_text, member=each.member, value=_shown(each.value), place=place)
        tied = words(f"cohort.{rule.ties.value}", members=", ".join(each.tied)) if each.tied else ""
        lines.append(f"{line} {tied}".rstrip())
    return [*lines, ""]


def _compared(texts: Texts, rule: Ranking, among: Among) -> str:
    """The heading of a group: who it is, how many are compared, and who stands in where there are too few."""
    key = "cohort.among" if among.over is not None else "cohort.taking-part"
    line = words(key, group=group_words(texts, rule.by, among.group), count=among.members)
    if among.over is None:
        reason = "cohort.without-group" if None in among.group else "cohort.too-few"
        return f"{line} {words(reason, least=rule.least_members)}"
    if among.over == among.group:
        return line
    return f"{line} {words('cohort.wider', over=group_words(texts, rule.by, among.over))}"


def _shown(exact: str | None) -> str:
    """The ranked value as people write it: a decimal where it is one, and the first of them where it is none."""
    if exact is None:
        return "–"
    return exact if "…" in exact else _with_decimals(Fraction(exact), decimal_text(Fraction(exact)))


def _title(texts: Texts, of: str) -> str:
    return texts.nodes[of].title if of in texts.nodes else texts.questions[of].title


def roll_up_lines(definition: Definition, texts: Texts, name: str, groups: Sequence[Group]) -> list[str]:
    """The sums of every group, and what they lack."""
    rule = next(each for each in definition.roll_ups if each.id == name)
    lines = [texts.groups[name].title]
    for group in groups:
        if rule.by is not None:
            options = texts.questions[rule.by].options
            lines.append(options[group.by].name if group.by else words("cohort.no-group"))
        for each in group.sums:
            unit = _unit(definition, each.of)
            lines.append(
                words(
                    "cohort.sum",
                    title=_title(texts, each.of),
                    value=each.value or "–",
                    unit=unit,
                    count=len(each.counted),
                )
            )
            if each.without:
                lines.append(words("cohort.without", members=", ".join(each.without)))
            for why, members in each.left_out.items():
                lines.append(words("cohort.left-out", title=texts.groups[why].title, members=", ".join(members)))
        for difference in group.differing:
            told = "; ".join(f"{answer}: {', '.join(members)}" for answer, members in difference.answers.items())
            lines.append(words("cohort.differing", title=_title(texts, difference.of), answers=told))
    return [*lines, ""]


def _unit(definition: Definition, of: str) -> str:
    thing = definition.node(of) or definition.question(of)
    return getattr(thing, "unit", None) or ""
