"""What a browser sent, as the database takes it. Pure."""

from __future__ import annotations

_LARGEST = 2**63 - 1  # of a number in a database


def lines_of(text: str) -> str:
    """Lines that end with LF, as in files: browsers send CRLF. Without NUL, which PostgreSQL does not take."""
    return text.replace("\r\n", "\n").replace("\0", "")


def one_line(text: str, most: int) -> str:
    """One line, of so many letters at most."""
    return " ".join(text.replace("\0", "").split())[:most]


def number_of(text: str) -> int:
    """A whole number that can be a key in the database; 0 for anything else."""
    found = int(text) if text.isdecimal() and len(text) <= len(str(_LARGEST)) else 0
    return found if found <= _LARGEST else 0
