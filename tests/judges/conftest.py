"""The files that the judges are tried on: one good, one bad, one signed, one tampered with."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import SigSeedSubFilter

from tests.judges.absence import CHECKOUT

PAGE = """<!DOCTYPE html><html lang="en"><head><title>A page to judge</title>
<style>body { font-family: "Noto Sans" }</style></head><body><h1>Index 3.5</h1><p>A short page.</p></body></html>"""

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""

# In a process of its own: fontconfig reads its configuration once, and other tests of this process need theirs.
RENDER = """
import sys
from pathlib import Path
from weasyprint import HTML
page, output, *variant = sys.argv[1:]
options = {"pdf_variant": variant[0]} if variant else {}
HTML(string=Path(page).read_text("utf-8")).write_pdf(output, **options)
"""


def rendered(folder: Path, name: str, *variant: str) -> Path:
    """A one-page PDF by WeasyPrint, with the fonts of the reports and no others."""
    output = folder / name
    page = folder / "page.html"
    page.write_text(PAGE, "utf-8")
    fonts = folder / "fonts.conf"
    fonts.write_text(FONTS.format(fonts=CHECKOUT / "reports" / "fonts", cache=folder / "cache"), "utf-8")
    subprocess.run(
        [sys.executable, "-c", RENDER, str(page), str(output), *variant],
        check=True,
        env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
    )
    return output


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the judged files; its name has a space, as a checkout's may."""
    return tmp_path_factory.mktemp("judged files")


@pytest.fixture(scope="session")
def archivable(folder: Path) -> Path:
    """A good PDF/A-3a (and no PDF/UA: it lacks that identifier)."""
    return rendered(folder, "archivable.pdf", "pdf/a-3a")


@pytest.fixture(scope="session")
def accessible(folder: Path) -> Path:
    """A good PDF/UA-1 (and no PDF/A)."""
    return rendered(folder, "accessible.pdf", "pdf/ua-1")


@pytest.fixture(scope="session")
def plain(folder: Path) -> Path:
    """A PDF that keeps neither standard."""
    return rendered(folder, "plain.pdf")


@pytest.fixture(scope="session")
def signer(folder: Path) -> Path:
    """A self-signed certificate (PEM); its key lies beside it as signer.key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Judged seal")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "signer.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    encodings = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.with_suffix(".key").write_bytes(key.private_bytes(*encodings))
    return path


@pytest.fixture(scope="session")
def signed(folder: Path, archivable: Path, signer: Path) -> Path:
    """The good file with a PAdES signature."""
    path = folder / "signed.pdf"
    hand = SimpleSigner.load(str(signer.with_suffix(".key")), str(signer))  # type: ignore[no-untyped-call]
    metadata = PdfSignatureMetadata(field_name="Seal", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    with archivable.open("rb") as unsigned, path.open("wb") as output:
        sign_pdf(IncrementalPdfFileWriter(unsigned), metadata, signer=hand, output=output)
    return path


@pytest.fixture(scope="session")
def tampered(folder: Path, signed: Path) -> Path:
    """The signed file with one signed byte changed, of no other consequence: every reader still opens it."""
    content = bytearray(signed.read_bytes())
    content[9] ^= 1  # within the comment on the second line
    path = folder / "tampered.pdf"
    path.write_bytes(content)
    return path
