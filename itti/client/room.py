"""What the rooms of the client share: the wire, and where an assessment lies."""

from __future__ import annotations

from typing import Final, Protocol

from itti.client.wire import Name, Wire, path

PAGE: Final = 200
"""Entries fetched at once: as many as the service gives."""


class Room(Protocol):
    """Part of :class:`itti.client.Client`: the methods of one room of the service.

    Each is named after the operation of the API's description (``listAssessments`` → ``list_assessments``) and takes
    its parameters and the fields of its body by their names. All of them raise
    :class:`~itti.client.problems.Refused` and :class:`~itti.client.faults.Unreachable`.
    """

    wire: Wire


def assessment(assessment_id: Name, *parts: Name) -> str:
    """Where an assessment lies, or what is below it."""
    return path("assessments", assessment_id, *parts)
