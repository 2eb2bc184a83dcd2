"""What changed between two versions of a definition, and which version number that demands.

A text change is a *patch*, an addition that cannot move a score is a *minor*, anything that can move a stated
value, a band, a state, the answers accepted, what may be submitted or what applies is a *major*. The judgement is
strict: what is not known to be harmless is a major.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from questionnaires import wording
from questionnaires.differences import Difference, Kind, differences
from questionnaires.errors import Fault
from questionnaires.model import Aggregation, Definition
from questionnaires.places import Path

__all__ = ["Change", "Kind", "OtherFamily", "Step", "changes", "demanded", "following", "follows", "step"]


class Step(StrEnum):
    """A step of a version number, smallest first."""

    NONE = "none"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"

    @property
    def size(self) -> int:
        """0 for none to 3 for major."""
        return list(Step).index(self)


class OtherFamily(Fault):
    """Two definitions of different families are not versions of each other."""

    code = "other-family"


@dataclass(frozen=True)
class Change:
    """One change between two definitions."""

    kind: Kind
    path: Path
    """Where: keys of the language and ids, such as ``("questions", "quality", "highest")``."""

    old: object
    """What stood there, as plain JSON values; None: nothing."""

    new: object
    step: Step
    moves: bool
    """Whether it can move a score: a stated value, a band, a state or a place in a ranking."""

    why: str
    """Stable code of the reason for the step; its sentence is in the catalogue under ``change.<why>``."""

    def reason(self, language: str = "en") -> str:
        """Why this change demands its step."""
        return wording.say("questionnaires", f"change.{self.why}", language)


def changes(old: Definition, new: Definition) -> tuple[Change, ...]:
    """Everything that differs between two definitions but the version number, in the order of the structure."""
    before, after = _plain(old), _plain(new)
    words_before, words_after = before.pop("texts"), after.pop("texts")
    kept = [language for language in words_before if language in words_after]
    structure = list(differences(before, after))
    renewed = {identifier for found in structure for identifier in _renewed(found)}
    texts = [
        found
        for found in differences(
            {language: words_before[language] for language in kept},
            {language: words_after[language] for language in kept},
            ("texts",),
        )
        # The words of a thing that came or went are told with the thing itself.
        if not (found.kind is not Kind.CHANGED and len(found.path) == 4 and found.path[3] in renewed)
    ]
    rested_on = _rested_on(before, after)
    aggregations = {node.id: node.aggregation for node in old.nodes}
    asked = frozenset(question.id for question in old.questions)
    return tuple(
        Change(found.kind, found.path, found.old, found.new, *_judged(found, rested_on, aggregations, asked))
        for found in [*structure, *texts]
    )


def step(found: Sequence[Change]) -> Step:
    """The step of the version number that all these changes together demand."""
    return max((change.step for change in found), key=lambda one: one.size, default=Step.NONE)


def following(version: str, by: Step) -> str:
    """The version number one such step after ``version``."""
    major, minor, patch = (int(part) for part in version.split("."))
    numbers = {
        Step.NONE: (major, minor, patch),
        Step.PATCH: (major, minor, patch + 1),
        Step.MINOR: (major, minor + 1, 0),
        Step.MAJOR: (major + 1, 0, 0),
    }
    return ".".join(str(number) for number in numbers[by])


def follows(version: str, before: str, by: Step) -> bool:
    """Whether ``version`` may come after ``before`` when the changes demand ``by``.

    A patch or minor is the very next number. A major version may skip numbers (families that follow a standard number
    their versions by its year), but starts anew at ``.0.0``.
    """
    if by is not Step.MAJOR:
        return version == following(before, by)
    major, *rest = version.split(".")
    return int(major) > int(before.partition(".")[0]) and rest == ["0", "0"]


def demanded(old: Definition, new: Definition) -> str:
    """The version number that ``new`` has to bear as the next version after ``old``.

    Raises:
        OtherFamily: they are not of the same family.
    """
    if old.family != new.family:
        raise OtherFamily(old=old.name, new=new.name)
    return following(old.version, step(changes(old, new)))


def _plain(definition: Definition) -> dict[str, Any]:
    return definition.model_dump(mode="json", by_alias=True, exclude={"version"})


def _renewed(found: Difference) -> Iterator[str]:
    """Ids of all things that came or went with this difference."""
    if found.kind in {Kind.ADDED, Kind.REMOVED}:
        yield str(found.path[-1])
    if found.kind is not Kind.REORDERED:
        before, after = set(_ids(found.old)), set(_ids(found.new))
        yield from before ^ after


def _ids(thing: object) -> Iterator[str]:
    if isinstance(thing, Mapping):
        if isinstance(identifier := thing.get("id"), str):
            yield identifier
        for part in thing.values():
            yield from _ids(part)
    elif isinstance(thing, list):
        for part in thing:
            yield from _ids(part)


_NAMED: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_QUOTED: Final = re.compile(r"'[^']*'")
_FORMULAS: Final = frozenset(
    {
        *("applies_when", "counts_when", "formula", "when", "unless", "eligible"),
        # Amounts; a plain number there names nothing.
        *("base", "lead", "weight", "cap", "reached_from", "least", "most", "from", "to", "at_most", "at_least"),
    }
)
_REFERENCES: Final = frozenset({"of", "by", "sums", "same", "each"})
_THINGS: Final = ("questions", "nodes", "constants", "tables", "conditions", "cohort_figures")


def _named_in(thing: object, key: str = "") -> Iterator[str]:
    """All ids that a thing names, in its formulas too; rather one too many than one too few."""
    if isinstance(thing, Mapping):
        for name, part in thing.items():
            yield from _named_in(part, name)
    elif isinstance(thing, list):
        for part in thing:
            yield from _named_in(part, key)
    elif isinstance(thing, str) and key in _REFERENCES:
        yield thing
    elif isinstance(thing, str) and key in _FORMULAS:
        yield from _NAMED.findall(_QUOTED.sub(" ", thing))


def _rested_on(before: Mapping[str, Any], after: Mapping[str, Any]) -> frozenset[str]:
    """Ids that something which was there before rests on now, directly or through new things."""
    old = {thing["id"] for part in _THINGS for thing in before[part]}
    things = {thing["id"]: thing for part in _THINGS for thing in after[part]}
    waiting = [after["index"], *after["sub_indices"], *after["categories"]]
    waiting += [name for identifier in old & things.keys() for name in _named_in(things[identifier])]
    for part in ("rankings", "roll_ups", "priorities"):
        standing = {thing["id"] for thing in before[part]}
        waiting += [name for thing in after[part] if thing["id"] in standing for name in _named_in(thing)]
    found: set[str] = set()
    while waiting:
        if (identifier := waiting.pop()) not in found:
            found.add(identifier)
            if identifier in things and identifier not in old:
                waiting.extend(_named_in(things[identifier]))
    return frozenset(found)


_BESIDE: Final = frozenset({"languages", "views", "rankings", "roll_ups", "priority_factors", "priorities"})
"""Parts that stand beside what is scored: one more is an addition."""

_FIRST: Final = frozenset({"priority_factors", "priorities"})
"""Parts that say what to look at first, and move no score."""

_Judgement = tuple[Step, bool, str]
_ADDITION: Final[_Judgement] = (Step.MINOR, False, "addition")
_TAKEN_AWAY: Final[_Judgement] = (Step.MAJOR, False, "taken-away")
_ORDER: Final[_Judgement] = (Step.PATCH, False, "order")
_VALUE: Final[_Judgement] = (Step.MAJOR, True, "value")
_PRIORITY: Final[_Judgement] = (Step.MAJOR, False, "priority")


_WHOLE_PARTS: Final[Mapping[str, _Judgement]] = {
    "texts": (Step.PATCH, False, "text"),
    "sources": (Step.PATCH, False, "source"),
    "origin": (Step.MINOR, False, "origin"),
    "crosswalks": (Step.MINOR, False, "names-only"),
    "sections": (Step.MINOR, False, "grouping"),
    "contradictions": (Step.MAJOR, False, "submission"),
    "index": (Step.MAJOR, True, "stated"),
    "sub_indices": (Step.MAJOR, True, "stated"),
    "categories": (Step.MAJOR, True, "stated"),
}
"""Parts of a definition in which all changes but those of order are judged alike."""


def _judged(
    found: Difference, rested_on: frozenset[str], aggregations: Mapping[str, Aggregation], before: frozenset[str]
) -> _Judgement:
    """Step, whether it can move a score, and why. Whatever no rule knows is a major that can."""
    part, field = str(found.path[0]), found.path[2] if len(found.path) > 2 else None
    if field == "sources" and part != "texts":
        return _WHOLE_PARTS["sources"]
    if found.kind is Kind.REORDERED:
        return _judged_order(found, aggregations)
    if part in _WHOLE_PARTS:
        return _WHOLE_PARTS[part]
    if part in _FIRST and field is not None:
        return _PRIORITY
    if field == "asks" and found.kind is Kind.ADDED and found.path[3] not in before:
        return _ADDITION  # a new question, which is judged by itself
    if field is None or part == "views":
        return _judged_thing(found, part, rested_on)
    return _judged_question(str(field)) if part == "questions" else _VALUE


def _judged_thing(found: Difference, part: str, rested_on: frozenset[str]) -> _Judgement:
    """A whole thing that came, went, or became another kind of thing."""
    if part in _THINGS:
        if found.kind is Kind.ADDED:
            return (Step.MAJOR, True, "counts") if found.path[1] in rested_on else _ADDITION
        return (Step.MAJOR, True, "answers") if part == "questions" else _VALUE
    if part in _BESIDE and found.kind in {Kind.ADDED, Kind.REMOVED}:
        return _ADDITION if found.kind is Kind.ADDED else _TAKEN_AWAY
    return _VALUE


_FREE_ORDER: Final = frozenset(
    {
        ("questions", "options"),
        ("questions", "rows"),
        ("questions", "asks"),
        ("sections", "questions"),
        ("views", "nodes"),
        ("crosswalks", "items"),
        ("roll_ups", "sums"),
        ("roll_ups", "same"),
        ("priorities", "of"),
        ("priorities", "factors"),
    }
)
"""Lists inside a thing whose order is only the order of reading."""


def _judged_order(found: Difference, aggregations: Mapping[str, Aggregation]) -> _Judgement:
    """Order of reading is a patch; rules, stages, bands and places mean something by their order."""
    if len(found.path) == 1 or found.path[0] == "crosswalks":
        return _ORDER
    part, identifier, field = found.path[0], str(found.path[1]), found.path[2]
    if (part, field) == ("nodes", "children"):
        aggregation = aggregations.get(identifier)
        if aggregation in {Aggregation.MINIMUM, Aggregation.MAXIMUM, Aggregation.MEDIAN}:
            # The value stays, but of equal children the first is the one that the scorecard says decided it.
            return Step.MINOR, False, "order-told"
        # A geometric mean is irrational: in doubt its last digit could depend on the order of multiplication.
        return _VALUE if aggregation is Aggregation.GEOMETRIC else _ORDER
    if part in _FIRST and (part, field) not in _FREE_ORDER:
        return _PRIORITY
    return _ORDER if (part, field) in _FREE_ORDER else _VALUE


_ACCEPTED: Final = frozenset(
    {
        "lowest",
        "highest",
        "options",
        "rows",
        "least",
        "most",
        "places",
        "step",
        "least_picked",
        "most_picked",
        "earliest",
        "latest",
        "asks",
    }
)
"""Keys of a question that say which answers it takes."""


def _judged_question(field: str) -> _Judgement:
    if field == "evidence_from":
        return Step.MAJOR, False, "submission"
    if field in {"applies_when", "not_applicable"}:
        return Step.MAJOR, True, "applicability"
    return (Step.MAJOR, True, "answers") if field in _ACCEPTED else _VALUE
