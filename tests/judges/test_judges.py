"""The judges say yes to what is right and no to what is wrong; a judge that always agrees would prove nothing."""

from pathlib import Path

import pytest

from tests.judges import dss, pdfsig, qpdf_check, verapdf, verapdf_all
from tests.judges.conversation import JudgeFailed

pytestmark = pytest.mark.judge


def test_verapdf_passes_a_good_file_and_says_how_much_it_checked(archivable: Path) -> None:
    result = verapdf(archivable, "3a")

    assert result.passed, result
    assert result.checks > 100
    assert result.failures == ()


def test_verapdf_names_each_rule_that_a_bad_file_breaks(plain: Path) -> None:
    result = verapdf(plain, "3a")

    assert not result.passed
    rules = {failure.rule: failure for failure in result.failures}
    assert "6.6.2.1-1" in rules, result  # ISO 19005-3, 6.6.2.1: the catalogue shall hold XMP metadata
    assert rules["6.6.2.1-1"].count == 1
    assert "metadata" in rules["6.6.2.1-1"].message.lower()


def test_verapdf_judges_several_files_for_both_flavours(archivable: Path, accessible: Path) -> None:
    results = verapdf_all([archivable, accessible])

    verdicts = {(result.path.name, result.flavour): result.passed for result in results}
    assert verdicts == {
        ("archivable.pdf", "3a"): True,
        ("archivable.pdf", "ua1"): False,
        ("accessible.pdf", "3a"): False,
        ("accessible.pdf", "ua1"): True,
    }


def test_a_judge_survives_a_file_that_is_no_pdf(tmp_path: Path, archivable: Path) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_text("Dear judge", "utf-8")

    with pytest.raises(JudgeFailed, match=r"letter\.pdf"):
        verapdf(letter, "3a")
    assert verapdf(archivable, "3a").passed


def test_dss_passes_a_signature_whose_signer_it_trusts(signed: Path, signer: Path) -> None:
    result = dss(signed, trusted=(signer,))

    (signature,) = result.signatures
    assert signature.indication == "TOTAL_PASSED", signature
    assert signature.format == "PAdES-BASELINE-B"
    assert signature.signed_by == "Judged seal"
    assert signature.intact
    assert signature.scopes == ("FULL",)


def test_dss_does_not_pass_a_signer_it_was_not_told_to_trust(signed: Path) -> None:
    (signature,) = dss(signed).signatures

    assert (signature.indication, signature.sub_indication) == ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND")
    assert signature.intact


def test_dss_fails_a_tampered_file(tampered: Path, signer: Path) -> None:
    (signature,) = dss(tampered, trusted=(signer,)).signatures

    assert (signature.indication, signature.sub_indication) == ("TOTAL_FAILED", "HASH_FAILURE")
    assert signature.errors


def test_dss_finds_no_signature_in_an_unsigned_file(plain: Path) -> None:
    assert dss(plain).signatures == ()


def test_pdfsig_passes_the_signed_and_fails_the_tampered_file(signed: Path, tampered: Path, plain: Path) -> None:
    (good,) = pdfsig(signed).signatures
    (bad,) = pdfsig(tampered).signatures

    assert (good.valid, good.whole_document, good.kind) == (True, True, "ETSI.CAdES.detached")
    assert good.signer == "Judged seal"
    assert not bad.valid
    assert "Digest Mismatch" in bad.verdict
    assert pdfsig(plain).signatures == ()


def test_qpdf_passes_a_whole_and_fails_a_truncated_file(tmp_path: Path, archivable: Path) -> None:
    half = tmp_path / "half.pdf"
    content = archivable.read_bytes()
    half.write_bytes(content[: len(content) // 2])

    assert qpdf_check(archivable).passed, qpdf_check(archivable).output
    assert not qpdf_check(half).passed


def test_a_request_cannot_smuggle_in_a_second_one(tmp_path: Path, plain: Path) -> None:
    trap = tmp_path / "a\nb.pdf"
    trap.write_bytes(plain.read_bytes())

    with pytest.raises(ValueError, match="line breaks"):
        verapdf(trap, "3a")


def test_the_pom_names_no_address() -> None:
    pom = Path(__file__).with_name("pom.xml").read_text("utf-8")

    assert "<repositor" not in pom
    assert pom.count("://") == 1  # Maven's own name for the format of this file
    assert 'xmlns="http://maven.apache.org/POM/4.0.0"' in pom


def test_every_jar_is_pinned_by_its_hash() -> None:
    lines = Path(__file__).with_name("jars.lock").read_text("utf-8").splitlines()

    assert len(lines) > 40
    for line in lines:
        digest, name = line.split()
        assert len(bytes.fromhex(digest)) == 32
        assert name.endswith(".jar")
