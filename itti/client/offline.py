"""Working offline: what a tool takes along, and the batch that it brings back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO, ClassVar
from uuid import UUID

from itti.client.exact import given
from itti.client.room import Room, assessment
from itti.client.views import Answer, Party, Sent, Standing
from itti.client.wire import Name


class FieldProblem(Sent):
    """One mistake in what was sent."""

    schema_name: ClassVar[str] = "ProblemField"

    pointer: str
    code: str
    detail: str


class BatchProblem(Sent):
    """Why an answer of a batch was not taken."""

    schema_name: ClassVar[str] = "BatchProblemView"

    type: str
    code: str
    status: int
    detail: str
    errors: tuple[FieldProblem, ...]


class BatchResult(Sent):
    """What became of one answer of a batch."""

    schema_name: ClassVar[str] = "BatchResultView"

    question: str
    outcome: str
    """``saved``, ``unchanged``, ``conflict``, ``invalid``, ``refused`` or ``held-back``."""

    in_force: Answer | None
    """Its version is the next ``base``."""

    author: Party | None = None
    sent: dict[str, Any] | None
    """Of a conflict, what was sent: to compare with what is in force."""

    made_at: datetime | None
    problem: BatchProblem | None


class BatchDone(Sent):
    """What became of a batch."""

    schema_name: ClassVar[str] = "BatchView"

    batch_id: UUID
    applied: bool
    results: tuple[BatchResult, ...]
    standing: Standing


class Offline(Room):
    """One assessment, for hours without a connection."""

    def read_work_package(
        self, assessment_id: Name, to: BinaryIO, *, phase: str = "assessed", languages: Sequence[str] | None = None
    ) -> int:
        """Write all that is needed to go on offline to ``to``; its size in bytes.

        It is JSON (``docs/schema/work-package.json``): keep it as it is, and read numbers in it with
        :func:`itti.client.exact.from_json`.
        """
        where = assessment(assessment_id, "work-package")
        return self.wire.fetch(where, to, phase=phase, languages=languages)

    def send_batch(
        self,
        assessment_id: Name,
        *,
        batch_id: Name,
        digest: str,
        answers: Sequence[Mapping[str, object]],
        atomic: bool = False,
        phase: str = "assessed",
    ) -> BatchDone:
        """Send back what was answered offline; every answer has a result of its own.

        Args:
            assessment_id: which.
            batch_id: chosen once for each batch and kept with it: sent again it gives the same result and does nothing.
            digest: of the questionnaire, from the work package.
            answers: each ``{"question": …, "base": version or None, "answer": {…}, "made_at": moment}``.
            atomic: all or none.
            phase: whose answers.

        Raises:
            Conflict: the questionnaire was another one, or the id was used for another batch.
        """
        where = assessment(assessment_id, "work-package", "answers")
        body = given(batch_id=str(batch_id), digest=digest, atomic=atomic, answers=list(answers))
        return self.wire.write(BatchDone, "POST", where, body=body, query={"phase": phase})
