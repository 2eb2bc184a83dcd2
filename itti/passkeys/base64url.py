"""Bytes as WebAuthn writes them in JSON: base64url without padding (RFC 4648 section 5)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode


def encoded(data: bytes) -> str:
    """``data`` as text."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """What ``text`` stands for; padding may be there.

    Raises:
        ValueError: it is no base64url.
    """
    return urlsafe_b64decode(f"{text}===")
