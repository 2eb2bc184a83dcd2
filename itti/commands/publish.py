"""``itti questionnaires publish FOLDER``: a definition becomes a published version, frozen for ever."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from itti.commands.diff import lines_of, step_name
from itti.commands.files import CannotWrite, write
from itti.commands.questionnaires import example_faults
from itti.commands.words import language, words
from questionnaires import digest, load_folder
from questionnaires.errors import Fault
from questionnaires.loading import NoSuchFile, version_key
from questionnaires.migration import FILE_NAME
from questionnaires.mistakes import Mistaken
from questionnaires.model import Definition
from questionnaires.shelf import Shelf
from questionnaires.versions import Step, changes, following, follows, step

_LOCK: Final = "digests.lock"
_TOLD: Final = 5
"""How many changes are told as the reason of a demand."""


class WrongNumber(Fault):
    """The version number is not the one that the changes demand."""

    code = "wrong-number"
    room = "itti.commands"


class NothingChanged(Fault):
    """There is nothing to publish: the definition is what the version before already says."""

    code = "nothing-changed"
    room = "itti.commands"


class AlreadyPublished(Fault):
    """That version is published with another content."""

    code = "already-published"
    room = "itti.commands"


class NoExamples(Fault):
    """A published definition has at least one example with its expected scores."""

    code = "no-examples"
    room = "itti.commands"


def declare(verbs: Any) -> None:
    """Add the verb's words."""
    parser = verbs.add_parser("publish", help=words("publish.help"), description=words("publish.about"))
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=words("publish.folder"))
    parser.add_argument("--check", action="store_true", help=words("publish.check"))
    parser.add_argument("--into", type=Path, default=None, metavar="FOLDER", help=words("publish.into"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Publish, or only say whether it could be; 1 with every reason where it cannot."""
    shelf = Shelf() if options.into is None else Shelf(options.into)
    try:
        definition = load_folder(options.folder)
    except Mistaken as fault:
        return _refuse([fault])
    name, found = definition.name, digest(definition)
    if faults := list(_refusals(definition, options.folder, shelf)):
        return _refuse(faults)
    if (definition.family, definition.version) in _locked(shelf):
        print(words("publish.already", name=name, digest=found))
    elif options.check:
        print(words("publish.could", name=name, digest=found))
    else:
        _publish(definition, options.folder, shelf)
        print(
            words("publish.done", name=name, digest=found, folder=shelf.folder(definition.family, definition.version))
        )
    return 0


def _refuse(faults: list[Fault]) -> int:
    for fault in faults:
        print(fault.sentence(language()), file=sys.stderr)
    return 1


def _refusals(definition: Definition, folder: Path, shelf: Shelf) -> Iterator[Fault]:
    """Everything that stands against publishing it."""
    locked = _locked(shelf).get((definition.family, definition.version))
    standing = definition.version in shelf.versions(definition.family)
    if locked is not None or standing:
        if locked != digest(definition):
            yield AlreadyPublished(name=definition.name, stated=locked or "–", found=digest(definition))
        return
    examples = sorted((folder / "examples").glob("*.yaml"))
    if not examples:
        yield NoExamples(folder=folder / "examples")
    for file in examples:
        yield from example_faults(file, definition)
    try:
        yield from _wrong_number(definition, folder, shelf)
    except Mistaken as fault:
        yield fault


def _wrong_number(definition: Definition, folder: Path, shelf: Shelf) -> Iterator[Fault]:
    """The first version of a family is free; every later one is what its changes since the one before demand.

    The version before is the newest of the family; for an older line that is still cared for (1.0.1 when there is a
    2.0.0) it is the newest below the number.
    """
    versions = shelf.versions(definition.family)
    if not versions:
        return
    below = shelf.before(definition.family, definition.version)
    base = shelf.definition(definition.family, below or versions[-1])
    if not _follows(base, definition) and base.version != versions[-1]:
        base = shelf.definition(definition.family, versions[-1])
    found = changes(base, definition)
    demand = step(found)
    if demand is Step.NONE:
        yield NothingChanged(name=definition.name, base=base.name)
        return
    if not _follows(base, definition):
        reasons = [change for change in found if change.step is demand]
        told = "\n".join(
            line for change in reasons[:_TOLD] for line in ("  " + "/".join(map(str, change.path)), *lines_of(change))
        )
        wanted = following(base.version, demand)
        yield WrongNumber(
            name=definition.name, base=base.name, wanted=wanted, step=step_name(demand), told=told, count=len(reasons)
        )
    elif version_key(base.version) < version_key(definition.version):
        shelf.leg(base, definition, folder)


def _follows(base: Definition, definition: Definition) -> bool:
    return follows(definition.version, base.version, step(changes(base, definition)))


def _locked(shelf: Shelf) -> dict[tuple[str, str], str]:
    """Digests on record: (family, version) → SHA-256."""
    try:
        lines = (shelf.root / _LOCK).read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return {}
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {(family, version): stated for family, version, stated in rows}


def _publish(definition: Definition, folder: Path, shelf: Shelf) -> None:
    """Copy whole or not at all: what is half done lies in a passing folder that no reader looks into.

    Raises:
        CannotWrite: no permission, no space.
    """
    target = shelf.folder(definition.family, definition.version)
    try:
        shelf.root.mkdir(parents=True, exist_ok=True)
        passing = Path(tempfile.mkdtemp(dir=shelf.root, prefix=".publishing-"))
        try:
            _copy(definition, folder, passing)
            if digest(load_folder(passing)) != digest(definition):
                raise NoSuchFile(file=str(folder), reason=words("publish.changed-meanwhile"))
            passing.chmod(0o755)
            target.parent.mkdir(exist_ok=True)
            passing.rename(target)
        finally:
            shutil.rmtree(passing, ignore_errors=True)
        try:
            _record(definition, shelf)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
    except OSError as error:
        raise CannotWrite(file=str(target), reason=error.strerror or type(error).__name__) from error


def _copy(definition: Definition, folder: Path, passing: Path) -> None:
    """Only what belongs to a definition: structure, texts, migration, examples."""
    names = ["definition.yaml", *(f"{code}.yaml" for code in definition.languages), FILE_NAME]
    for name in names:
        if (folder / name).exists():
            shutil.copyfile(folder / name, passing / name)
    (passing / "examples").mkdir()
    for file in sorted((folder / "examples").glob("*.yaml")):
        shutil.copyfile(file, passing / "examples" / file.name)


def _record(definition: Definition, shelf: Shelf) -> None:
    path = shelf.root / _LOCK
    text = path.read_text(encoding="ascii") if path.exists() else _HEAD
    lines = text if text.endswith("\n") else text + "\n"
    write(path, f"{lines}{definition.family} {definition.version} {digest(definition)}\n".encode("ascii"))


_HEAD: Final = "# family version SHA-256 of the canonical form; a published definition never changes\n"
