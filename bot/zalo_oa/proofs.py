"""What proves who speaks: PKCE for the consent (RFC 7636), a hash over the raw bytes for each webhook. Pure."""

import base64
import hashlib
import hmac
import secrets

VERIFIER_BYTES = 32
_MAC = "mac="


def new_verifier() -> str:
    """43 characters of the unreserved alphabet, as RFC 7636 §4.1 wants and Zalo takes."""
    return _url_safe(secrets.token_bytes(VERIFIER_BYTES))


def challenge_of(verifier: str) -> str:
    """S256: what is shown in the consent's address, and says nothing of the verifier (RFC 7636 §4.2)."""
    return _url_safe(hashlib.sha256(verifier.encode()).digest())


def _url_safe(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signature_of(body: bytes, *, app_id: str, timestamp: str, key: str) -> str:
    """`mac=<hex>` as Zalo puts it in X-ZEvent-Signature: sha256(app id + raw body + timestamp + the OA's key)."""
    return _MAC + hashlib.sha256(app_id.encode() + body + timestamp.encode() + key.encode()).hexdigest()


def is_signed(given: bytes, body: bytes, *, app_id: str, timestamp: str, key: str) -> bool:
    """In constant time; with or without "mac=" in front, for both were seen."""
    right = signature_of(body, app_id=app_id, timestamp=timestamp, key=key).encode()
    given = given if given.startswith(_MAC.encode()) else _MAC.encode() + given
    return hmac.compare_digest(given.lower(), right)
