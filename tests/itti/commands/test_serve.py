"""``itti serve`` and ``itti demo``: real use refuses everything that is only good for a demonstration."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from itti.accounts import service as accounts
from itti.accounts.tables import Role
from itti.acts import Act
from itti.database import Database
from questionnaires.loading import examples
from reports.seal import demonstration_sealer
from tests.itti.commands.conftest import ROOT, Run, Upgrade
from tests.itti.conftest import PASSWORD, make_settings

EXAMPLE = examples("itti", "1.0.0")[0]
SECRET = "0123456789abcdef0123456789abcdef"


def pkcs12_file(folder: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> Path:
    path = folder / "seal.p12"
    kind = serialization.BestAvailableEncryption(b"secret")
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", key, certificate, None, kind))
    return path


@pytest.fixture
def own_key(tmp_path: Path) -> Path:
    """A sealing key as a programme office would make one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Programme seal")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    return pkcs12_file(tmp_path, key, certificate)


def test_every_reason_is_named_at_once(itti: Run, upgrade: Upgrade) -> None:
    upgrade()
    said = itti("serve", "--port", "0", code=2, ITTI_PASSWORD_COST="cheap").err
    for word in ("demonstration secret", "no sealing key", "cheap", "ITTI_SECRET", "ITTI_SEAL_KEY"):
        assert word in said


def test_a_short_secret_is_refused(itti: Run, upgrade: Upgrade) -> None:
    upgrade()
    assert "fewer than 32 characters" in itti("serve", "--port", "0", code=2, ITTI_SECRET="short").err


def test_a_demonstration_key_is_refused_however_it_is_packed(itti: Run, upgrade: Upgrade, tmp_path: Path) -> None:
    upgrade()
    sealer = demonstration_sealer(tmp_path / "demonstration")
    assert isinstance(sealer.key, ec.EllipticCurvePrivateKey)
    path = pkcs12_file(tmp_path, sealer.key, sealer.certificate)
    environment = {"ITTI_SECRET": SECRET, "ITTI_SEAL_KEY": str(path), "ITTI_SEAL_PASSPHRASE": "secret"}
    assert "sealing key is a demonstration key" in itti("serve", "--port", "0", code=2, **environment).err


def test_demonstration_accounts_are_refused(itti: Run, upgrade: Upgrade, tmp_path: Path, own_key: Path) -> None:
    upgrade()
    settings = make_settings(tmp_path / "data")
    database = Database(settings)
    new = accounts.NewUser(
        email="demo@programme.example", name="Demo", role=Role.PROGRAMME, password=PASSWORD, demonstration=True
    )
    with database.writing() as session:
        accounts.create_user(session, Act(actor=None), settings, new)
    database.close()
    environment = {"ITTI_SECRET": SECRET, "ITTI_SEAL_KEY": str(own_key), "ITTI_SEAL_PASSPHRASE": "secret"}
    assert "demo@programme.example" in itti("serve", "--port", "0", code=2, **environment).err


def test_a_wrong_passphrase_is_named(itti: Run, upgrade: Upgrade, own_key: Path) -> None:
    upgrade()
    environment = {"ITTI_SECRET": SECRET, "ITTI_SEAL_KEY": str(own_key), "ITTI_SEAL_PASSPHRASE": "wrong"}
    assert str(own_key) in itti("serve", "--port", "0", code=2, **environment).err


def test_before_the_database_is_upgraded(itti: Run, own_key: Path) -> None:
    environment = {"ITTI_SECRET": SECRET, "ITTI_SEAL_KEY": str(own_key), "ITTI_SEAL_PASSPHRASE": "secret"}
    assert "itti database upgrade" in itti("serve", "--port", "0", code=2, **environment).err


def test_a_taken_port_is_named(itti: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"127.0.0.1:{port} is taken" in itti("demo", "--port", port, code=2).err


def test_an_office_without_second_factors_is_warned(itti: Run, upgrade: Upgrade, own_key: Path) -> None:
    upgrade()
    environment = {"ITTI_SECRET": SECRET, "ITTI_SEAL_KEY": str(own_key), "ITTI_SEAL_PASSPHRASE": "secret"}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert "ITTI_SECOND_FACTOR=office" in itti("serve", "--port", port, code=2, **environment).err
        asked = itti("serve", "--port", port, code=2, ITTI_SECOND_FACTOR="office", **environment).err
    assert "ITTI_SECOND_FACTOR" not in asked


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[str]:
    """The service as a process of its own; its address, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    settings = {"ITTI_DATA_FOLDER": str(folder / "data"), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "itti", "serve", "--port", str(port)],
        cwd=folder,
        env=kept | settings | environment,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            assert process.poll() is None, "the service ended"
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
            except OSError:
                time.sleep(0.1)
            else:
                break
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)


def test_valid_serves_with_a_real_key_and_nothing_of_the_demonstration(
    itti: Run, upgrade: Upgrade, tmp_path: Path, own_key: Path
) -> None:
    upgrade()
    environment = {"ITTI_SECRET": SECRET, "ITTI_SEAL_KEY": str(own_key), "ITTI_SEAL_PASSPHRASE": "secret"}
    with serving(tmp_path, **environment) as address, urllib.request.urlopen(f"{address}/", timeout=30) as answer:
        assert answer.status == 200
        assert "Content-Security-Policy" in answer.headers
    assert not (tmp_path / "data" / "keys").exists()


def test_the_register_of_a_service_is_asked_over_http(
    itti: Run, upgrade: Upgrade, tmp_path: Path, own_key: Path
) -> None:
    upgrade()
    itti("report", EXAMPLE, "--output", "draft.pdf")
    environment = {"ITTI_SECRET": SECRET, "ITTI_SEAL_KEY": str(own_key), "ITTI_SEAL_PASSPHRASE": "secret"}
    with serving(tmp_path, **environment) as address:
        found = itti("verify", "draft.pdf", "--json", "--register", address, code=1, ITTI_DATA_FOLDER="elsewhere")
    assert json.loads(found.out)["register"]["state"] == "unknown"
