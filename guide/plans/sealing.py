"""A plan's code, and what it opens. Pure: no Django, no clock, no database.

The code is 100 random bits, written as 20 letters of Crockford's base 32 (no I, L, O, U) and a check
letter. From the code alone come, by HKDF-SHA256 (RFC 5869), the plan's address, of which the table
holds only a SHA-256, and the key that wraps the plan's data key by AES-256-GCM (NIST SP 800-38D).
With 100 random bits nothing is gained by a slow key derivation. Whoever has the table but no code
can neither find a person's plan nor read any.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Purpose: TypeAlias = Literal["plan", "view"]

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS = 20
_NONCE = 12
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


class WrongCodeError(ValueError):
    """Not a code: it has another length, an impossible letter, or the check letter does not fit."""


class CannotOpenError(ValueError):
    """The sealed bytes do not belong to this key or place, or were changed."""


@dataclass(frozen=True)
class Keys:
    """What a code gives: `address` to find the row by (64 hex digits), `wrapping` to open its data key."""

    address: str
    wrapping: bytes


def new_code() -> str:
    """A fresh code, without hyphens."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(_LETTERS))
    return letters + _check_letter(letters)


def spell(code: str) -> str:
    """A code in groups of four, as it is shown and printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(typed: str) -> str:
    """A code as someone typed it: case, spaces and hyphens do not matter, O is 0, I and L are 1.

    Raises WrongCodeError.
    """
    code = "".join(letter for letter in typed.upper() if letter.isalnum()).translate(_READ_AS)
    if len(code) != _LETTERS + 1 or set(code) - set(ALPHABET) or _check_letter(code[:-1]) != code[-1]:
        raise WrongCodeError("This is not a code.")
    return code


def _check_letter(letters: str) -> str:
    """Luhn's algorithm, mod 32: finds every single wrong letter and nearly every swap of two neighbours."""
    total = 0
    for place, letter in enumerate(reversed(letters)):
        value = ALPHABET.index(letter) * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


def keys(code: str, purpose: Purpose = "plan") -> Keys:
    """Address and wrapping key of a code (as `read_code` gives it). What a code opens depends on its purpose."""
    derived = HKDF(SHA256(), 64, salt=None, info=b"guide %s 1" % purpose.encode()).derive(code[:_LETTERS].encode("ascii"))
    return Keys(hashlib.sha256(derived[:32]).hexdigest(), derived[32:])


def new_data_key() -> bytes:
    """A random 256-bit key for one plan."""
    return AESGCM.generate_key(256)


def seal(key: bytes, clear: bytes, place: str) -> bytes:
    """Encrypt, bound to a place (what and where it is), so that it cannot be put anywhere else."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, clear, place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """Decrypt what `seal` made for this place. Raises CannotOpenError."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotOpenError("These bytes cannot be opened here.") from error
