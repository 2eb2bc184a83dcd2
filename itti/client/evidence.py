"""Evidence: files and notes behind answers, sent and fetched as streams."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

from itti.client.exact import given
from itti.client.proceedings import Evidence
from itti.client.room import Room, assessment
from itti.client.wire import File, Name, path


class Proofs(Room):
    """The evidence of one assessment."""

    def list_assessment_evidence(self, assessment_id: Name) -> Iterator[Evidence]:
        """All evidence of an assessment."""
        return self.wire.each(Evidence, assessment(assessment_id, "evidence"))

    def list_evidence(self, assessment_id: Name, question: str) -> Iterator[Evidence]:
        """The evidence of one question."""
        return self.wire.each(Evidence, assessment(assessment_id, "answers", question, "evidence"))

    def read_evidence(self, evidence_id: Name) -> Evidence:
        """One piece with the contents it had."""
        return self.wire.read(Evidence, path("evidence", evidence_id))

    def attach_evidence(
        self,
        assessment_id: Name,
        question: str,
        file: File,
        *,
        name: str | None = None,
        keep_metadata: bool = False,
    ) -> Evidence:
        """Send a file; ``name`` is what it is called there, needed where ``file`` is bytes.

        What a camera wrote into a picture (place, time, device) is taken out, unless ``keep_metadata``.
        """
        where = assessment(assessment_id, "answers", question, "evidence")
        return self._send(where, file, name, keep_metadata=keep_metadata)

    def revise_evidence(
        self, evidence_id: Name, file: File, *, name: str | None = None, keep_metadata: bool = False
    ) -> Evidence:
        """Send a later content of the same piece; the earlier ones stay."""
        return self._send(path("evidence", evidence_id, "revisions"), file, name, keep_metadata=keep_metadata)

    def link_evidence(self, assessment_id: Name, question: str, evidence_id: Name) -> Evidence:
        """Use a piece for another question too."""
        where = assessment(assessment_id, "answers", question, "evidence", evidence_id)
        return self.wire.write(Evidence, "PUT", where)

    def unlink_evidence(self, assessment_id: Name, question: str, evidence_id: Name) -> Evidence:
        """Use it for that question no longer."""
        where = assessment(assessment_id, "answers", question, "evidence", evidence_id)
        return self.wire.write(Evidence, "DELETE", where)

    def write_note(self, assessment_id: Name, question: str, *, kind: str, text: str, seen_on: date) -> Evidence:
        """Note what was heard in an ``interview`` or seen on a ``walk``."""
        where = assessment(assessment_id, "answers", question, "notes")
        return self.wire.write(Evidence, "POST", where, body=given(kind=kind, text=text, seen_on=seen_on))

    def rewrite_note(self, evidence_id: Name, *, text: str, seen_on: date) -> Evidence:
        """Put a note in other words; the earlier ones stay."""
        where = path("evidence", evidence_id, "note")
        return self.wire.write(Evidence, "PUT", where, body=given(text=text, seen_on=seen_on))

    def remove_evidence(self, evidence_id: Name) -> None:
        """Take a piece away from all questions."""
        self.wire.send("DELETE", path("evidence", evidence_id))

    def download_evidence(self, evidence_id: Name, to: BinaryIO) -> int:
        """Write the content in force to ``to``; its size in bytes."""
        return self.wire.fetch(path("evidence", evidence_id, "content"), to)

    def download_evidence_revision(self, evidence_id: Name, revision: int, to: BinaryIO) -> int:
        """Write an earlier content to ``to``; its size in bytes."""
        return self.wire.fetch(path("evidence", evidence_id, "revisions", revision, "content"), to)

    def preview_evidence(self, evidence_id: Name, to: BinaryIO) -> int:
        """Write a small picture (WebP) of it to ``to``; its size, 0 where there is none."""
        return self.wire.fetch(path("evidence", evidence_id, "preview"), to)

    def _send(self, where: str, file: File, name: str | None, *, keep_metadata: bool) -> Evidence:
        called = name or (file.name if isinstance(file, Path) else "evidence")
        fields = {"keep_metadata": "true" if keep_metadata else "false"}
        return self.wire.write(Evidence, "POST", where, file=("file", called, file), fields=fields)
