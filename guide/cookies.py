"""Small sealed cookies: readable by this server only, gone when the browser closes."""

from __future__ import annotations

import base64
import json
import os
import time
import zlib
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest, HttpResponse

_NONCE = 12  # bytes, NIST SP 800-38D section 8.2.2
# On a shared computer a browser may stay open for days.
_FORGOTTEN_AFTER = 12 * 60 * 60  # seconds


class SealedCookie:
    """A JSON value in an HttpOnly session cookie, encrypted with AES-256-GCM.

    The key is derived from SECRET_KEY by HKDF (RFC 5869), bound to the cookie's name.
    """

    def __init__(self, name: str, path: str, samesite: str) -> None:
        self.name, self.path, self.samesite = name, path, samesite

    def read(self, request: HttpRequest) -> Any:
        """The value, or None where there is none, it was tampered with, or it is too old."""
        try:
            text = request.COOKIES.get(self.name, "")
            sealed = base64.urlsafe_b64decode(text)
            if base64.urlsafe_b64encode(sealed).decode() != text:
                return None  # base 64 has several spellings for the same bytes; ours is one
            opened = self._cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], self.name.encode())
            written, value = json.loads(zlib.decompress(opened))
        except (ValueError, InvalidTag, zlib.error):
            return None
        return value if time.time() - written < _FORGOTTEN_AFTER else None

    def write(self, request: HttpRequest, response: HttpResponse, value: Any) -> None:
        """Set the cookie on a response."""
        packed = zlib.compress(json.dumps([int(time.time()), value], separators=(",", ":")).encode())
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher().encrypt(nonce, packed, self.name.encode())
        response.set_cookie(
            self.name,
            base64.urlsafe_b64encode(sealed).decode(),
            path=self.path,
            secure=settings.TRUST_PROXY or request.is_secure(),
            httponly=True,
            samesite=self.samesite,  # type: ignore[arg-type]
        )

    def clear(self, response: HttpResponse) -> None:
        """Remove the cookie."""
        response.delete_cookie(self.name, path=self.path, samesite=self.samesite)  # type: ignore[arg-type]

    def _cipher(self) -> AESGCM:
        key = HKDF(SHA256(), 32, salt=None, info=b"guide cookie " + self.name.encode()).derive(settings.SECRET_KEY.encode())
        return AESGCM(key)
