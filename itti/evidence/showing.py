"""Evidence as pages show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from itti.evidence.previews import has_preview
from itti.evidence.reading import Proof
from itti.evidence.tables import EvidenceRevision
from itti.files.uploads import megabytes


@dataclass(frozen=True)
class ShownRevision:
    """One content of evidence."""

    number: int
    file_name: str
    size_words: str
    text: str | None
    seen_on: date | None
    created_at: datetime
    href: str
    is_stripped: bool
    expired_at: datetime | None
    sha256: str


@dataclass(frozen=True)
class ShownFile:
    """A piece of evidence; its name and size are those of the content in force."""

    id: UUID
    kind: str
    newest: ShownRevision
    earlier: Sequence[ShownRevision]
    """The contents before, the latest of them first."""

    questions: Sequence[tuple[str, str]]
    """Id and title of each question it proves."""

    removable: bool
    preview: str
    """Address of its preview; empty where it has none."""

    @property
    def is_note(self) -> bool:
        """Whether it is a note and no file."""
        return self.kind != "file"

    def others(self, question: str) -> list[str]:
        """Titles of the questions it proves besides this one."""
        return [title for name, title in self.questions if name != question]


def shown(proof: Proof, title_of: Callable[[str], str], *, removable: bool) -> ShownFile:
    """A piece of evidence as pages show it; ``title_of`` gives the title of a question by its id."""
    revisions = [_revision(proof, each) for each in reversed(proof.revisions)]
    return ShownFile(
        proof.id,
        proof.row.kind.value,
        revisions[0],
        revisions[1:],
        [(name, title_of(name)) for name in proof.questions],
        removable,
        f"/evidence/{proof.id}/preview" if has_preview(proof.newest) else "",
    )


def _revision(proof: Proof, row: EvidenceRevision) -> ShownRevision:
    href = f"/evidence/{proof.id}"
    return ShownRevision(
        row.number,
        row.file_name,
        size_words(row.size),
        row.text,
        row.seen_on,
        row.created_at,
        href if row is proof.newest else f"{href}/revisions/{row.number}",
        row.is_stripped,
        row.expired_at,
        row.sha256,
    )


def size_words(size: int) -> str:
    """A size in units people read (of 1000)."""
    return f"{megabytes(size)} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"
