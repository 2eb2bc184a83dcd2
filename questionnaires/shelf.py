"""The published versions of a family, one after the other, and the way of answers between them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from questionnaires.errors import Fault
from questionnaires.loading import PUBLISHED, UnknownDefinition, load_folder, version_key
from questionnaires.migration import FILE_NAME, Migration
from questionnaires.migration_checks import check_migration, read_migration
from questionnaires.mistakes import Mistaken
from questionnaires.model import Definition
from questionnaires.places import Document

Leg = tuple[Definition, Definition, Migration]
"""Older version, newer version, and what becomes of answers between them; checked."""


class NoWay(Fault):
    """Answers are carried to a newer version of the same family only."""

    code = "no-way"


@dataclass(frozen=True)
class Shelf:
    """A folder of published definitions: ``<family>/<version>/``."""

    root: Path = PUBLISHED

    def folder(self, family: str, version: str) -> Path:
        """Where that version lies, or would lie."""
        return self.root / family / version

    def versions(self, family: str) -> tuple[str, ...]:
        """All versions of a family, oldest first."""
        found = {path.parent.name for path in (self.root / family).glob("*/definition.yaml")}
        return tuple(sorted(found, key=version_key))

    def definition(self, family: str, version: str) -> Definition:
        """One of them.

        Raises:
            UnknownDefinition: it is not here.
            Mistaken: its files hold mistakes.
        """
        known = self.versions(family)
        if version not in known:
            raise UnknownDefinition(family=family, version=version, known=", ".join(known) or "–")
        return load_folder(self.folder(family, version))

    def before(self, family: str, version: str) -> str | None:
        """The newest version that is older than ``version``, whether that one is here or not."""
        older = [known for known in self.versions(family) if version_key(known) < version_key(version)]
        return older[-1] if older else None

    def leg(self, old: Definition, new: Definition, folder: Path) -> Leg:
        """The checked migration from ``old`` to ``new``, whose files lie in ``folder``.

        Without a ``migration.yaml`` identical questions are kept, and there must be no others.

        Raises:
            Mistaken: every mistake of the migration.
        """
        found = read_migration(folder)
        migration, document = found or (Migration(source=old.version), Document(str(folder / FILE_NAME)))
        if mistakes := check_migration(migration, document, old, new):
            raise Mistaken(mistakes)
        return old, new, migration

    def way(self, old: Definition, new: Definition, folder: Path) -> tuple[Leg, ...]:
        """From ``old`` to ``new``, over the versions whose migrations lie in between.

        A migration from an older version also serves answers to versions after that one, if it covers them.

        Raises:
            NoWay: ``new`` is not a later version of the same family, or no migration leads there.
            Mistaken: mistakes of a migration on the way.
        """
        if old.family != new.family or version_key(old.version) >= version_key(new.version):
            raise NoWay(old=old.name, new=new.name)
        found = read_migration(folder)
        source = found[0].source if found else self.before(new.family, new.version) or old.version
        if version_key(source) >= version_key(new.version):
            raise NoWay(old=old.name, new=new.name)
        if version_key(source) <= version_key(old.version):
            return (self.leg(old, new, folder),)
        between = self.definition(new.family, source)
        earlier = self.way(old, between, self.folder(new.family, source))
        return (*earlier, self.leg(between, new, folder))
