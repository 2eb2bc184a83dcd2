"""Certificates: the register, the papers, and the check of a paper; questionnaires and the engine alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, BinaryIO

from itti.client.exact import from_json, given
from itti.client.findings import Certificate, Explanation, Verification
from itti.client.room import PAGE, Room
from itti.client.views import Questionnaire
from itti.client.wire import File, Name, path


class Certificates(Room):
    """The register and its papers."""

    def list_certificates(
        self,
        *,
        factory_id: Name | None = None,
        family: str | None = None,
        issued_from: date | None = None,
        issued_to: date | None = None,
        expires_from: date | None = None,
        expires_to: date | None = None,
        sort: str | None = None,
    ) -> Iterator[Certificate]:
        """The certificates that are open to the account, newest first.

        ``sort``: ``issued_on``, ``expires_on`` or ``number``, with ``-`` in front for the other way round.
        """
        asked: dict[str, Any] = {"factory_id": factory_id, "family": family, "sort": sort}
        asked |= {"issued_from": issued_from, "issued_to": issued_to}
        asked |= {"expires_from": expires_from, "expires_to": expires_to}
        return self.wire.each(Certificate, "/certificates", **asked, limit=PAGE)

    def read_certificate(self, number: str) -> Certificate:
        """One entry of the register; open to everybody."""
        return self.wire.read(Certificate, path("certificates", number))

    def download_report(self, number: str, to: BinaryIO, *, language: str | None = None) -> int:
        """Write the sealed report (PDF) to ``to``; its size in bytes."""
        return self._paper(number, "report.pdf", to, language)

    def download_short_report(self, number: str, to: BinaryIO, *, language: str | None = None) -> int:
        """Write the report on two pages (PDF) to ``to``; its size in bytes."""
        return self._paper(number, "short.pdf", to, language)

    def download_scorecard_csv(self, number: str, to: BinaryIO, *, language: str | None = None) -> int:
        """Write the certified scorecard as CSV to ``to``; its size in bytes."""
        return self._paper(number, "scorecard.csv", to, language)

    def download_scorecard_xlsx(self, number: str, to: BinaryIO, *, language: str | None = None) -> int:
        """Write the certified scorecard as a workbook to ``to``; its size in bytes."""
        return self._paper(number, "scorecard.xlsx", to, language)

    def download_scorecard_json(self, number: str, to: BinaryIO) -> int:
        """Write the certified scorecard, to the byte that was attached, to ``to``; its size in bytes."""
        return self._paper(number, "scorecard.json", to, None)

    def download_answers_json(self, number: str, to: BinaryIO) -> int:
        """Write the certified answers, to the byte that was attached, to ``to``; its size in bytes."""
        return self._paper(number, "answers.json", to, None)

    def download_credential(self, number: str, to: BinaryIO) -> int:
        """Write the certificate as a verifiable credential (JWT) to ``to``; its size in bytes."""
        return self._paper(number, "credential", to, None)

    def verify_paper(self, pdf: File) -> Verification:
        """Whether the seal of a paper is intact, the register stands behind it, and its answers give its score."""
        return self.wire.write(Verification, "POST", "/verifications", file=("pdf", "paper.pdf", pdf))

    def _paper(self, number: str, name: str, to: BinaryIO, language: str | None) -> int:
        return self.wire.fetch(path("certificates", number, name), to, language=language)


class Engine(Room):
    """Published questionnaires, and scores without an assessment."""

    def list_questionnaires(self) -> Iterator[Questionnaire]:
        """Every published version."""
        return self.wire.each(Questionnaire, "/questionnaires")

    def read_questionnaire(self, family: str, version: str) -> Any:
        """A definition as a JSON document without floats; its schema is ``docs/schema/definition.json``."""
        return self.wire.get(path("questionnaires", family, version))

    def score(
        self, family: str, answers: Mapping[str, object], *, version: str | None = None, digest: str | None = None
    ) -> Any:
        """The scorecard of these answers, as a JSON document without floats. Nothing is stored."""
        body = given(family=family, version=version, digest=digest, answers=answers)
        return from_json(self.wire.send("POST", "/score", query={"format": "json"}, body=body).content)

    def explain(
        self, family: str, answers: Mapping[str, object], *, version: str | None = None, digest: str | None = None
    ) -> Explanation:
        """Every number of that scorecard from its parts, in words."""
        body = given(family=family, version=version, digest=digest, answers=answers)
        return self.wire.write(Explanation, "POST", "/explain", body=body)
