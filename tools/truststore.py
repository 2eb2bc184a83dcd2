# ruff: noqa: INP001  (scripts of ./run, not a package)
"""Write the system's trusted certificates as a Java trust store: `python truststore.py OUTPUT`.

For a Java that was unpacked without root: the package's install script, which would have done this, never ran.
"""

import os
import ssl
import sys
import warnings
from pathlib import Path

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12Certificate, serialize_java_truststore
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509 import Certificate, load_pem_x509_certificates

DEBIAN = "/etc/ssl/certs/ca-certificates.crt"


def trusted() -> list[Certificate]:
    """The certificates of SSL_CERT_FILE, else of the system. Raises OSError when neither is there."""
    place = os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile or DEBIAN
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)  # some old roots break today's rules
        return load_pem_x509_certificates(Path(place).read_bytes())


def main(output: str) -> None:
    """Write them to `output`, under the password that Java takes for its own list ("changeit": it hides nothing)."""
    named = [PKCS12Certificate(certificate, f"ca-{n}".encode()) for n, certificate in enumerate(trusted())]
    Path(output).write_bytes(serialize_java_truststore(named, BestAvailableEncryption(b"changeit")))


if __name__ == "__main__":
    main(sys.argv[1])
