"""No text that an editor writes freezes or breaks a process: what would take too long is told, with its place."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from guide.content.diagrams import MOST_STEPS
from guide.content.effects import effects
from guide.content.files import read_files, write_files
from guide.content.grade import names_pattern
from guide.content.ids import with_ids
from guide.content.mistakes import ContentError
from guide.content.reach import space_of, unreachable
from guide.content.text import FieldsError, read
from guide.content.whole import assembled, examine
from guide.content.yamltext import read_yaml
from guide.editing import workflow
from guide.editing.checking import hard_sentences, running_text
from guide.editing.clinical import is_clinical, with_review_of
from guide.editing.diff import difference, folded, place_of, words_of
from guide.editing.home import title_in
from guide.editing.imports import bring_together
from guide.editing.models import Document, Edition
from guide.editing.placing import all_placed
from guide.editing.workflow import NotAllowedError
from tests.conftest import TOY
from tests.nasty import BLANKS, BODIES, FRONTS, TEXTS, WHENS, ends, option, page

SOIL = "en/pages/10-soil.md"


def everything_of_it(text: str, texts: dict[str, str]) -> None:
    """All that the desk finds out of a text: while it is written, when it is sent, and for its reviewer."""
    before = texts[SOIL]
    guide, mistakes = examine({**texts, SOIL: text})
    all_placed(SOIL, text, mistakes)
    hard_sentences(running_text(guide, SOIL), text, names_pattern(guide))
    with_ids(read(SOIL, text))
    for block in read(SOIL, text).blocks[:3]:
        with suppress(FieldsError):
            read(SOIL, text).with_option(block, "when", {"space": "bed"})
    title_in(text, SOIL)
    is_clinical(SOIL, before, text)
    with suppress(FieldsError):
        with_review_of(SOIL, before, text)
    folded(difference(before, text))
    bring_together(before, before + "More.\n", text)
    place_of(text[:2_000], words_of(text))


@pytest.fixture(scope="module")
def read_once() -> dict[str, str]:
    """The texts of the toy guide, of which the desk has found out everything: each test's own process begins with what is remembered of them."""
    texts = read_files(TOY)
    everything_of_it(texts[SOIL], texts)
    return texts


@pytest.mark.parametrize("name", TEXTS)
def test_what_the_desk_finds_out_of_a_text_ends(name: str, read_once: dict[str, str]) -> None:
    assert ends(lambda: everything_of_it(TEXTS[name], read_once)), name


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 20_000, "a " * 20_000 + "b"),
        ("a b " * 10_000, "b a " * 10_000),
        ("a\n\n" * 15_000, "b\n\n" + "a\n\n" * 15_000),
        ("a\n" * 60_000, "a\n" * 59_999 + "b\n"),
        ("\n\n".join("a " * number for number in range(200)), "\n\n".join("a " * number + "b" for number in range(200))),
    ],
)
def test_comparing_texts_in_which_all_is_alike_ends(before: str, after: str) -> None:
    assert ends(lambda: (folded(difference(before, after)), bring_together(before, after, before), place_of(before, words_of(after))))


TOLD = {
    "body: 4000 [": "more than 20 brackets [ and ( are open here",
    "body: 1,000 times -  in one line": "more than 10 lists or quotations stand inside each other",
    "body: 100 lists in each other": "more than 10 lists or quotations stand inside each other",
    "body: a word of 900,000 letters": "letters; 100,000 fit",
    "body: 90,000 spaces": "letters; 5,000 fit",
    "body: 4,000 blocks": "headings and blocks; 1,000 fit",
    "body: 10,000 headings in lists": "headings and blocks; 1,000 fit",
    "body: a hole in code": "more than 50 empty lines stand one after another",
    "body: 400 blocks full of mistakes": "more mistakes: they are told when some of these are mended",
    "fields: an alias that holds itself": "&a stands for something written elsewhere: write it out",
    "fields: 10,000 lists in each other": "more than 30 lists or groups of fields stand inside each other",
    "fields: merged fields": "<< takes fields from somewhere else: write them out",
    "fields: a type": "a type is given with ! (!!binary): remove it",
    "fields: a number of 5,000 digits": "this number is longer than any of ours",
    "fields: 8,000 fields": "its fields have",
    "when: not of not, 20 times": "more than 8 conditions stand inside each other: write it flatter",
    "when: any of 300": "it names more than 100 facts",
}


@pytest.mark.parametrize("name", TOLD)
def test_what_would_take_too_long_is_told_with_its_line(name: str, toy_texts: dict[str, str]) -> None:
    text = TEXTS[name]
    guide, mistakes = examine({**toy_texts, SOIL: text})
    found = [one for one in all_placed(SOIL, text, mistakes) if TOLD[name] in str(one)]
    assert found, mistakes[:3]
    if "more mistakes" not in str(found[0]):
        line = found[0].line
        assert line and 1 <= line <= text.count("\n") + 1
        assert guide.pages  # the rest can still be read


