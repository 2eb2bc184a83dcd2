"""The same report gives the same bytes on every machine with the same parts, today and tomorrow."""

from collections.abc import Mapping

import pytest

from reports.render import render
from tests.judges.absence import need
from tests.reports import golden
from tests.reports.papers import green


@pytest.mark.parametrize("language", ["en", "ar"])
def test_papers_have_the_bytes_they_always_had(
    papers: Mapping[str, bytes], whole_papers: Mapping[str, bytes], short_papers: Mapping[str, bytes], language: str
) -> None:
    """Where they are meant to be others: look at the pages, then ``python -m tests.reports.golden``."""
    need("fingerprints")
    set_now = {
        f"itti-{language}": papers[language],
        f"itti-{language}-whole": whole_papers[language],
        f"itti-{language}-short": short_papers[language],
        f"green-factory-{language}": render(*green(), language),
    }
    known = golden.known()
    assert golden.fingerprints(set_now) == {name: known[name] for name in set_now}


def test_other_parts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    others = {**golden.made_with(), "pango": "0.0.1"}
    monkeypatch.setattr(golden, "made_with", lambda: others)
    assert "pango 0.0.1 instead of " in golden.otherwise()
