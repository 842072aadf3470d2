"""Markdown as people type and paste it: what becomes what it means, what is told, and what stays as it is."""

from __future__ import annotations

import html
import time
from collections.abc import Iterator
from pathlib import Path

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.content.forgiving import forgiven, untold
from guide.content.remedies import REMEDIES
from tests.nasty import BODIES

CONTENT = Path(__file__).parents[2] / "content" / "en"


def html_of(text: str) -> str:
    """What the renderer makes of it, without the ends of lines. What was forgiven is right, so it stays as it is."""
    once = forgiven(text)
    assert forgiven(once) == once
    rendered = markdown.markdown(once, extensions=["tables", "sane_lists"], output_format="html")
    return rendered.replace("\n", "").replace("<p>", "").replace("</p>", "")


def told(text: str) -> list[tuple[int, str]]:
    found = list(untold(text))
    for _, code, words in found:
        assert REMEDIES[code].format(**words)
    return [(number, code) for number, code, _ in found]


def bodies() -> Iterator[tuple[str, str]]:
    for path in sorted(CONTENT.rglob("*.md")):
        if path.parent.name != "plan":
            yield path.name, path.read_text(encoding="utf-8").split("\n---\n", 1)[1]


def points(*texts: str) -> str:
    return f"<ul>{''.join(f'<li>{text}</li>' for text in texts)}</ul>"


def test_what_stands_in_the_guide_is_right_letter_by_letter() -> None:
    for name, body in bodies():
        assert (name, forgiven(body)) == (name, body)
        assert (name, told(body)) == (name, [])


# Lists


@pytest.mark.parametrize("mark", ["-", "*", "+", "•", "·", "◦", "▪", "‣", "–", "—", "−", "\uf0b7", "\uf0a7", "➢"])
@pytest.mark.parametrize("gap", [" ", "\t", "   ", "\u00a0", "\u00a0\u00a0 ", "\u2003", "\u200b "])
def test_points_right_below_a_sentence_are_a_list_whatever_their_mark(mark: str, gap: str) -> None:
    assert html_of(f"Bring with you:\n{mark}{gap}gloves\n{mark}{gap}seeds") == "Bring with you:" + points("gloves", "seeds")


@pytest.mark.parametrize(("first", "second"), [("1.", "2."), ("1)", "2)"), ("(1)", "(2)")])
def test_numbers_below_a_sentence_are_a_list(first: str, second: str) -> None:
    assert html_of(f"Do this:\n{first} dig\n{second} sow") == "Do this:<ol><li>dig</li><li>sow</li></ol>"


@pytest.mark.parametrize(("first", "second"), [("a)", "b)"), ("a.", "b."), ("(a)", "(b)"), ("A)", "B)"), ("i.", "ii."), ("✓", "✗")])
def test_letters_and_ticks_of_a_list_stay_as_they_say_something(first: str, second: str) -> None:
    assert html_of(f"Do this:\n{first} dig\n{second} sow") == "Do this:" + points(f"{first} dig", f"{second} sow")


@pytest.mark.parametrize("indent", ["  ", "   ", "    ", "\t", "\u00a0\u00a0\u00a0", "      "])
@pytest.mark.parametrize("outer", ["-", "1.", "•"])
def test_a_list_in_a_list_may_be_indented_as_people_do(outer: str, indent: str) -> None:
    rendered = html_of(f"{outer} beds\n{indent}- peas\n{indent}- beans\n{outer.replace('1', '2')} pots")
    assert f"<li>beds{points('peas', 'beans')}</li><li>pots</li>" in rendered


