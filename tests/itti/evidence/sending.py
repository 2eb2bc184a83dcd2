"""Sending evidence as tests do."""

from __future__ import annotations

import httpx2

from itti.accounts.tables import User
from tests.itti.assessments.story import QUESTIONS, Story
from tests.itti.files import samples

FIRST, SECOND, THIRD = QUESTIONS[:3]
NOTE = {"kind": "interview", "seen_on": "2026-01-05", "text": "The press is oiled weekly; the shift lead keeps a log."}


def send(
    story: Story,
    user: User | None,
    content: bytes | None = None,
    name: str = "work orders.pdf",
    question: str = FIRST,
) -> httpx2.Response:
    """Attach a file."""
    file = ("file", (name, samples.pdf() if content is None else content, "application/octet-stream"))
    return story.api(user).post(story.evidence_path(question), files=[file])


def write(story: Story, user: User | None, question: str = FIRST, **more: str) -> httpx2.Response:
    """Write a note."""
    return story.api(user).post(f"{story.path}/answers/{question}/notes", json=NOTE | more)
