"""What an approval freezes comes back as it was: every kind of answer, and all that may stand beside a score."""

from __future__ import annotations

import pytest

from itti.papers.freezing import Frozen
from reports.attached import attachments
from reports.report import Report
from reports.theme import Theme
from tests.reports import beside, shapes


@pytest.mark.parametrize(
    "report",
    [beside.whole(), shapes.told(shapes.every_word(), shapes.every_word_answers())],
    ids=["all-beside", "every-kind"],
)
def test_nothing_is_lost(report: Report) -> None:
    frozen = Frozen(report=report, theme=Theme(logo="data:image/png;base64,AAAA"))
    thawed = Frozen.model_validate_json(frozen.model_dump_json())
    assert thawed == frozen
    assert thawed.model_dump_json() == frozen.model_dump_json()
    assert attachments(thawed.report) == attachments(report)
