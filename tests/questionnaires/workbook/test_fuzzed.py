"""Workbooks that were cut, bent and mixed: read, or refused with the reason, and never anything else."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from questionnaires.mistakes import Mistaken
from questionnaires.workbook import WorkbookRefused, definition_to_workbook, read, workbook_to_yaml, write
from tests import fuzzing
from tests.questionnaires.workbook.everything import everything

LONGEST = 20.0
"""Seconds that one may take, on a machine that does much else."""


@cache
def answers() -> bytes:
    return write(everything(), "en")


@cache
def questionnaire() -> bytes:
    return definition_to_workbook(everything())


def damaged(content: bytes, seed: int, *, inside: bool) -> bytes:
    return fuzzing.bent_inside(content, seed) if inside else fuzzing.bent(content, seed)


@given(seed=fuzzing.seeds(), inside=st.booleans())
@fuzzing.times(10)
def test_answers(seed: int, *, inside: bool) -> None:
    content, begun = damaged(answers(), seed, inside=inside), time.monotonic()
    with suppress(WorkbookRefused, Mistaken):
        read(content, everything())
    assert time.monotonic() - begun < LONGEST


@given(seed=fuzzing.seeds(), inside=st.booleans())
@fuzzing.times(6)
def test_questionnaires(seed: int, *, inside: bool) -> None:
    content, begun = damaged(questionnaire(), seed, inside=inside), time.monotonic()
    with suppress(WorkbookRefused, Mistaken):
        workbook_to_yaml(content)
    assert time.monotonic() - begun < LONGEST