def test_bullets_of_other_kinds_stand_inside_each_other_as_they_came() -> None:
    inner = points("peas" + points("early"), "beans")
    assert html_of("•\tbeds\no\tpeas\n▪\tearly\no\tbeans\n•\tpots") == points(f"beds{inner}", "pots")


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("## Soil\n- sand", f"<h2>Soil</h2>{points('sand')}"),
        ("- sand\n1. dig\n2. sow", f"{points('sand')}<ol><li>dig</li><li>sow</li></ol>"),
        ("- sand\n---\nclay", f"{points('sand')}<hr>clay"),
        ("> Bring:\n> - gloves", f"<blockquote>Bring:{points('gloves')}</blockquote>"),
        ("> Bring gloves\n- and seeds", f"<blockquote>Bring gloves</blockquote>{points('and seeds')}"),
        ("1. dig\n\n   deep\n   - twice\n2. sow", f"<ol><li>digdeep{points('twice')}</li><li>sow</li></ol>"),
        ("- beds\n\n    - peas\n- pots", points(f"beds{points('peas')}", "pots")),
        ("•\ndig\n•\nsow", points("dig", "sow")),
        ("– dig\n\n– sow", points("dig", "sow")),
        ("Bring:\u2028- gloves\u2028- seeds", f"Bring:{points('gloves', 'seeds')}"),
        ("Bring:\x0b•\u00a0gloves\x0b•\u00a0seeds", f"Bring:{points('gloves', 'seeds')}"),
        ("Bring:\r\n- gloves\r\n- seeds\r\n", f"Bring:{points('gloves', 'seeds')}"),
        ("- sand.\n- clay.\n2. dig\n\n- once", f'{points("sand.", "clay.")}<ol start="2"><li>dig</li></ol>{points("once")}'),
        ("1. Why?\n\nSo.\n2. How?\n\nSo.", '<ol><li>Why?</li></ol>So.<ol start="2"><li>How?</li></ol>So.'),
        ("Bring:\n\t•\tgloves\n\t•\tseeds", f"Bring:{points('gloves', 'seeds')}"),
        ("\t1.\tbeds\n\t•\tpeas\n\t2.\tpots", f"<ol><li>beds{points('peas')}</li><li>pots</li></ol>"),
        ("sand\n⸻\nclay\n———", "sand<hr>clay<hr>"),
        ("Bring:\n– gloves", f"Bring:{points('gloves')}"),
        ("    •\tgloves\n    •\tseeds", points("gloves", "seeds")),
        ("Bring:\n    - gloves\n    - seeds", f"Bring:{points('gloves', 'seeds')}"),
    ],
)
def test_a_list_is_a_list_wherever_it_stands(text: str, rendered: str) -> None:
    assert html_of(text) == rendered


@pytest.mark.parametrize(
    "text",
    [
        "2024 was a dry year.",
        "It last rained in\n2024. Then it was dry.",
        "Water it at\n7. That is early.",
        "Peas like it at 2\n- 5 degrees are too warm for them.",
        "Sow beans\n- they need warm soil - in May.",
        "– 5 degrees is too cold.",
        "A. Gardener wrote this.",
        "Ask A. and\nB. Gardener.",
        "o is a letter.",
        "So says\n— A. Gardener, 2024",
        "§ 5 says so.",
    ],
)
def test_a_sentence_that_begins_like_a_point_stays_a_sentence(text: str) -> None:
    assert forgiven(text) == text
    assert "<li>" not in html_of(text)


@pytest.mark.parametrize("text", ["✅ Dry:\n\nSoil.\n\n❌ Wet:\n\nSoil.", "a) **Soil**\n\nSand.\n\nb) **Seeds**\n\nPeas."])
def test_paragraphs_of_their_own_stay_paragraphs_though_a_letter_or_tick_begins_them(text: str) -> None:
    assert forgiven(text) == text


def test_a_number_in_the_middle_of_a_point_stays_in_it() -> None:
    assert html_of("1. dig\n   2024. was dry\n2. sow") == "<ol><li>dig   2024. was dry</li><li>sow</li></ol>"


def test_a_line_of_which_nobody_can_say_whether_it_is_a_point_is_told() -> None:
    assert told("Sow beans\n- they need warm soil - in May.") == [(2, "doubtful-list")]
    assert told("Sow beans:\n- in May") == []


# Tables, headings, blocks