def test_the_line_is_that_of_the_file(toy_texts: dict[str, str]) -> None:
    text = toy_texts[SOIL].replace("Feed the soil,", f"Feed {'[' * 21} the soil,")
    (told,) = [one for one in all_placed(SOIL, text, examine({**toy_texts, SOIL: text})[1]) if "brackets" in str(one)]
    assert text.split("\n")[(told.line or 0) - 1].startswith("Feed [")


def test_what_people_write_is_no_mistake(toy_texts: dict[str, str]) -> None:
    """Fill-in lines, rules, brackets in brackets, long lists and tables."""
    written = (
        f"\n## More\n\n{BLANKS} _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _\n\n* * *\n\n- - - - - - - - - - - - - - - - -\n\n"
        + "(See [the notes (2024)](https://garden.example/a_(b)).)\n\n"
        + "- One\n    - Two\n        - Three\n\n"
        + "".join(f"- Worm {number} likes it here [@allotment-notes].\n" for number in range(200))
        + "\n| A | B |\n|---|---|\n"
        + "".join(f"| {number} | It is [here](page:water) |\n" for number in range(300))
        + "\n"
        + "We dig a bit more. " * 150
        + "\n"
    )
    assert examine({**toy_texts, SOIL: toy_texts[SOIL] + written})[1] == []


@pytest.mark.parametrize("when", ["", "{}", "[]", "''", "~", "null", "{any: []}", "{not: {}}", "{not: }", "{space: []}", "{is: []}", "{any: [{}]}"])  # fmt: skip
def test_an_empty_when_is_a_mistake_and_not_everybody(when: str, toy_texts: dict[str, str]) -> None:
    text = toy_texts[SOIL].replace("when: {space: balcony}\n    role", f"when: {when}\n    role")
    assert text != toy_texts[SOIL]
    told = [one for one in all_placed(SOIL, text, examine({**toy_texts, SOIL: text})[1]) if "Compost in the pot: when" in str(one)]
    assert [text.split("\n")[(one.line or 0) - 1] for one in told] == [f"    when: {when}"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("audiences.yaml", "open-ground: {space: [bed, meadow]}\nheavy-ground:\n"),
        ("audiences.yaml", "open-ground: {}\nheavy-ground: {space: bed, soil: clay}\n"),
        ("safety.yaml", "a: {says: No., treatments: [mulch], when: , must: never, sources: [allotment-notes]}\n"),
        ("en/questions/30-puddles.md", ""),
    ],
)
def test_an_empty_condition_is_a_mistake_wherever_one_stands(path: str, text: str, toy_texts: dict[str, str]) -> None:
    text = text or toy_texts[path].replace("only_when: {soil: clay}", "only_when:")
    _, mistakes = examine({**toy_texts, path: text})
    assert [one.path for one in mistakes if "it is empty: say for whom it is, or remove the line" in one.remedy] == [path]


def test_audiences_that_grow_with_each_line_are_told(toy_texts: dict[str, str]) -> None:
    lines = ["a0: {space: bed}"] + [f"a{n}: {{any: [{{is: a{n - 1}}}, {{not: {{is: a{n - 1}}}}}]}}" for n in range(1, 40)]
    texts = {**toy_texts, "audiences.yaml": toy_texts["audiences.yaml"] + "\n".join(lines) + "\n"}
    assert ends(lambda: unreachable(assembled(texts)))
    assert any("more than 1000 comparisons" in one.remedy for one in examine(texts)[1])


def _tied(facts: int) -> str:
    """Pairs of facts that stand far from each other: what holds for the first of all pairs has to be remembered until the second."""
    pairs = (f"{{any: [{{not: {{any: [{{not: {{f{n}: a}}}}, {{not: {{f{n + facts}: a}}}}]}}}}]}}" for n in range(facts))
    return f"{{any: [{', '.join(pairs)}]}}"


def _many_questions() -> dict[str, str]:
    return {
        f"en/questions/{100 + n}-f{n}.md": "---\nkind: one\ntitle: F\nname: f\nask: F\nwhy: F.\nvalues:\n"
        "  a: {label: A, said: a}\n  b: {label: B, said: b}\n---\n"
        for n in range(80)
    }


def _told_alone(texts: dict[str, str], where: str) -> None:
    told = [one.path for one in unreachable(assembled(texts)) if "ties so many facts together" in one.remedy]
    assert told == [where]


def test_a_condition_that_ties_too_many_facts_together_is_told(toy_texts: dict[str, str]) -> None:
    made = _many_questions()
    texts = {**toy_texts, **made}
    unreachable(assembled(texts))
    for where in ("en/pages/10-soil.md", "en/questions/190-last.md"):
        last = made["en/questions/100-f0.md"].replace("values:", f"only_when: {_tied(40)}\nvalues:")
        nasty = {**texts, where: last if "last" in where else page(body=option(_tied(40)))}
        assert ends(lambda nasty=nasty, where=where: _told_alone(nasty, where))  # type: ignore[misc]


