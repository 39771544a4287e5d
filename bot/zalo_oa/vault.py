"""Sealed at rest: tokens are written so that the database alone, or a backup of it, opens nothing."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"dondoc: zalo official account tokens"


class SealBrokenError(Exception):
    """What was sealed with another key, or changed since."""


class Vault:
    """Két: seals and opens with a key of its own, drawn from the organisation's SECRET_KEY for this purpose alone."""

    def __init__(self, secret_key: str) -> None:
        drawn = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret_key.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(drawn))

    def seal(self, secret: str) -> str:
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises SealBrokenError, which holds nothing of either."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            pass
        raise SealBrokenError
