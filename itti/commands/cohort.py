"""``itti cohort FILE…``: figures, places and sums over the answers of many, without a database."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from itti.acts import now
from itti.commands.files import PlacedAnswers, sheet_from, write
from itti.commands.score import definition_for
from itti.commands.words import language, words
from questionnaires.errors import Fault
from questionnaires.model import Definition, Rounding, RoundingMode, Statistic, Texts
from scoring import Answers, CohortFigures, compile_plan
from scoring.aggregate import FIRST_BITS
from scoring.answers import decimal_text
from scoring.cohort import Group, Placed, rank, roll_up
from scoring.enclosure import point, root
from scoring.errors import AnswersRefused
from scoring.figures import FigureValue
from scoring.plan import Plan
from scoring.rounding import stated
from scoring.sample import figures_of


class SeveralQuestionnaires(Fault):
    """The files answer different questionnaires or versions."""

    code = "several-questionnaires"
    room = "itti.commands"


class NoCohortRules(Fault):
    """The questionnaire declares neither figures of a cohort nor rankings nor roll-ups."""

    code = "no-cohort-rules"
    room = "itti.commands"


def declare(commands: Any) -> None:
    """Add the command's words."""
    parser = commands.add_parser("cohort", help=words("cohort.help"), description=words("cohort.about"))
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help=words("cohort.files"))
    parser.add_argument("--definition", type=Path, metavar="FOLDER", help=words("score.definition"))
    parser.add_argument("--figures", type=Path, metavar="OUT.json", help=words("cohort.write"))
    parser.add_argument("--json", action="store_true", help=words("cohort.json"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Every figure, ranking and roll-up that the questionnaire declares, over all files."""
    definition, cohort = _cohort(options.files, options.definition)
    if not (definition.rankings or definition.roll_ups or definition.cohort_figures):
        raise NoCohortRules(questionnaire=definition.name)
    plan = compile_plan(definition)
    figures = figures_of(definition, plan, cohort, now().date())
    if definition.cohort_figures:
        plan = compile_plan(definition, figures)
    if options.figures is not None:
        write(options.figures, figures.to_json() + b"\n")
    places = {ranking.id: rank(definition, plan, ranking.id, cohort) for ranking in definition.rankings}
    sums = {each.id: roll_up(definition, plan, each.id, cohort) for each in definition.roll_ups}
    if options.json:
        data = _data(definition, plan, places, sums)
        data["figures"] = {figure.id: figure.model_dump(exclude={"id"}) for figure in figures.figures}
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return 0
    texts = definition.words(language())
    if figures.figures:
        print("\n".join(_figures(definition, texts, figures)))
    for name, placed in places.items():
        print("\n".join(_ranking(texts, name, placed)))
    for name, groups in sums.items():
        print("\n".join(_roll_up(definition, texts, name, groups)))
    return 0


def _cohort(files: Sequence[Path], folder: Path | None) -> tuple[Definition, dict[str, Answers]]:
    """The questionnaire that all files answer, and each file's answers under its factory's (or its own) name.

    Raises:
        SeveralQuestionnaires: not all of them answer the same one.
        PlacedAnswers: answers that cannot be scored.
    """
    first: Definition | None = None
    cohort: dict[str, Answers] = {}
    for path in files:
        sheet, document = sheet_from(path)
        definition = definition_for(sheet, folder)
        first = first or definition
        if definition.name != first.name:
            raise SeveralQuestionnaires(file=str(path), found=definition.name, expected=first.name)
        try:
            given = sheet.checked(compile_plan(definition))
        except AnswersRefused as refused:
            raise PlacedAnswers(refused, document) from refused
        name = sheet.factory.name if sheet.factory else path.stem
        cohort[name if name not in cohort else f"{name} ({path.name})"] = given
    if first is None:
        raise TypeError("no files")
    return first, cohort


def _figures(definition: Definition, texts: Texts, figures: CohortFigures) -> list[str]:
    lines = [words("cohort.figures")]
    for declared, each in zip(definition.cohort_figures, figures.figures, strict=True):
        unit = "" if declared.figure is Statistic.COUNT else _unit(definition, declared.of)
        title, value = texts.figures[each.id].title, _written(each)
        lines.append(words("cohort.figure", title=title, value=value, unit=unit, count=each.counted))
    return [*lines, ""]


def _written(figure: FigureValue) -> str:
    """The exact value, and behind it the first decimals where it is none that people read."""
    number = figure.number
    if figure.square is not None:
        enclosed = root(point(figure.square), 2, FIRST_BITS)
        number = None if enclosed is None else enclosed.low
    if figure.value is None or number is None:
        return "–"
    exact = decimal_text(number) if figure.number is not None else figure.value
    return exact if "/" not in exact else f"{exact} ≈ {stated(number, _READ)}"


_READ: Final = Rounding(places=6, mode=RoundingMode.HALF_UP)


def _ranking(texts: Texts, name: str, placed: Sequence[Placed]) -> list[str]:
    lines = [texts.groups[name].title]
    for each in placed:
        place = texts.groups[each.place].title if each.place else words("cohort.no-place")
        rank_text = "–" if each.rank is None else str(each.rank)
        lines.append(words("cohort.row", rank=rank_text, member=each.member, value=_shown(each.value), place=place))
    return [*lines, ""]


def _shown(exact: str | None) -> str:
    """The ranked value as people write it: a decimal where it is one."""
    if exact is None:
        return "–"
    return exact if "…" in exact else decimal_text(Fraction(exact))


def _title(texts: Texts, of: str) -> str:
    return texts.nodes[of].title if of in texts.nodes else texts.questions[of].title


def _roll_up(definition: Definition, texts: Texts, name: str, groups: Sequence[Group]) -> list[str]:
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


def _data(
    definition: Definition,
    plan: Plan,
    places: Mapping[str, Sequence[Placed]],
    sums: Mapping[str, Sequence[Group]],
) -> dict[str, object]:
    return {
        "family": definition.family,
        "version": definition.version,
        "digest": plan.digest,
        "rankings": {
            name: [
                {"member": each.member, "value": each.value, "rank": each.rank, "place": each.place} for each in placed
            ]
            for name, placed in places.items()
        },
        "roll_ups": {
            name: [
                {
                    "group": group.by,
                    "sums": [
                        {
                            "of": each.of,
                            "value": each.value,
                            "exact": each.exact,
                            "counted": list(each.counted),
                            "without": list(each.without),
                            "left_out": {why: list(members) for why, members in each.left_out.items()},
                        }
                        for each in group.sums
                    ],
                    "differing": [{"of": each.of, "answers": dict(each.answers)} for each in group.differing],
                }
                for group in groups
            ]
            for name, groups in sums.items()
        },
    }
