"""``itti questionnaires workbook|read-workbook``: an .xlsx to fill in offline, and what came back in it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from itti.commands.files import bytes_from, sheet_from, write
from itti.commands.words import language, words
from questionnaires import digest, load, load_folder
from questionnaires.errors import Fault
from questionnaires.mistakes import Mistaken
from questionnaires.model import Definition

if TYPE_CHECKING:
    from questionnaires.workbook import Change, Filled


class WouldReplace(Fault):
    """The output file exists, and nobody said that it may be replaced."""

    code = "would-replace"
    room = "itti.commands"


class NoSuchLanguage(Fault):
    """The questionnaire has no texts in that language. Details: ``language``, ``known``."""

    code = "no-such-language"
    room = "itti.commands"


def declare(verbs: Any) -> None:
    """Add the two verbs."""
    writer = verbs.add_parser("workbook", help=words("workbook.help"), description=words("workbook.about"))
    writer.add_argument("name", metavar="FOLDER|FAMILY[@VERSION]", help=words("workbook.name"))
    writer.add_argument("--language", default=None, help=words("workbook.language"))
    writer.add_argument("--answers", type=Path, metavar="ANSWERS.yaml", help=words("workbook.answers"))
    writer.add_argument("--output", type=Path, required=True, metavar="FILE.xlsx", help=words("workbook.output"))
    writer.add_argument("--replace", action="store_true", help=words("workbook.replace"))
    writer.set_defaults(run=run_write)
    reader = verbs.add_parser(
        "read-workbook", help=words("workbook.read-help"), description=words("workbook.read-about")
    )
    reader.add_argument("file", type=Path, metavar="FILE.xlsx", help=words("workbook.file"))
    reader.add_argument("--definition", metavar="FOLDER|FAMILY@VERSION", help=words("workbook.definition"))
    reader.add_argument("--current", type=Path, metavar="ANSWERS.yaml", help=words("workbook.current"))
    reader.add_argument("--output", type=Path, metavar="ANSWERS.yaml", help=words("workbook.read-output"))
    reader.add_argument("--replace", action="store_true", help=words("workbook.replace"))
    reader.add_argument("--json", action="store_true", help=words("workbook.json"))
    reader.set_defaults(run=run_read)


def definition_of(name: str) -> Definition:
    """The definition in a folder, or the published one of that name.

    Raises:
        Fault: there is none, or it holds mistakes.
    """
    from itti.commands.questionnaires import named

    return load_folder(Path(name)) if Path(name).is_dir() else named(name)


def refuse_to_replace(path: Path, *, allowed: bool) -> None:
    """Filled workbooks and answers are work of days: nothing is replaced unasked.

    Raises:
        WouldReplace: the file exists and ``allowed`` is false.
    """
    if path.exists() and not allowed and str(path) != "-":
        raise WouldReplace(file=str(path))


def run_write(options: argparse.Namespace) -> int:
    """Write the workbook."""
    from questionnaires.workbook import write as written

    refuse_to_replace(options.output, allowed=options.replace)
    definition = definition_of(options.name)
    spoken = options.language or (language() if language() in definition.texts else definition.languages[0])
    if spoken not in definition.texts:
        raise NoSuchLanguage(language=spoken, name=definition.name, known=", ".join(definition.languages))
    filled = _filled(options.answers, definition) if options.answers else None
    content = written(definition, spoken, filled)
    write(options.output, content)
    if str(options.output) != "-":
        print(words("workbook.written", file=options.output, name=definition.name, count=len(definition.questions)))
    return 0


def _filled(path: Path, definition: Definition) -> Filled:
    """Answers of a file, for a workbook that goes on where they ended."""
    from questionnaires.workbook import Filled
    from questionnaires.workbook.faults import OtherFamily, OtherVersion

    sheet, _ = sheet_from(path)
    if sheet.questionnaire != definition.family:
        raise OtherFamily(stated=sheet.questionnaire, expected=definition.family)
    if sheet.version != definition.version:
        raise OtherVersion(family=definition.family, stated=sheet.version, expected=definition.version)
    cover: dict[str, Any] = {}
    for part in ("factory", "assessor"):
        if (facts := getattr(sheet, part)) is not None:
            cover |= {f"{part}.{key}": value for key, value in facts if value is not None}
    if sheet.assessed_on is not None:
        cover["assessed_on"] = sheet.assessed_on
    answers = {key: one.model_dump(mode="json", exclude_defaults=True) for key, one in sheet.answers.items()}
    return Filled(answers, cover)


def run_read(options: argparse.Namespace) -> int:
    """Say what a workbook would change; write it only where that is asked."""
    from questionnaires.workbook import changes, read, stated
    from questionnaires.workbook.container import LARGEST_FILE
    from reports.directions import plain

    if options.output:
        refuse_to_replace(options.output, allowed=options.replace)
    content = bytes_from(options.file, LARGEST_FILE)
    current: Mapping[str, Any] = {}
    if options.current:
        sheet, document = sheet_from(options.current)
        current = document.data if isinstance(document.data, dict) else {}
        definition = definition_of(options.definition or f"{sheet.questionnaire}@{sheet.version}")
    elif options.definition:
        definition = definition_of(options.definition)
    else:
        named = stated(content)
        definition = load(named.family, named.version)
    filled = read(content, definition, str(options.file))
    found = changes(current.get("answers") or {}, filled.answers)
    if options.json:
        print(json.dumps(_as_json(definition, filled, found), ensure_ascii=False, indent=2))
    elif filled.mistakes:
        raise Mistaken(filled.mistakes)
    else:
        _tell(definition, filled, found)
        for each in _contradicting(definition, filled):
            line = words("workbook.contradiction", text=each.text, titles="; ".join(each.titles))
            print(plain(line, language()))
    if filled.mistakes:
        return 2
    if options.output:
        write(options.output, _answers_file(definition, filled, current, changed=bool(found)))
        if not options.json and str(options.output) != "-":
            print(words("workbook.answers-written", file=options.output))
    return 0


def _tell(definition: Definition, filled: Filled, found: list[Change]) -> None:
    from reports.directions import plain

    texts = _written_out(definition, filled).words(language())
    print(words("workbook.read", name=definition.name, count=len(filled.answers)))
    for change in found:
        details = {
            "title": texts.questions[change.question].title if change.question in texts.questions else "–",
            "id": change.question,
            "before": _short(change.before),
            "after": _short(change.after),
            "fields": ", ".join(change.fields),
        }
        print(plain(words(f"workbook.{change.kind}", **details), language()))
    print(words("workbook.changes", count=len(found)))


@dataclass(frozen=True)
class _Contradicting:
    """Answers that cannot all be true, in the words of the questionnaire."""

    id: str
    questions: tuple[str, ...]
    text: str
    titles: tuple[str, ...]


def _contradicting(definition: Definition, filled: Filled) -> Iterator[_Contradicting]:
    """What the answers contradict; they are read all the same, and refused where they are scored."""
    from scoring import compile_plan, contradictions
    from scoring.errors import AnswersRefused
    from scoring.sheet import AnswerSheet

    texts = _written_out(definition, filled).words(language())
    given = AnswerSheet.model_validate(_sheet(definition, filled)).given()
    try:
        found = contradictions(compile_plan(definition), given)
    except AnswersRefused:
        return  # rows of a grid are left: told when they are scored
    for each in found:
        titles = tuple(texts.questions[question].title for question in each.questions)
        yield _Contradicting(each.id, each.questions, texts.contradictions[each.id], titles)


def _written_out(definition: Definition, filled: Filled) -> Definition:
    """The definition with the questions of every item that the workbook names."""
    from reports.lists import asked_in
    from scoring.sheet import AnswerSheet

    return asked_in(definition, AnswerSheet.model_validate(_sheet(definition, filled)).given())


def _short(answer: Mapping[str, object] | None) -> str:
    """An answer on one line."""
    for key, value in (answer or {}).items():
        if key == "not_applicable" and value:
            return words("workbook.not-applicable")
        if key == "yes":
            return words("workbook.yes" if value else "workbook.no")
        if key == "grid" and isinstance(value, Mapping):
            return ", ".join(f"{row}: {option}" for row, option in value.items())
        if key in {"choices", "items"} and isinstance(value, (list, tuple)):
            return ", ".join(str(one["name"] if key == "items" else one) for one in value) or words("workbook.none")
        if key in {"level", "choice", "number", "date"}:
            return str(value)
    return words("workbook.open")


def _as_json(definition: Definition, filled: Filled, found: list[Change]) -> dict[str, object]:
    return {
        **_sheet(definition, filled),
        "changes": [
            {
                "question": one.question,
                "kind": one.kind,
                "fields": list(one.fields),
                "before": one.before,
                "after": one.after,
            }
            for one in found
        ],
        "contradictions": [
            {"id": one.id, "questions": list(one.questions), "sentence": one.text}
            for one in _contradicting(definition, filled)
        ],
        "mistakes": [
            {"place": list(one.path), "code": one.code, "sentence": one.sentence(language())} for one in filled.mistakes
        ],
    }


def _sheet(definition: Definition, filled: Filled) -> dict[str, object]:
    """The answers as a file has them."""
    said: dict[str, object] = {
        "questionnaire": definition.family,
        "version": definition.version,
        "digest": digest(definition),
    }
    for part in ("factory", "assessor"):
        cover = filled.cover.items()
        if facts := {key.partition(".")[2]: value for key, value in cover if key.startswith(f"{part}.")}:
            said[part] = facts
    if "assessed_on" in filled.cover:
        said["assessed_on"] = str(filled.cover["assessed_on"])
    return said | {"answers": {key: dict(answer) for key, answer in filled.answers.items()}}


def _answers_file(definition: Definition, filled: Filled, current: Mapping[str, Any], *, changed: bool) -> bytes:
    """What the workbook says, beside what only the current file says (a note, a reviewer)."""
    import yaml

    stale = {"family", "expected", "expected_bands"} if changed else {"family"}
    kept = {key: value for key, value in current.items() if key not in stale}
    said = kept | _sheet(definition, filled)
    said["answers"] = said.pop("answers")  # last, as people write such files
    return yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=110).encode()
