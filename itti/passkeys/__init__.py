"""Passkeys (WebAuthn): a key that a device or a security key holds, and proves after it has looked who holds it."""
