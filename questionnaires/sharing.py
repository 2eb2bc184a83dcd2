"""Answer sets: lists of options that are written once and named by questions.

A file may say ``options: agreement`` where a question's options would stand, and under ``answer_sets`` what
``agreement`` is. :func:`expand` puts the options in place before anything is validated, so that everything behind it
sees plain options; mistakes in them still point at the set, where they can be mended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from questionnaires.mistakes import Mistake
from questionnaires.places import Document, Path

MOST_OPTIONS: Final = 50_000
"""Most options that questions take from answer sets altogether: a short file never grows beyond all bounds."""


def expand(document: Document) -> None:
    """Put the options of answer sets where questions name them; tell the sets that no question names."""
    data = document.data
    if not isinstance(data, dict):
        return
    known, used, count = _sets(data), set[str](), 0
    questions = data.get("questions")
    expanded: list[object] = []
    for number, question in enumerate(questions if isinstance(questions, list) else ()):
        name = question.get("options") if isinstance(question, dict) else None
        if isinstance(question, dict) and isinstance(name, str) and name in known:
            place, options = known[name]
            used.add(name)
            count += len(options) if isinstance(options, list) else 0
            if count > MOST_OPTIONS:
                path = ("questions", number, "options")
                document.mistakes.append(document.mistake("answer-sets-too-long", path, limit=MOST_OPTIONS))
                document.data = None
                return
            document.elsewhere["questions", number, "options"] = ("answer_sets", place, "options")
            expanded.append({**question, "options": options})
        else:
            expanded.append(question)
    if isinstance(questions, list):
        document.data = {**data, "questions": expanded}
    for name, (place, _) in known.items():
        if name not in used:
            document.mistakes.append(document.mistake("answer-set-unused", ("answer_sets", place), id=name))


def _sets(data: Mapping[str, object]) -> dict[str, tuple[int, object]]:
    """Id → place and options of every answer set that has both."""
    found: dict[str, tuple[int, object]] = {}
    sets = data.get("answer_sets")
    for place, one in enumerate(sets if isinstance(sets, list) else ()):
        if isinstance(one, dict) and isinstance(one.get("id"), str) and "options" in one:
            found.setdefault(one["id"], (place, one["options"]))
    return found


def unknown_set(document: Document, path: Path, name: str) -> Mistake:
    """A question names an answer set that is not there."""
    known = _sets(document.data) if isinstance(document.data, dict) else {}
    return document.mistake("unknown-answer-set", path, id=name[:64], known=", ".join(known) or "–")


def alone_in_set(document: Document, path: Path) -> Mistake:
    """A question with a single choice names a set in which an option excludes the others."""
    return document.mistake("answer-set-alone", path[:3], key="alone")


def once(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """Each mistake once: that of a shared list is found at every question that names it."""
    return list({(one.file, one.path, one.code, str(one.details)): one for one in mistakes}.values())
