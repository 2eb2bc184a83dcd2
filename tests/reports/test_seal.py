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
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from questionnaires.loading import load
from reports.authority import DEMONSTRATION, DemonstrationAuthority
from reports.errors import NotSealable, SealKeyUnusable
from reports.render import render
from reports.report import Standing
from reports.seal import Sealer, demonstration_sealer, load_pkcs12, seal
from reports.verify import SealState, examine
from tests.reports.conftest import AT
from tests.reports.papers import itti, report


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


def programme_key(folder: Path, passphrase: bytes = b"secret", *, key: object = None) -> Path:
    """A PKCS#12 file of a programme's own authority."""
    root_key, seal_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    names = [
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("Programme root", "Programme seal")
    ]
    certificates = []
    for name, own in zip(names, (root_key, seal_key), strict=True):
        certificates.append(
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(names[0])
            .public_key(own.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(AT - timedelta(days=300))
            .not_valid_after(AT + timedelta(days=300))
            .add_extension(x509.BasicConstraints(ca=name is names[0], path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=True,
                    content_commitment=True,
                    key_encipherment=False,
                    data_encipherment=False,
                    key_agreement=False,
                    key_cert_sign=name is names[0],
                    crl_sign=False,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
            .sign(root_key, hashes.SHA256())
        )
    path = folder / "programme.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"seal", seal_key, certificates[1], [certificates[0]], BestAvailableEncryption(passphrase)
        )
    )
    return path


def test_programme_key_seals_and_is_no_demonstration(folder: Path, papers: Mapping[str, bytes]) -> None:
    own = load_pkcs12(programme_key(folder), "secret")
    assert not own.is_demonstration
    assert [each.subject.rfc4514_string() for each in own.chain] == ["CN=Programme seal", "CN=Programme root"]
    found = examine(seal(papers["en"], own, reason="Issued", at=AT), [own.root], load).seal
    assert (found.state, found.code, found.signer) == (SealState.INTACT, "intact", "Programme seal")
    assert not found.is_demonstration


def test_seal_outside_the_life_of_its_certificate_is_not_trusted(folder: Path, papers: Mapping[str, bytes]) -> None:
    own = load_pkcs12(programme_key(folder), "secret")
    late = seal(papers["en"], own, reason="Issued", at=AT + timedelta(days=900))
    found = examine(late, [own.root], load).seal
    assert (found.state, found.code) == (SealState.UNTRUSTED, "certificate-invalid")


@pytest.mark.parametrize(("passphrase", "reason"), [("wrong", "passphrase"), (None, "passphrase")])
def test_wrong_passphrase_is_named(folder: Path, passphrase: str | None, reason: str) -> None:
    with pytest.raises(SealKeyUnusable) as caught:
        load_pkcs12(programme_key(folder), passphrase)
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
