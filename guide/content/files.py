"""The content as files: path below the folder -> text, byte for byte."""

from __future__ import annotations

from pathlib import Path

from guide.content.mistakes import ContentError, Place, mistake

_SUFFIXES = (".md", ".yaml")


def read_files(folder: Path) -> dict[str, str]:
    """Every content file under a folder. Raises ContentError for a file that is not UTF-8."""
    texts: dict[str, str] = {}
    mistakes = []
    for file in sorted(folder.rglob("*")):
        if file.suffix not in _SUFFIXES or file.parent == folder and file.name == "README.md":
            continue
        path = file.relative_to(folder).as_posix()
        try:
            texts[path] = file.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            mistakes.append(mistake(path, "not-utf8", Place(part=f"byte {error.start}")))
    if mistakes:
        raise ContentError(mistakes)
    return texts


def write_files(folder: Path, texts: dict[str, str]) -> None:
    """Write texts as files, byte for byte; content files that are not among them are removed, equal ones left untouched.

    Raises ValueError, before anything is written, for a path that leads out of the folder.
    """
    for path in texts:
        if not (folder / path).resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"{path} leads out of {folder}")
    before = read_files(folder) if folder.is_dir() else {}
    for path in set(before) - set(texts):
        (folder / path).unlink()
    for path, text in texts.items():
        if before.get(path) == text:
            continue
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8"))
