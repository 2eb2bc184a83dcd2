"""What must hold between a migration and its two versions; every breach is found, with its line, before it is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

from questionnaires.belonging import members
from questionnaires.item_steps import carried_lists
from questionnaires.loading import NoSuchFile, fit, read_file
from questionnaires.migration import (
    FILE_NAME,
    Dropped,
    Merged,
    MergeRule,
    Migration,
    MigrationStep,
    Part,
    parts_of,
    sources_of,
    whole,
)
from questionnaires.mistakes import Mistake, Mistaken
from questionnaires.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    Definition,
    GridQuestion,
    ItemsQuestion,
    LevelQuestion,
    NumberQuestion,
    Question,
    YesNoQuestion,
)
from questionnaires.places import Document, Path
from questionnaires.rescaling import form_of


@dataclass(frozen=True)
class _At:
    """A place of the file."""

    document: Document
    path: Path

    def mistake(self, code: str, *further: str | int, **details: object) -> Mistake:
        """A mistake here, or further down."""
        return self.document.mistake(code, (*self.path, *further), **details)


def read_migration(folder: FilePath) -> tuple[Migration, Document] | None:
    """The migration in the folder of a version, not yet checked against its versions; None: there is none.

    Raises:
        Mistaken: it is not a migration.
    """
    try:
        document = read_file(folder / FILE_NAME)
    except NoSuchFile:
        return None
    migration = fit(Migration, document)
    if migration is None or document.mistakes:
        raise Mistaken(document.mistakes)
    return migration, document


def check_migration(migration: Migration, document: Document, old: Definition, new: Definition) -> tuple[Mistake, ...]:
    """All mistakes of a migration from ``old`` to ``new``; ``document`` knows the lines."""
    mistakes = [
        mistake
        for place, step in enumerate(migration.steps)
        for mistake in _check_step(step, document, ("steps", place), old, new)
    ]
    if not mistakes:
        mistakes += _check_lists(migration, document, old, new)
    mistakes += _check_twice(migration, document)
    if not mistakes:
        mistakes += _check_mentioned(migration, document, old, new)
    return tuple(mistakes)


def _check_lists(migration: Migration, document: Document, old: Definition, new: Definition) -> Iterator[Mistake]:
    """What is asked of every item goes only to what the list that takes over the items asks of them."""
    before, now = members(old), members(new)
    to = carried_lists(whole(migration, old, new), old)
    for place, step in enumerate(migration.steps):
        lists = {before.get(source) for source in sources_of(step)}
        wanted = {None if of is None else to.get(of, of) for of in lists}
        found = {now.get(part.question) for part in parts_of(step) if new.question(part.question) is not None}
        if len(lists) > 1 or (found and found != wanted):
            named = ", ".join((*sources_of(step), *(part.question for part in parts_of(step))))
            yield document.mistake("migration-other-items", ("steps", place), found=named)


def _check_twice(migration: Migration, document: Document) -> Iterator[Mistake]:
    sources: Counter[str] = Counter()
    targets: Counter[str] = Counter()
    for place, step in enumerate(migration.steps):
        for found, seen, code in (
            (sources_of(step), sources, "migration-source-twice"),
            (tuple(part.question for part in parts_of(step)), targets, "migration-target-twice"),
        ):
            for identifier in found:
                seen[identifier] += 1
                if seen[identifier] > 1:
                    yield document.mistake(code, ("steps", place), id=identifier)


def _check_mentioned(migration: Migration, document: Document, old: Definition, new: Definition) -> Iterator[Mistake]:
    reached = {identifier for step in whole(migration, old, new) for identifier in sources_of(step)}
    for question in old.questions:
        if question.kind != "computed" and question.id not in reached:
            yield document.mistake("migration-not-mentioned", ("steps",), id=question.id, old=old.name, new=new.name)


def _check_step(
    step: MigrationStep, document: Document, path: Path, old: Definition, new: Definition
) -> Iterator[Mistake]:
    if isinstance(step, Dropped):
        for language in new.languages:
            if language not in step.reason:
                yield document.mistake("migration-reason-missing", (*path, "reason"), language=language)
    found = [_answerable(old, identifier) for identifier in sources_of(step)]
    asked = [question for question in found if question is not None]
    for identifier, question in zip(sources_of(step), found, strict=True):
        if question is None:
            yield document.mistake("migration-unknown-old", path, id=identifier, name=old.name)
    for place, part in enumerate(parts_of(step)):
        here = (*path, "to", place) if step.step == "split" else path
        target = _answerable(new, part.question)
        if target is None:
            yield document.mistake("migration-unknown-new", here, id=part.question, name=new.name)
        elif len(asked) == len(found):
            yield from _check_passage(step, part, _At(document, here), asked, target)


def _check_passage(
    step: MigrationStep, part: Part, at: _At, asked: list[Question], target: Question
) -> Iterator[Mistake]:
    if isinstance(step, Merged):
        yield from _check_merge(step, at, asked, target)
    else:
        yield from _check_part(part, at, asked[0], target, rule_needed=step.step == "rescaled")


def _answerable(definition: Definition, identifier: str) -> Question | None:
    question = definition.question(identifier)
    return None if question is None or question.kind == "computed" else question


def _check_merge(step: Merged, at: _At, asked: list[Question], target: Question) -> Iterator[Mistake]:
    kinds = {question.kind for question in asked}
    ordered = {"yes_no"}, {"date"}
    truths = kinds in ordered and kinds == {target.kind} and step.rule is not MergeRule.MEAN
    numbers = kinds <= {"level", "number"} and target.kind in {"level", "number"}
    units = {question.unit for question in [*asked, target] if isinstance(question, NumberQuestion)}
    if not (truths or numbers) or len(units) > 1:
        yield at.mistake("migration-merge-kinds", rule=step.rule.value, id=target.id)
    elif step.rule is MergeRule.MEAN and step.rounding is None:
        yield at.mistake("migration-rounding-missing", id=target.id)


def _check_part(part: Part, at: _At, old: Question, new: Question, *, rule_needed: bool) -> Iterator[Mistake]:
    rules = [part.linear is not None, part.table is not None or part.rows is not None]
    if all(rules) or (rule_needed and not any(rules)):
        yield at.mistake("migration-one-rule", id=old.id)
    elif part.linear is not None:
        if not isinstance(old, (LevelQuestion, NumberQuestion)) or not isinstance(new, (LevelQuestion, NumberQuestion)):
            yield at.mistake("migration-linear-kinds", "linear", id=old.id)
        elif isinstance(new, LevelQuestion) and part.linear.rounding is None and not _whole_line(part, old):
            yield at.mistake("migration-rounding-missing", "linear", id=new.id)
    elif part.table is not None or part.rows is not None:
        yield from _check_table(part, at, old, new)
    elif not _takes_all(old, new):
        yield at.mistake("migration-not-same-answers", id=old.id, to=new.id)


def _whole_line(part: Part, old: Question) -> bool:
    line = part.linear
    return line is not None and isinstance(old, LevelQuestion) and line.factor.denominator == line.plus.denominator == 1


def _check_table(part: Part, at: _At, old: Question, new: Question) -> Iterator[Mistake]:
    if part.rows is not None or isinstance(old, GridQuestion):
        if not isinstance(old, GridQuestion) or not isinstance(new, GridQuestion):
            yield at.mistake("migration-table-kinds", id=old.id, to=new.id)
            return
        yield from _check_rows(part, at, old, new)
    if part.table is None:
        return
    keys = answer_keys(old)
    several = isinstance(old, ChoicesQuestion) or isinstance(new, ChoicesQuestion)
    if keys is None or (several and old.kind != new.kind) or (isinstance(new, GridQuestion) and old.kind != new.kind):
        yield at.mistake("migration-table-kinds", "table", id=old.id, to=new.id)
        return
    for key in keys:
        if key not in part.table:
            yield at.mistake("migration-table-hole", "table", answer=key, id=old.id)
    for key, value in part.table.items():
        if key not in keys:
            yield at.mistake("migration-table-unknown", "table", key, answer=key, id=old.id)
        if value is not None and not _possible(new, value):
            yield at.mistake("migration-table-value", "table", key, answer=value, id=new.id)


def _check_rows(part: Part, at: _At, old: GridQuestion, new: GridQuestion) -> Iterator[Mistake]:
    rows: Mapping[str, str | None] = part.rows if part.rows is not None else {row.id: row.id for row in old.rows}
    old_rows, new_rows = {row.id for row in old.rows}, {row.id for row in new.rows}
    for row in sorted(old_rows - set(rows)):
        yield at.mistake("migration-table-hole", "rows", answer=row, id=old.id)
    for row in sorted(set(rows) - old_rows):
        yield at.mistake("migration-table-unknown", "rows", row, answer=row, id=old.id)
    given = [row for row in rows.values() if row is not None]
    for row in sorted(set(given) - new_rows):
        yield at.mistake("migration-table-value", "rows", answer=row, id=new.id)
    for row, count in Counter(given).items():
        if count > 1:
            yield at.mistake("migration-target-twice", "rows", id=row)
    if part.table is None and not _options(old) <= _options(new):
        yield at.mistake("migration-not-same-answers", id=old.id, to=new.id)


def answer_keys(question: Question) -> tuple[str, ...] | None:
    """All answers (of a grid or a choice of several: all options) as tables name them; None: too many to list."""
    match question:
        case LevelQuestion():
            return tuple(str(level) for level in question.levels)
        case ChoiceQuestion() | ChoicesQuestion() | GridQuestion():
            return tuple(option.id for option in question.options)
        case YesNoQuestion():
            return "yes", "no"
        case _:
            return None


def _possible(question: Question, value: object) -> bool:
    """Whether a table's value is an answer to the new question."""
    if isinstance(question, NumberQuestion):
        return form_of(question, value) is not None
    return str(value) in (answer_keys(question) or ())


def _options(question: ChoiceQuestion | ChoicesQuestion | GridQuestion) -> set[str]:
    return {option.id for option in question.options}


def _takes_all(old: Question, new: Question) -> bool:
    """Whether the new question takes every answer of the old one as it is.

    Limits of numbers and days are seen when answers are carried.
    """
    match old, new:
        case LevelQuestion(), LevelQuestion():
            return set(old.levels) <= set(new.levels)
        case ChoiceQuestion(), ChoiceQuestion():
            return _options(old) <= _options(new)
        case ChoicesQuestion(), ChoicesQuestion():
            return _options(old) <= _options(new)
        case GridQuestion(), GridQuestion():
            return _options(old) <= _options(new) and {row.id for row in old.rows} == {row.id for row in new.rows}
        case NumberQuestion(), NumberQuestion():
            return old.unit == new.unit
        case (DateQuestion(), DateQuestion()) | (ItemsQuestion(), ItemsQuestion()):
            return True
        case _:
            return isinstance(old, YesNoQuestion) and isinstance(new, YesNoQuestion)