def test_a_table_right_below_a_sentence_and_one_right_above_it_is_a_table() -> None:
    table = "| a | b |\n|---|---|\n| c | d |"
    rendered = html_of(f"Before.\n{table}\nAfter.")
    assert rendered.startswith("Before.<table>") and rendered.endswith("</table>After.")
    assert html_of("| a | b |\n|—|—|\n| c | d |").startswith("<table>")


def test_headings_may_lack_their_space_or_have_one_before_them() -> None:
    assert html_of("##Soil\n\n ## Sand\n\n##\u00a0Clay") == "<h2>Soil</h2><h2>Sand</h2><h2>Clay</h2>"
    assert html_of("## Soil of C#") == "<h2>Soil of C#</h2>"


def test_blocks_pass_unharmed_and_lists_in_them_are_lists() -> None:
    block = "/// option | Dig - or not\n    when:\n      any:\n        - {space: bed}\n        - {space: pot}\n    role: usual\n"
    assert forgiven(f"{block}Text.\n\n- a\n- b\n///\n") == f"{block}Text.\n\n- a\n- b\n///\n"
    assert forgiven(f"{block}Bring:\n- a\n- b\n///\n") == f"{block}Bring:\n\n- a\n- b\n///\n"


def test_options_may_stand_a_little_wrong_and_have_the_quotes_of_a_word_processor() -> None:
    right = '/// ask | Why?\n    when: {bed: "yes", pot: ["a", "b"]}\n    role: "usual"\nText.\n///'
    assert forgiven("/// ask | Why?\n\n  when: {bed: “yes”, pot: [“a”, “b”]}\n  role: “usual”\nText.\n///\u00a0") == right
    assert told("/// ask | Why?\n    role: “usual\nText.\n///") == [(2, "option-quotes")]


def test_quotes_around_an_address_are_removed_and_those_in_words_stay() -> None:
    assert forgiven("He said “dig” [x](“page:y”) [a] (page:b)") == "He said “dig” [x](page:y) [a](page:b)"


def test_what_a_backslash_does_elsewhere_it_does_here() -> None:
    assert html_of("pH \\< 7 \\~ 6, Peas \\& beans \\* \\\\<\\\nend") == "pH &lt; 7 ~ 6, Peas &amp; beans * \\&lt;<br>end"


def test_spaces_that_do_not_break_stay_inside_words_and_titles() -> None:
    text = "## Sow 5\u00a0g\n\n- 5\u00a0g of peas\n\n/// ask | Why 5\u00a0g?\nUp to 5\u00a0g.\n///\n"
    assert forgiven(text) == text
    assert forgiven("///\u00a0ask\u00a0|\u00a0Why?") == "/// ask | Why?"


