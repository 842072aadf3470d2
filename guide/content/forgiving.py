"""Placeholder."""

from collections.abc import Iterator


def forgiven(text: str) -> str:
    return text


def untold(text: str) -> Iterator[tuple[int, str, dict[str, str | int]]]:
    return iter(())
