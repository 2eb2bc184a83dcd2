"""``itti cohort FILE…``: figures, places and sums over the answers of many, without a database."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from itti.acts import now
from itti.calendar.zones import day_in
from itti.commands.cohort_lines import figure_lines, ranking_lines, roll_up_lines
from itti.commands.files import PlacedAnswers, sheet_from, write
from itti.commands.score import definition_for
from itti.commands.words import language, words
from itti.settings import settings
from questionnaires.errors import Fault
from questionnaires.model import Definition
from scoring import Answers, compile_plan
from scoring.cohort import Group, Placed, rank, roll_up
from scoring.errors import AnswersRefused
from scoring.plan import Plan
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
    figures = figures_of(definition, plan, cohort, day_in(settings().zone, now()))
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
        print("\n".join(figure_lines(definition, texts, figures)))
    for name, placed in places.items():
        print("\n".join(ranking_lines(definition, texts, name, placed)))
    for name, groups in sums.items():
        print("\n".join(roll_up_lines(definition, texts, name, groups)))
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
        "rankings": {name: [_placed(each) for each in placed] for name, placed in places.items()},
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


def _placed(each: Placed) -> dict[str, object]:
    data: dict[str, object] = {"member": each.member, "value": each.value, "rank": each.rank, "place": each.place}
    if each.tied:
        data["tied"] = list(each.tied)
    if each.among is not None:
        over = None if each.among.over is None else list(each.among.over)
        data["among"] = {"group": list(each.among.group), "over": over, "members": each.among.members}
    return data
