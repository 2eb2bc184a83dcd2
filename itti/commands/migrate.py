"""``itti questionnaires migrate ANSWERS.yaml --to VERSION``: answers to an older version, carried to a newer one.

What becomes of every answer is shown; a file is written only where one is named, and never over another.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from itti.commands.files import sheet_from, write
from itti.commands.questionnaires import is_folder
from itti.commands.words import language, words
from questionnaires import digest, load_folder, wording
from questionnaires.errors import Fault
from questionnaires.given import Given
from questionnaires.model import Definition
from questionnaires.shelf import Shelf
from questionnaires.upgrading import Mark, Migrated, Outcome, upgrade


class FileExists(Fault):
    """A file of that name is there already; answers are never written over others."""

    code = "file-exists"
    room = "itti.commands"


class OtherAnswers(Fault):
    """The answers were given to a definition with another digest than the one published under that name."""

    code = "other-definition"
    room = "itti.commands"


def declare(verbs: Any) -> None:
    """Add the verb's words."""
    parser = verbs.add_parser("migrate", help=words("migrate.help"), description=words("migrate.about"))
    parser.add_argument("answers", type=Path, metavar="ANSWERS.yaml", help=words("migrate.answers"))
    parser.add_argument("--to", required=True, metavar="VERSION|FOLDER", help=words("migrate.to"))
    parser.add_argument("--output", type=Path, default=None, metavar="FILE", help=words("migrate.output"))
    parser.add_argument("--json", action="store_true", help=words("questionnaires.json"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Preview, and write the new sheet where ``--output`` names a file."""
    sheet, document = sheet_from(options.answers)
    shelf = Shelf()
    old = shelf.definition(sheet.questionnaire, sheet.version)
    if sheet.digest not in {None, digest(old)}:
        raise OtherAnswers(questionnaire=old.name, stated=sheet.digest, published=digest(old))
    new, folder = _target(shelf, old, options.to)
    source = document.data if isinstance(document.data, Mapping) else {}
    legs = upgrade(shelf.way(old, new, folder), source["answers"])
    if options.output is not None:
        if options.output.exists():
            raise FileExists(file=options.output)
        write(options.output, written_sheet(source, new, legs[-1]).encode())
    if options.json:
        print(json.dumps(as_json(new, legs), ensure_ascii=False, indent=2))
        return 0
    print("\n".join(line for leg in legs for line in as_text(new, leg)))
    print(words("migrate.unwritten") if options.output is None else words("migrate.written", file=options.output))
    return 0


def _target(shelf: Shelf, old: Definition, named: str) -> tuple[Definition, Path]:
    """The version answers are to be carried to, published or still in a folder of its own, and where it lies."""
    if is_folder(named):
        return load_folder(Path(named)), Path(named)
    family, _, version = named.rpartition("@")
    return shelf.definition(family or old.family, version), shelf.folder(family or old.family, version)


_MARKS = (Mark.LOOK_AGAIN, Mark.DROPPED, Mark.BY_RULE, Mark.NEW, Mark.UNANSWERED, Mark.CARRIED)
"""What a person has to do something about comes first."""


def as_text(new: Definition, leg: Migrated) -> Iterator[str]:
    """One version step for people, grouped by what became of the answers."""
    old_name, new_name = f"{leg.family}@{leg.source}", f"{leg.family}@{leg.target}"
    yield words("diff.title", old=old_name, new=new_name)
    for mark in _MARKS:
        members = [outcome for outcome in leg.outcomes if outcome.mark is mark]
        if members:
            yield ""
            yield words(f"migrate.{mark.value}", count=len(members))
            for outcome in members:
                yield from _lines(outcome, new)
    yield ""


def _lines(outcome: Outcome, new: Definition) -> Iterator[str]:
    texts = new.words(language()).questions
    target = outcome.question or "–"
    title = f"  {texts[target].title}" if target in texts else ""
    yield f"  {target}{title}"
    old_ids = {old.question for old in outcome.olds}
    if outcome.mark is not Mark.CARRIED or old_ids != {outcome.question}:
        for old in outcome.olds:
            yield "    " + words("migrate.before", question=old.question, answer=_shown(old.answer))
    if outcome.answer.answered:
        yield "    " + words("migrate.now", answer=_shown(outcome.answer))
    if outcome.why is not None:
        yield "    " + wording.say("questionnaires", f"look.{outcome.why}", language())
    if outcome.note:
        yield "    " + (outcome.note.get(language()) or next(iter(outcome.note.values())))
    if outcome.reworded:
        yield "    " + words("migrate.reworded")


def _shown(answer: Given) -> str:
    if not answer.answered:
        kept = json.dumps(dict(answer.further), ensure_ascii=False) if answer.further else "–"
        return f"{kept} {answer.reason}".strip()
    entry = answer.to_sheet()
    value = entry[str(answer.form)]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{answer.form} {text}" + (f" ({answer.reason})" if answer.reason else "")


def as_json(new: Definition, legs: Sequence[Migrated]) -> dict[str, object]:
    """Every version step with every outcome, and the answers at the end."""
    return {
        "questionnaire": new.family,
        "version": new.version,
        "digest": digest(new),
        "answers": legs[-1].answers,
        "steps": [
            {
                "from": leg.source,
                "to": leg.target,
                "outcomes": [_outcome_json(passage.step, one) for passage in leg.passages for one in passage.outcomes],
            }
            for leg in legs
        ],
    }


def _outcome_json(step: str, outcome: Outcome) -> dict[str, object]:
    return {
        "mark": outcome.mark.value,
        "step": step,
        "question": outcome.question,
        "answer": outcome.answer.to_sheet(),
        "old": [{"question": old.question, "answer": old.answer.to_sheet()} for old in outcome.olds],
        "why": outcome.why,
        "note": dict(outcome.note) if outcome.note else None,
        "reworded": outcome.reworded,
    }


def written_sheet(source: Mapping[str, object], new: Definition, leg: Migrated) -> str:
    """The new sheet as YAML; what must be looked at, is new or was dropped stands beside it as a comment.

    The header of the old sheet is kept; its digest is that of the new definition, what it expected is left out.
    """
    aside = {"questionnaire", "family", "version", "digest", "answers", "expected", "expected_bands", "format"}
    head: dict[str, object] = {"questionnaire": new.family, "version": new.version, "digest": digest(new)}
    head |= {key: value for key, value in source.items() if key not in aside}
    lines = [_comment(words("migrate.head", old=f"{leg.family}@{leg.source}", new=new.name))]
    lines += [f"{key}: {_flow(value)}" for key, value in head.items()]
    entries = {outcome.question: outcome for outcome in leg.outcomes if outcome.question}
    answers = leg.answers
    lines.append("answers:" if answers else "answers: {}")
    for question in new.questions:
        if (outcome := entries.get(question.id)) is not None:
            lines += [f"  {_comment(line)}" for line in _remarks(outcome, new)]
            if question.id in answers:
                lines.append(f"  {question.id}: {_flow(answers[question.id])}")
    for outcome in leg.outcomes:
        if outcome.question is None:
            lines += [_comment(line) for line in (words("migrate.dropped", count=1), *_lines(outcome, new))]
    return "\n".join(lines) + "\n"


def _remarks(outcome: Outcome, new: Definition) -> Iterator[str]:
    if outcome.mark is Mark.CARRIED and not outcome.reworded:
        return
    yield words(f"migrate.{outcome.mark.value}", count=1)
    yield from _lines(outcome, new)


def _comment(text: str) -> str:
    return "# " + _readable(" ".join(text.split()))


def _flow(value: object) -> str:
    """A value as JSON, which is YAML too."""
    return _readable(json.dumps(value, ensure_ascii=False))


_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def _readable(text: str) -> str:
    """The text without what YAML does not take as it is."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