def test_conditions_that_are_too_wide_leave_little_in_memory(toy_texts: dict[str, str]) -> None:
    """Each of them compares 300,000 pairs of nodes, and an editor's window asks again after every pause."""
    texts = {**toy_texts, **_many_questions()}
    for facts in (40, 39):
        nasty = {**texts, SOIL: page(body=option(_tied(facts)))}
        assert any("ties so many facts together" in one.remedy for one in unreachable(assembled(nasty)))
    with space_of(assembled(texts)) as space:
        assert space.diagrams.compared < MOST_STEPS


def test_a_rule_of_what_cannot_be_that_is_too_wide_breaks_no_review(toy_texts: dict[str, str]) -> None:
    texts = {**toy_texts, **_many_questions()}
    rule = f"never-both:\n  says: No.\n  must: not-be\n  when: {_tied(40)}\n  sources: [allotment-notes]\n"
    before = assembled(texts)
    after = assembled({**texts, "safety.yaml": rule, SOIL: texts[SOIL].replace("space: balcony", "space: bed")})
    assert len(after.impossible) == 1
    assert effects(before, after) == []
    assert any("the rules of safety.yaml" in one.remedy for one in unreachable(after))


def test_what_is_written_once_and_used_again_in_codes_stays_small() -> None:
    """codes.yaml names values with & and uses them with *, and no other file does."""
    for text, says in ((FRONTS["a billion laughs"], "names and values"), (FRONTS["an alias that holds itself"], "&a holds itself")):
        assert ends(lambda text=text: read("codes.yaml", text))  # type: ignore[misc]
        (told,) = read("codes.yaml", text).mistakes
        assert says in str(told)
    assert read_yaml("a: &a {b: 1}\nc: {<<: *a, d: 2}", may_share=True).data == {"a": {"b": 1}, "c": {"b": 1, "d": 2}}


# At the desk

NASTY = [
    page(body=BODIES["forty _ "]),
    page(body=BODIES["4000 ["]),
    page(body=BODIES["1,000 times -  in one line"]),
    page(body="a " * 30_000),
    page(FRONTS["an alias that holds itself"]),
    page(FRONTS["10,000 lists in each other"]),
    page(FRONTS["a hexadecimal number of 5,000 digits"]),
    page(FRONTS["a broken number of 3,000 minutes"]),
    page(FRONTS["a day before the first"]),
    page(body=option("{1: 2}\n    1: 2")),
    page(body=option("{space: bed}\n    parent: x")),
    page(body=option(WHENS["an alias that holds itself"])),
    page(body=option(WHENS["not of not, 20 times"])),
]


@pytest.mark.parametrize("number", range(len(NASTY)))
def test_a_broken_draft_breaks_nothing_at_the_desk(
    number: int, client: Client, erin: User, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = NASTY[number]
    soil, water = (Document.objects.get(path=path) for path in (SOIL, "en/pages/20-water.md"))
    draft = workflow.save_draft(soil, text, by=erin, version=0, note="n", for_readers="More.")
    client.force_login(erin)
    others = water.published()
    assert others
    for answer in (
        client.get(f"/admin/documents/{soil.pk}/edit/"),
        client.post(f"/admin/documents/{soil.pk}/edit/", {"action": "check", "text": text, "version": "1"}),
        client.post(f"/admin/documents/{soil.pk}/check/", {"text": text}),
        client.post(f"/admin/documents/{soil.pk}/condition/", {"text": text, "line": str(text.count("\n", 0, text.find("/// option")))}),
        client.get(f"/admin/texts/{draft.pk}/review/"),
        client.get(f"/admin/documents/{soil.pk}/history/?from={draft.started_from_id}&to={draft.pk}"),
        client.get("/admin/mistakes/"),
        client.get("/admin/"),
        client.post("/admin/documents/find/", {"for": "sources", "words": "notes"}),
        client.get("/admin/sources/new/"),
    ):
        assert answer.status_code == 200, answer.request["PATH_INFO"]
    # What somebody else writes meanwhile is checked as always.
    mine = others.text.replace("part: ", "part: no-", 1)
    told = client.post(f"/admin/documents/{water.pk}/check/", {"text": mine}).json()["mistakes"]
    assert [one["field"] for one in told if one["here"]] == ["part"]
    with pytest.raises((ContentError, NotAllowedError)):
        workflow.send_to_review(draft, by=erin)
    # The same as a file.
    folder = tmp_path_factory.mktemp("content")
    write_files(folder, {**Edition.objects.texts(1), SOIL: text})
    with pytest.raises(CommandError):
        call_command("import_content", str(folder))
    with pytest.raises(SystemExit):
        call_command("check_content", str(folder))
    assert Edition.objects.newest() == 1


def test_the_builder_tells_an_empty_condition_and_takes_its_line_out(client: Client, erin: User) -> None:
    client.force_login(erin)
    text, url = page(body=option("")), f"/admin/documents/{Document.objects.get(path=SOIL).pk}/condition/"
    line = text.split("\n").index("/// option | Dig")
    assert client.post(url, {"text": text, "line": str(line)}).json()["wrong"].startswith("it is empty: say for whom")
    emptied = client.post(url, {"text": text, "line": str(line), "form": '{"join": "all", "parts": []}'}).json()
    assert emptied["sentence"] == "For everybody." and "when:" not in emptied["text"]
