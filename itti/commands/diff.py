"""``itti questionnaires diff A B``: what changed between two definitions, question by question."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from itti.commands.questionnaires import is_folder, named
from itti.commands.words import language, words
from questionnaires import digest, load_folder
from questionnaires.differences import Kind
from questionnaires.model import Definition
from questionnaires.versions import Change, OtherFamily, changes, following, step


def declare(verbs: Any) -> None:
    """Add the verb's words."""
    parser = verbs.add_parser("diff", help=words("diff.help"), description=words("diff.about"))
    parser.add_argument("old", metavar="A", help=words("diff.old"))
    parser.add_argument("new", metavar="B", help=words("diff.new"))
    parser.add_argument("--json", action="store_true", help=words("questionnaires.json"))
    parser.set_defaults(run=run)


def definition_at(name: str) -> Definition:
    """The definition in a folder, or the published one of that name.

    Raises:
        NotAName: neither.
        UnknownDefinition: there is none.
        Mistaken: it holds mistakes.
    """
    return load_folder(Path(name)) if is_folder(name) else named(name)


def run(options: argparse.Namespace) -> int:
    """Say what changed; that something did is no failure."""
    old, new = definition_at(options.old), definition_at(options.new)
    if old.family != new.family:
        raise OtherFamily(old=old.name, new=new.name)
    found = changes(old, new)
    if options.json:
        print(json.dumps(as_json(old, new, found), ensure_ascii=False, indent=2))
    else:
        print("\n".join(as_text(old, new, found)))
    return 0


def as_json(old: Definition, new: Definition, found: Sequence[Change]) -> dict[str, object]:
    """The changes for programs."""
    demand = step(found)
    return {
        "old": {"family": old.family, "version": old.version, "digest": digest(old)},
        "new": {"family": new.family, "version": new.version, "digest": digest(new)},
        "step": demand.value,
        "demanded": following(old.version, demand),
        "changes": [
            {
                "kind": change.kind.value,
                "path": list(change.path),
                "old": change.old,
                "new": change.new,
                "step": change.step.value,
                "moves_score": change.moves,
                "why": change.why,
            }
            for change in found
        ],
    }


def as_text(old: Definition, new: Definition, found: Sequence[Change]) -> Iterator[str]:
    """The changes for people: one group for the whole, then one for every question, node or other thing."""
    demand = step(found)
    yield words("diff.title", old=old.name, new=new.name)
    if not found:
        yield words("diff.same")
        return
    count = len(found)
    yield words("diff.demand", count=count, step=step_name(demand), version=following(old.version, demand))
    groups: dict[str, list[Change]] = {}
    for change in found:
        groups.setdefault(_thing(change), []).append(change)
    for thing, members in groups.items():
        yield ""
        yield _heading(thing, old, new)
        for change in members:
            yield from lines_of(change)


def step_name(demand: str) -> str:
    """A version step in the terminal's language."""
    return words(f"diff.step-{demand}")


_ONE_LINE: Final = 60
"""Most characters of both values that are shown beside each other."""


def lines_of(change: Change) -> Iterator[str]:
    """One change: step, place, what stood and stands there, and why that step."""
    head = f"  {step_name(change.step)}: {_label(change)}".rstrip()
    before, after = _shown(change.old), _shown(change.new)
    whole = isinstance(change.old or change.new, dict) and change.kind in {Kind.ADDED, Kind.REMOVED}
    if whole or len(before) + len(after) > _ONE_LINE:
        yield f"{head} ({words('diff.' + change.kind)})"
        yield from (f"    {sign} {text}" for sign, text in (("-", before), ("+", after)) if text and not whole)
    else:
        yield f"{head}  {before or '–'} → {after or '–'}"
    moves = words("diff.moves" if change.moves else "diff.moves-not")
    yield f"    {change.reason(language())} {moves}"


def _thing(change: Change) -> str:
    path = change.path
    if path[0] == "texts":
        return str(path[3]) if len(path) > 3 else ""
    return str(path[1]) if len(path) > 1 and path[0] not in _LISTS_OF_NAMES else ""


_LISTS_OF_NAMES: Final = frozenset({"languages", "sub_indices", "categories", "rounding"})


def _label(change: Change) -> str:
    path = [str(part) for part in change.path]
    if path[0] == "texts":
        return f"{path[1]} {'/'.join(path[4:] if len(path) > 3 else path[2:])}".strip()
    return "/".join(path[2:] if _thing(change) else path)


def _heading(thing: str, old: Definition, new: Definition) -> str:
    if not thing:
        return words("diff.whole")
    for definition in (new, old):
        texts = definition.words(language())
        for part in (texts.questions, texts.nodes, texts.bands, texts.rules, texts.figures, texts.groups):
            if thing in part:
                return f"{thing}  {part[thing].title}"
    return thing


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict) and (shape := value.get("kind", value.get("form"))):
        return str(shape)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
