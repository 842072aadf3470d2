"""What a browser sent, as the database takes it. Pure."""

from __future__ import annotations

import re

_LARGEST = 2**63 - 1  # of a number in a database
_CRLF = re.compile(r"(?<!\r)\r\n")  # a CR more is none of ours: it stays, and is told where it could hide something


def with_lf(text: str) -> str:
    """Lines that end with LF instead of CR LF."""
    return _CRLF.sub("\n", text)


def lines_of(text: str) -> str:
    """Lines that end with LF, as in files: browsers send CRLF. Without NUL, which PostgreSQL does not take."""
    return with_lf(text).replace("\0", "")


def one_line(text: str, most: int) -> str:
    """One line, of so many letters at most."""
    return " ".join(text.replace("\0", "").split())[:most]


def number_of(text: str) -> int:
    """A whole number that can be a key in the database; 0 for anything else."""
    found = int(text) if text.isdecimal() and len(text) <= len(str(_LARGEST)) else 0
    return found if found <= _LARGEST else 0
