"""Sealing: keys kept safely, plainly named demonstrations, and a seal that other tools accept."""

import io
import stat
import subprocess
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from questionnaires.loading import load
from reports.authority import DEMONSTRATION, DemonstrationAuthority
from reports.errors import NotSealable, SealCertificateNotValid, SealKeyUnusable
from reports.render import render
from reports.report import Standing
from reports.seal import Sealer, demonstration_sealer, load_pkcs12, seal
from reports.verify import SealState, examine
from tests.reports.conftest import AT
from tests.reports.papers import itti, report
from tests.reports.programme import Programme


def test_authority_is_made_once_plainly_named_and_kept_from_others(folder: Path) -> None:
    first = DemonstrationAuthority(folder / "keys")
    again = DemonstrationAuthority(folder / "keys")
    assert first.root == again.root
    assert first.seal_certificate == again.seal_certificate
    assert again.seal_key.public_key() == first.seal_certificate.public_key()
    for certificate in (first.root, first.seal_certificate):
        assert DEMONSTRATION in certificate.subject.rfc4514_string()
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(first.path.parent.stat().st_mode) == 0o700
    assert [path.name for path in first.path.parent.iterdir()] == [first.path.name], "no half-written file stays"


def test_two_first_starts_at_once_end_up_with_one_authority(folder: Path) -> None:
    roots: list[bytes] = []
    gate = threading.Barrier(6)

    def start() -> None:
        gate.wait()
        roots.append(DemonstrationAuthority(folder).root.fingerprint(hashes.SHA256()))

    starts = [threading.Thread(target=start) for _ in range(6)]
    for each in starts:
        each.start()
    for each in starts:
        each.join()
    assert len(roots) == 6
    assert len(set(roots)) == 1


def test_damaged_authority_is_named_and_not_replaced(folder: Path) -> None:
    path = DemonstrationAuthority(folder).path
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(SealKeyUnusable, match="damaged"):
        demonstration_sealer(folder)
    assert len(path.read_bytes()) == 900


def test_programme_key_seals_and_is_no_demonstration(folder: Path, papers: Mapping[str, bytes]) -> None:
    own = load_pkcs12(Programme().packed(folder / "programme.p12"), "secret")
    assert not own.is_demonstration
    assert [each.subject.rfc4514_string() for each in own.chain] == ["CN=Programme seal", "CN=Programme root"]
    found = examine(seal(papers["en"], own, reason="Issued", at=AT), [own.root], load).seal
    assert (found.state, found.code, found.signer) == (SealState.INTACT, "intact", "Programme seal")
    assert not found.is_demonstration


@pytest.mark.parametrize("days", [-900, 900])
def test_outside_the_life_of_its_certificate_nothing_is_sealed(
    folder: Path, papers: Mapping[str, bytes], days: int
) -> None:
    own = load_pkcs12(Programme().packed(folder / "programme.p12"), "secret")
    with pytest.raises(SealCertificateNotValid, match="Programme seal"):
        seal(papers["en"], own, reason="Issued", at=AT + timedelta(days=days))


def test_seal_outside_the_life_of_its_certificate_is_not_trusted(
    folder: Path, papers: Mapping[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = load_pkcs12(Programme().packed(folder / "programme.p12"), "secret")
    monkeypatch.setattr(Sealer, "check", lambda *_: None)
    late = seal(papers["en"], own, reason="Issued", at=AT + timedelta(days=900))
    found = examine(late, [own.root], load).seal
    assert (found.state, found.code) == (SealState.UNTRUSTED, "certificate-invalid")


def test_a_key_of_another_certificate_is_named(folder: Path) -> None:
    programme, key = Programme(), ec.generate_private_key(ec.SECP256R1())
    other = programme.issue("Programme seal", ec.generate_private_key(ec.SECP256R1()).public_key())
    path = folder / "mixed.p12"
    encryption = BestAvailableEncryption(b"secret")
    path.write_bytes(pkcs12.serialize_key_and_certificates(None, key, None, [other], encryption))
    with pytest.raises(SealKeyUnusable, match="kind"):
        load_pkcs12(path, "secret")


@pytest.mark.parametrize(("passphrase", "reason"), [("wrong", "passphrase"), (None, "passphrase")])
def test_wrong_passphrase_is_named(folder: Path, passphrase: str | None, reason: str) -> None:
    with pytest.raises(SealKeyUnusable) as caught:
        load_pkcs12(Programme().packed(folder / "programme.p12"), passphrase)
    assert caught.value.details["reason"] == reason


def test_missing_key_file_is_named(folder: Path) -> None:
    with pytest.raises(SealKeyUnusable, match=r"nothing\.p12"):
        load_pkcs12(folder / "nothing.p12", None)


def test_seal_certifies_the_whole_file_at_the_stated_time(sealed: Mapping[str, bytes], folder: Path) -> None:
    for language, paper in sealed.items():
        path = folder / f"{language}.pdf"
        path.write_bytes(paper)
        with pikepdf.open(path) as document:
            signature = document.Root.Perms.DocMDP
            assert int(signature.Reference[0].TransformParams.P) == 1
            assert str(signature.SubFilter) == "/ETSI.CAdES.detached"
            assert str(signature.M).startswith("D:20260618093000")
            assert len(document.Root.AcroForm.Fields) == 1
            drawn = bytes(document.Root.AcroForm.Fields[0].AP.N.read_bytes()).split()
            assert {each for each in drawn if each.isalpha()} <= {b"q", b"Q", b"gs", b"cm"}, "the page draws the seal"


@pytest.mark.judge
def test_qpdf_and_pdfsig_agree(sealed: Mapping[str, bytes], folder: Path) -> None:
    path = folder / "paper.pdf"
    path.write_bytes(sealed["ar"])
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)
    said = subprocess.run(["pdfsig", "-nocert", path], check=True, capture_output=True, text=True).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert DEMONSTRATION in said


def test_a_paper_is_sealed_once(sealed: Mapping[str, bytes], sealer: Sealer) -> None:
    with pytest.raises(NotSealable, match="sealed-already"):
        seal(sealed["en"], sealer, reason="Again", at=AT)


@pytest.mark.parametrize("junk", [b"", b"hello", b"%PDF-1.7\nnothing"])
def test_only_a_pdf_is_sealed(sealer: Sealer, junk: bytes) -> None:
    with pytest.raises(NotSealable, match="not-a-pdf"):
        seal(junk, sealer, reason="Issued", at=AT)


def test_time_without_a_zone_is_a_mistake_of_the_caller(papers: Mapping[str, bytes], sealer: Sealer) -> None:
    with pytest.raises(ValueError, match="time zone"):
        seal(papers["en"], sealer, reason="Issued", at=datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_paper_without_a_drawn_seal_gets_an_invisible_field(draft: bytes, sealer: Sealer) -> None:
    done = seal(draft, sealer, reason="Archived", at=AT)
    with pikepdf.open(io.BytesIO(done)) as document:
        assert [float(number) for number in document.Root.AcroForm.Fields[0].Rect] == [0, 0, 0, 0]
    assert examine(done, [sealer.root], load).seal.state is SealState.INTACT


def test_history_can_be_sealed_with_past_dates(sealer: Sealer) -> None:
    paper = render(report(Standing.DEMONSTRATION), itti(), "en")
    past = AT.replace(year=2024)
    found = examine(seal(paper, sealer, reason="Issued", at=past), [sealer.root], load).seal
    assert (found.state, found.sealed_at) == (SealState.INTACT, past)
