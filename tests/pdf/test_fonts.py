"""The list of letters that the fonts show is true. `python -m tests.pdf.test_fonts` writes it anew."""

from __future__ import annotations

from itertools import groupby

from fontTools.ttLib import TTFont

from guide.pdf import FONTS

COVERAGE = FONTS / "coverage.txt"


def ranges() -> str:
    """What at least one font shows, from U+0020 on, as lines of ranges in hexadecimal."""
    covered: set[int] = set()
    for file in FONTS.glob("*.ttf"):
        with TTFont(file, lazy=True) as font:
            covered |= set(font.getBestCmap())
    letters = sorted(code for code in covered if code >= 0x20)
    runs = [[code for _, code in run] for _, run in groupby(enumerate(letters), lambda pair: pair[1] - pair[0])]
    return "".join(f"{run[0]:X}-{run[-1]:X}\n" if len(run) > 1 else f"{run[0]:X}\n" for run in runs)


def test_the_list_of_letters_is_what_the_fonts_show() -> None:
    assert COVERAGE.read_text() == ranges()


def test_every_font_comes_with_its_licence_and_all_stay_small() -> None:
    readme = (FONTS / "README.md").read_text()
    assert all((FONTS / name).stat().st_size > 1000 for name in ("OFL.txt", "DejaVu.txt", "Apache-2.0.txt"))
    for file in FONTS.glob("*.ttf"):
        assert file.name.split("-")[0].removesuffix(".ttf")[:8] in readme
    assert sum(file.stat().st_size for file in FONTS.iterdir()) < 9_000_000


if __name__ == "__main__":
    COVERAGE.write_text(ranges())
