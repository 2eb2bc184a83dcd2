"""Papers set and sealed once for all tests of this room."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reports.render import render
from reports.report import Form, Standing
from reports.seal import Sealer, demonstration_sealer, seal
from tests.reports.beside import whole
from tests.reports.papers import itti, report

AT = datetime(2026, 6, 18, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def papers() -> Mapping[str, bytes]:
    """Language → certificate from itti 1.0.0, unsealed."""
    return {language: render(report(), itti(), language) for language in ("en", "ar")}


@pytest.fixture(scope="session")
def whole_papers() -> Mapping[str, bytes]:
    """Language → the same with sector, targets, history and roadmap."""
    return {language: render(whole(), itti(), language) for language in ("en", "ar")}


@pytest.fixture(scope="session")
def short_papers() -> Mapping[str, bytes]:
    """Language → the short scorecard of that."""
    return {language: render(whole(), itti(), language, form=Form.SHORT) for language in ("en", "ar")}


@pytest.fixture(scope="session")
def sealer(tmp_path_factory: pytest.TempPathFactory) -> Sealer:
    return demonstration_sealer(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
def sealed(papers: Mapping[str, bytes], sealer: Sealer) -> Mapping[str, bytes]:
    """Language → the same, sealed with a demonstration key."""
    return {language: seal(paper, sealer, reason="Certificate issued", at=AT) for language, paper in papers.items()}


@pytest.fixture(scope="session")
def draft() -> bytes:
    return render(report(Standing.DRAFT), itti(), "en")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