# What is told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n<<<<<<< HEAD\nb\n||||||| 1a2b3c\nc\n=======\nd\n>>>>>>> branch\ne", [(2, "conflict-marker")]),
        ("a\n\n>>>>>>> branch\n", [(3, "conflict-marker")]),
        ("/// ask | A\n    when: {a: b}\n<<<<<<< HEAD\nb\n=======\nd\n>>>>>>> x\n///", [(3, "conflict-marker")]),
        ("Soil\n=======\na", [(2, "setext")]),
        ("Soil\n---\na", [(2, "setext")]),
        ("a\n\n======\n", [(3, "signs")]),
        ("## H\n\n    This would be program text.", [(3, "program-text")]),
        ("## H\n\n\tand so would this", [(3, "program-text")]),
        ("- a\n\n        and this", [(3, "program-text")]),
        ("It looks like this:\n\n    pH: 6.5    sand: 40%", []),
        ("It looks like this:\n\n    This is a sentence.", [(3, "program-text")]),
        ("a\n\n```\ncode\n```", [(3, "fence")]),
        ("~~~\ncode\n~~~", [(1, "fence")]),
        ("a ~~old~~ b", [(1, "struck")]),
        ("a ==new== b", [(1, "marked")]),
        ("H~2~O", [(1, "raised")]),
        ("- [ ] dig\n- [x] sow", [(1, "task"), (2, "task")]),
        ("a[^1]\n\n[^1]: b", [(1, "footnote"), (3, "footnote")]),
        ("#Soil", [(1, "hash")]),
        ("the\n#2 cause", [(2, "hash")]),
        ("| a | b |\n|---|---|\n| c |\n| d | e |\n| f | g | h |", [(3, "columns"), (5, "columns")]),
        ("| a | b |\n| c | d |", [(1, "table-line")]),
        ("Soil\tpH\nSand\t6", [(1, "tabs")]),
        ("a **bold\nb\n\nc** d", [(1, "unclosed-bold"), (4, "unclosed-bold")]),
        ("a ` b", [(1, "unclosed-code")]),
        ("`~~a~~` is code", []),
        ("-dig\n-sow", [(1, "mark-space"), (2, "mark-space")]),
        ("- dig\n-\n- sow", [(2, "empty-point")]),
        ("a &foo; b &amp;nbsp; c", [(1, "entity")]),
        ("a &nbsp; b &amp; c, R&D", []),
        ("[a][b]", [(1, "reference")]),
        ("[a][b]\n\n[b]: https://example.org/", []),
        ("(a)[page:b]", [(1, "reversed-link")]),
        ("[a](page:b and so on", [(1, "unclosed-link")]),
        ("[a](page:b) [c](https://example.org/d_(e)) [f](page:g \"h\")", []),
        ("/// ask | A\n    when: {bed: “yes”}\nB [c](“page:d”) [e](page:f “G”)\n///", []),
        ("[c](“page:d)", [(1, "link-quotes")]),
        ("[[soil]]", [(1, "wiki-link")]),
        ("[[soil]](page:soil) and `C:\\soil\\`", []),
        ("*[pH]: acidity", [(1, "abbreviation")]),
        ("> [!NOTE]\n> a", [(1, "note-box")]),
        (":warning: hot", [(1, "emoji")]),
        ("at 10:30:15", []),
        ("A tumor of\n> 5 cm", [(2, "more-than")]),
        ("> a\n> ~~b~~", [(2, "struck")]),
    ],
)  # fmt: skip
def test_what_readers_would_see_as_signs_is_told_with_its_line(text: str, expected: list[tuple[int, str]]) -> None:
    assert told(text) == expected


def test_lines_are_counted_as_they_were_typed() -> None:
    assert told("a\u2028b\x0bc\r\n•\r\nd\r\n~~e~~") == [(4, "struck")]


# Any text

PIECES = st.sampled_from(
    ["a", "B", "7", " ", "  ", "    ", "\t", "\n", "\n", "\n\n", "- ", "* ", "1. ", "2. ", "2) ", "a) ", "b) ", "•\t", "o\t", "– ", "—", "> ", ">",
     "| a | b |\n", "|---|---|\n", "## ", "#", "---", "===", "```\n", "/// ask | T\n", "///\n", "    when: x\n", "\u00a0", "\u200b", "\u2028", "\r\n", "\\",
     "**", "`", "[", "](", ")", "“", "<<<<<<< x\n", "=======\n", ">>>>>>> y\n", ":", ".", "\uf0b7", "\x0c", "✓ ", "&", "~~"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60)


def letters_of(text: str) -> list[str]:
    """The letters of a text, but for those that are bullets in word processors."""
    return [sign for sign in html.unescape(text) if sign.isalpha() and sign not in "oqvwøØüÜ§"]


@given(TEXTS)
def test_no_letter_is_lost_and_everything_that_is_told_can_be_said(text: str) -> None:
    assert letters_of(forgiven(text)) == letters_of(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(1 <= number <= lines for number, _ in told(text))


@pytest.mark.parametrize("name", [*BODIES])
def test_nasty_texts_take_no_time(name: str) -> None:
    begun = time.process_time()
    forgiven(BODIES[name][:30_000])
    list(untold(BODIES[name][:30_000]))
    assert time.process_time() - begun < 2
