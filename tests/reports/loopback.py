"""A certificate authority on loopback: certificates, revocation lists, OCSP answers and time stamps over HTTP."""

from __future__ import annotations

import base64
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from werkzeug.serving import WSGIRequestHandler, make_server

KEYS = ("root", "issuer", "answers", "stamps", "stamps-2", "foreign", "seal", "revoked", "ended")

CONFIGURATION = """
keysets:
  programme:
    path-prefix: keys
    keys: {{ {keys} }}
pki-architectures:
  programme:
    keyset: programme
    entity-defaults: {{ country-name: QA, organization-name: Test programme }}
    entities:
      root: {{ common-name: Test root }}
      issuer: {{ common-name: Test issuer }}
      answers: {{ common-name: Test revocation answers }}
      stamps: {{ common-name: Test time stamps }}
      stamps-2: {{ common-name: Test time stamps }}
      foreign: {{ common-name: Foreign time stamps }}
      seal: {{ common-name: Test seal }}
      revoked: {{ common-name: Revoked seal }}
      ended: {{ common-name: Ended seal }}
    certs:
      root:
        subject: root
        subject-key: root
        issuer: root
        authority-key: root
        validity: {{ valid-from: "2026-01-01T00:00:00+0000", valid-to: "2050-01-01T00:00:00+0000" }}
        extensions: &authority
          - {{ id: basic_constraints, critical: true, value: {{ ca: true }} }}
          - id: key_usage
            critical: true
            smart-value: {{ schema: key-usage, params: [key_cert_sign, crl_sign] }}
      foreign-root:
        subject: foreign
        subject-key: foreign
        issuer: foreign
        authority-key: foreign
        validity: {{ valid-from: "2026-01-01T00:00:00+0000", valid-to: "2050-01-01T00:00:00+0000" }}
        extensions: &stamping
          - id: key_usage
            critical: true
            smart-value: {{ schema: key-usage, params: [digital_signature] }}
          - {{ id: extended_key_usage, critical: true, value: [time_stamping] }}
          - id: crl_distribution_points
            smart-value: {{ schema: crl-dist-url, params: {{ crl-repo-names: [root] }} }}
      issuer:
        issuer: root
        validity: {{ valid-from: "2026-01-01T00:00:00+0000", valid-to: "2050-01-01T00:00:00+0000" }}
        extensions:
          - {{ id: basic_constraints, critical: true, value: {{ ca: true }} }}
          - id: key_usage
            critical: true
            smart-value: {{ schema: key-usage, params: [key_cert_sign, crl_sign] }}
          - id: crl_distribution_points
            smart-value: {{ schema: crl-dist-url, params: {{ crl-repo-names: [root] }} }}
      answers:
        issuer: issuer
        validity: {{ valid-from: "2026-01-01T00:00:00+0000", valid-to: "2050-01-01T00:00:00+0000" }}
        extensions:
          - {{ id: extended_key_usage, critical: true, value: [ocsp_signing] }}
          - {{ id: ocsp_no_check }}
      stamps:
        issuer: root
        validity: {{ valid-from: "2026-01-01T00:00:00+0000", valid-to: "2050-01-01T00:00:00+0000" }}
        extensions: *stamping
      stamps-2:
        issuer: root
        validity: {{ valid-from: "2026-01-01T00:00:00+0000", valid-to: "2050-01-01T00:00:00+0000" }}
        extensions: *stamping
      seal:
        issuer: issuer
        validity: {{ valid-from: "2026-01-01T00:00:00+0000", valid-to: "2050-01-01T00:00:00+0000" }}
        extensions: &sealing
          - id: key_usage
            critical: true
            smart-value: {{ schema: key-usage, params: [digital_signature, non_repudiation] }}
          - id: authority_information_access
            smart-value: {{ schema: aia-urls, params: {{ ocsp-responder-names: [issuer] }} }}
      revoked:
        issuer: issuer
        validity: {{ valid-from: "2026-01-01T00:00:00+0000", valid-to: "2050-01-01T00:00:00+0000" }}
        extensions: *sealing
        revocation: {{ revoked-since: "2026-02-01T00:00:00+0000", reason: key_compromise }}
      ended:
        issuer: issuer
        validity: {{ valid-from: "2026-01-01T00:00:00+0000", valid-to: "2026-03-01T00:00:00+0000" }}
        extensions: *sealing
    services:
      ocsp:
        issuer: {{ for-issuer: issuer, responder-cert: answers, signing-key: answers }}
      crl-repo:
        root: {{ for-issuer: root, signing-key: root, simulated-update-schedule: "P30D" }}
      time-stamping:
        stamps: {{ signing-key: stamps, signing-cert: stamps }}
        stamps-2: {{ signing-key: stamps-2, signing-cert: stamps-2 }}
        foreign: {{ signing-key: foreign, signing-cert: foreign-root }}
"""


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Nothing."""


class Loopback:
    """The authority, and what may go wrong with it."""

    def __init__(self, folder: Path) -> None:
        (folder / "keys").mkdir(parents=True)
        for name in KEYS:
            key = ec.generate_private_key(ec.SECP256R1())
            encodings = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, NoEncryption())
            (folder / "keys" / f"{name}.pem").write_bytes(key.private_bytes(*encodings))
        self.folder = folder
        self.asked: Counter[str] = Counter()
        self.down: set[str] = set()
        """Services that answer 503: ``tsa``, ``ocsp``, ``crls``."""

        self.password: str | None = None
        """Asked for, when set, as ``office:password``."""

        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=_Quiet)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        text = CONFIGURATION.format(keys=", ".join(f"{name}: {{ path: {name}.pem }}" for name in KEYS))
        configuration = CertomancerConfig.from_yaml(text, str(folder), external_url_prefix=self.address)
        self._architecture = configuration.get_pki_arch(ArchLabel("programme"))
        store = AnimatorArchStore({ArchLabel("programme"): self._architecture})
        self._animator, self._stamper = (Animator(store, with_web_ui=False) for _ in range(2))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def stamps(self, service: str = "stamps") -> str:
        """Address of a time-stamp service."""
        return f"{self.address}/programme/tsa/{service}"

    def certificate(self, label: str) -> x509.Certificate:
        return x509.load_der_x509_certificate(self._architecture.get_cert(CertLabel(label)).dump())

    def packed(self, label: str = "seal") -> Path:
        """A PKCS#12 file with a sealing key, without a passphrase."""
        key = serialization.load_pem_private_key((self.folder / "keys" / f"{label}.pem").read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        chain = [self.certificate("issuer"), self.certificate("root")]
        path = self.folder / f"{label}.p12"
        leaf = self.certificate(label)
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", key, leaf, chain, NoEncryption()))
        return path

    def pem(self, label: str) -> Path:
        """A certificate in a file."""
        path = self.folder / f"{label}.pem"
        path.write_bytes(self.certificate(label).public_bytes(serialization.Encoding.PEM))
        return path

    @contextmanager
    def at(self, moment: datetime | None) -> Iterator[None]:
        """The clock of its time stamps says ``moment``."""
        self._stamper.fixed_time = moment
        try:
            yield
        finally:
            self._stamper.fixed_time = None

    @contextmanager
    def without(self, *services: str) -> Iterator[None]:
        """These services are down."""
        self.down = set(services)
        try:
            yield
        finally:
            self.down = set()

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        service = environ["PATH_INFO"].split("/")[2]
        self.asked[service] += 1
        if service in self.down:
            start("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"later"]
        expected = self.password and "Basic " + base64.b64encode(f"office:{self.password}".encode()).decode()
        if service == "tsa" and expected and environ.get("HTTP_AUTHORIZATION") != expected:
            start("401 Unauthorized", [("Content-Type", "text/plain")])
            return [b"who?"]
        answer: Iterable[bytes] = (self._stamper if service == "tsa" else self._animator)(environ, start)
        return answer
