"""Single files: names, fields and their mistakes."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest

from guide.content import parse
from guide.content.blocks import ROLES
from guide.content.conditions import EVERYBODY, Fact, Wants
from guide.content.documents import (
    Body,
    Choice,
    Page,
    PaperBlock,
    PlanCheck,
    PlanChoice,
    PlanField,
    PlanNames,
    PlanPlace,
    Question,
    Review,
    SafetyRule,
    Treatment,
)
from guide.content.mistakes import ContentError, Mistake, Place, mistake
from guide.content.text import Text, read
from guide.content.yamltext import UNREAD

PAGE = "---\ntitle: Soil\nsummary: About soil.\npart: ground\nchecked: 2026-03-01\nreview_due: 2026-09-01\n---\nSoil lives.\n"
QUESTION = """---
kind: one
title: What is your soil like?
name: your soil
ask: What soil is it?
why: It matters.
values:
  sand: {label: Sandy, said: sandy soil}
  clay: {label: Clay, said: clay soil, hint: It sticks.}
---
Rub it.
"""
ASK, MULCH = "en/questions/20-soil.md", "en/treatments/mulch.md"
SOIL = Fact("soil", "one", ("sand", "clay"))
CHOICES = {"yesno": (PlanChoice("yes", "Yes"), PlanChoice("no", "No")), "soil": (PlanChoice("sand", "Sandy"),)}


def plain(text: Text) -> Body:
    return Body(text=text.body.replace("\r\n", "\n"))


T = TypeVar("T")


def parsed(reader: Callable[[Text, list[Mistake]], T], path: str, source: str) -> tuple[T, list[Mistake]]:
    """What a reader makes of a text, and every mistake in it: those of the text first."""
    text = read(path, source)
    mistakes: list[Mistake] = list(text.mistakes)
    return reader(text, mistakes), mistakes


def page(text: str, path: str = "en/pages/10-soil.md") -> tuple[Page, list[Mistake]]:
    return parsed(lambda text, mistakes: parse.page(text, plain, mistakes), path, text)


def question(text: str, fact: Fact = SOIL) -> tuple[Question, list[Mistake]]:
    return parsed(lambda text, mistakes: parse.question(text, fact, plain, mistakes), ASK, text)


def told(mistakes: Iterable[Mistake]) -> list[str]:
    return [f"{mistake.field}: {mistake.remedy}" for mistake in mistakes]


# Names and front matter


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("en/pages/10-start-here.md", "start-here"),
        ("en/treatments/mulch.md", "mulch"),
        ("en/questions/005-soil.md", "soil"),
        ("en/treatments/3-in-1.md", "in-1"),
        ("en/glossary.md", "glossary"),
    ],
)
def test_a_slug_is_the_name_without_its_number(path: str, slug: str) -> None:
    assert parse.slug_of(path) == slug


@pytest.mark.parametrize("name", ["soil.md", "10-Soil.md", "10_soil.md", "10-soil-.md", "10-.md", "10-good soil.md"])
def test_a_page_without_number_and_plain_words_in_its_name_is_told(name: str) -> None:
    assert told(page(PAGE, f"en/pages/{name}")[1])[0].startswith("file name: name it NN-slug.md")


@pytest.mark.parametrize("text", ["Soil lives.", "", "---\ntitle: Soil\n", "\n" + PAGE, PAGE.replace("---\nSoil", "--\nSoil")])
def test_a_file_without_front_matter_is_told(text: str) -> None:
    found = read("p.md", text)
    assert (found.data, found.body) == (UNREAD, text)
    assert told(found.mistakes) == ["front matter: start the file with ---, the fields, and --- on a line of its own"]


def test_the_text_may_hold_rules_of_three_hyphens() -> None:
    found = read("p.md", "---\na: b\n---\none\n\n---\n\ntwo\n")
    assert (found.data, found.body) == ({"a": "b"}, "one\n\n---\n\ntwo\n")


def test_a_file_from_windows_is_read_the_same() -> None:
    assert page(PAGE.replace("\n", "\r\n")) == page(PAGE)


def test_a_mistake_in_yaml_is_told_with_its_line_in_the_file() -> None:
    mistakes = read("p.md", "---\ntitle: Soil\nsummary: one: two\n---\n").mistakes
    assert told(mistakes) == [
        "line 3: a colon stands where none can: put a text that holds one in quotes ('Rain: why?'), or give the line above its colon"
    ]


@pytest.mark.parametrize(
    ("front", "says"),
    [
        ("a: [one\nb: 1", "line 2: a bracket or brace is opened here and not closed"),
        ("a: 1\nb: {one: 1\nc: 2", "line 3: a bracket or brace is opened here and not closed"),
        ("a: 1\nb: 'one\nc: 2", "line 3: a quote is opened here and not closed"),
        ("a: 1\n\tb: 2", "line 3: a tab stands here: write spaces instead"),
        ("a: 1\nb", "line 3: a line between the fields has no colon"),
        ("a: 1\na: 2", "line 3: 'a' is written twice; keep one"),
    ],
)
def test_a_mistake_in_yaml_is_told_in_plain_words_where_it_begins(front: str, says: str) -> None:
    mistakes = read("p.md", f"---\n{front}\n---\n").mistakes
    assert [one.startswith(says) for one in told(mistakes)] == [True], told(mistakes)


def test_of_fields_that_cannot_be_read_only_that_is_told() -> None:
    assert [mistake.field for mistake in page(PAGE.replace("title: Soil", "title: [Soil"))[1]] == ["line 2"]
    assert [mistake.field for mistake in page("Soil lives.")[1]] == ["front matter"]


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01"])
def test_a_day_that_does_not_exist_is_told_at_its_field(day: str) -> None:
    assert told(page(PAGE.replace("checked: 2026-03-01", f"checked: {day}"))[1]) == ["checked: write a day, as 2026-11-23"]


@pytest.mark.parametrize("day", ["2026-03-01", "2025-09-01"])
def test_the_next_check_comes_after_the_last(day: str) -> None:
    says = "review_due: this day is not after 2026-03-01, when the facts were checked: write a later one"
    assert told(page(PAGE.replace("review_due: 2026-09-01", f"review_due: {day}"))[1]) == [says]


@pytest.mark.parametrize("text", ["soil: sand\nsoil: clay", "when: {soil: sand, soil: clay}", "when:\n  not: {a: b}\n  not: {c: d}"])
def test_a_field_that_is_written_twice_is_told(text: str) -> None:
    ((field, remedy),) = ((one.field, one.remedy) for one in read("p.yaml", text).mistakes)
    assert field.startswith("line ") and remedy.endswith("is written twice; keep one")


# A page


def test_a_page_is_read_with_all_its_fields() -> None:
    found, mistakes = page(PAGE)
    assert mistakes == []
    assert (found.slug, found.title, found.summary, found.url) == ("soil", "Soil", "About soil.", "/guide/soil/")
    assert (found.checked, found.review_due) == (datetime.date(2026, 3, 1), datetime.date(2026, 9, 1))
    assert found.reviewed is None
    assert found.body.text == "Soil lives.\n"


def test_a_page_is_overdue_from_the_day_after_its_review_is_due() -> None:
    found, _ = page(PAGE)
    assert not found.overdue(datetime.date(2026, 9, 1))
    assert found.overdue(datetime.date(2026, 9, 2))


def test_a_review_is_read_in_the_form_that_the_readme_gives() -> None:
    found, mistakes = page(PAGE.replace("title: Soil", "title: Soil\nreviewed: {by: Rosa Field, role: gardener, on: 2026-03-05}"))
    assert mistakes == []
    assert found.reviewed == Review("Rosa Field", "gardener", datetime.date(2026, 3, 5))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("title: Soil\n", "", "title: fill it in"),
        ("title: Soil", "title: ''", "title: fill it in"),
        ("title: Soil", "title: true", "title: write a text (in quotes if it holds a colon, or is true or false)"),
        ("title: Soil", "title: [a]", "title: write a text (in quotes if it holds a colon, or is true or false)"),
        ("summary: About soil.\n", "", "summary: fill it in"),
        ("checked: 2026-03-01", "checked: last week", "checked: write a day, as 2026-11-23"),
        ("checked: 2026-03-01", "checked: 2026-03-01 10:00:00", "checked: write a day, as 2026-11-23"),
        ("review_due: 2026-09-01\n", "", "review_due: write a day, as 2026-11-23"),
        (
            "title: Soil",
            "titel: x\ntitle: Soil",
            "titel: unknown field; the fields are checked, order, part, review_due, reviewed, summary, title, was",
        ),
        ("title: Soil", "title: Soil\nreviewed: yes", "reviewed: write fields, each as `name: value`"),
        ("title: Soil", 'title: Soil\nreviewed: {by: Rosa, "on": 2026-03-05}', "reviewed.role: fill it in"),
    ],
)
def test_a_mistake_in_a_page_is_told_with_its_field(old: str, new: str, expected: str) -> None:
    assert old in PAGE
    assert expected in told(page(PAGE.replace(old, new))[1])


def test_front_matter_that_is_a_list_is_told() -> None:
    assert ": write fields, each as `name: value`" in told(page("---\n- a\n---\nText.\n")[1])


# A treatment


TREATMENT = PAGE.replace("summary: About soil.\npart: ground", "family: soil\ngiven: Once a year")


def treatment(text: str) -> tuple[Treatment, list[Mistake]]:
    return parsed(lambda text, mistakes: parse.treatment(text, plain, mistakes), MULCH, text)


def test_a_treatment_has_quiet_defaults() -> None:
    found, mistakes = treatment(TREATMENT)
    assert mistakes == []
    assert (found.brands, found.old_brands, found.also, found.kind, found.status) == ((), (), (), "treatment", "current")
    assert (found.approved, found.in_2018) == (True, False)
    assert found.url == "/guide/treatments/mulch/"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("status: new", "status: write one of current, older, not-approved, withdrawn"),
        ("brands: Black Gold", "brands: write a list: [one, two]"),
        ('in_2018: "yes"', "in_2018: write true or false"),
        ("summary: x", "summary: unknown field; the fields are also, brands, checked, family, given, in_2018, kind, old_brands, review_due, reviewed, status, title, was"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_treatment_is_told_with_its_field(line: str, expected: str) -> None:
    _, mistakes = treatment(TREATMENT.replace("family: soil", f"family: soil\n{line}"))
    assert told(mistakes) == [expected]


# A question


def test_a_question_is_read_with_its_choices() -> None:
    found, mistakes = question(QUESTION.replace("---\nRub", "answers:\n  any: {label: Any, said: any soil, means: [sand, clay]}\n---\nRub"))
    assert mistakes == []
    assert found.id == "soil"
    assert found.choices == (
        Choice("sand", "Sandy", "sandy soil", frozenset({"sand"})),
        Choice("clay", "Clay", "clay soil", frozenset({"clay"}), "It sticks."),
        Choice("any", "Any", "any soil", frozenset({"sand", "clay"})),
    )
    assert found.choice("clay").label == "Clay"
    with pytest.raises(KeyError):
        found.choice("peat")


def test_the_fact_of_a_question_is_its_name_kind_and_values() -> None:
    assert parse.fact(read(ASK, QUESTION)) == SOIL
    assert parse.fact(read(ASK, QUESTION.replace("kind: one", "kind: many"))).kind == "many"


@pytest.mark.parametrize(
    ("kind", "plan", "expected"),
    [
        ("one", "{field: ground.soil, values: {sand: s}}", PlanPlace("ground", "soil", {"sand": "s"})),
        ("one", "{field: ground.soil, values: {sand: s}, not_sure: n}", PlanPlace("ground", "soil", {"sand": "s"}, not_sure="n")),
        (
            "one",
            "{field: ground.soil, values: {sand: s, clay: heap.kind=heavy}}",
            PlanPlace("ground", "soil", {"sand": "s"}, elsewhere={"clay": ("heap", "kind", "heavy")}),
        ),
        ("many", "{rows: ground.rows, column: soil, values: {sand: s}}", PlanPlace("ground", "rows", {"sand": "s"}, column="soil")),
    ],
)
def test_the_place_in_the_plan_is_read_in_both_forms(kind: str, plan: str, expected: PlanPlace) -> None:
    text = QUESTION.replace("kind: one", f"kind: {kind}\nplan: {plan}")
    found, mistakes = question(text, parse.fact(read(ASK, text)))
    assert mistakes == []
    assert found.plan == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kind: one", "kind: two", "kind: write one of one, many"),
        ("kind: one", "kind: one\ncolour: red", "colour: unknown field; the fields are answers, ask, by_name, kind, name, now, offered_when, only_when, page, plan, title, unless_told, values, why"),
        ("why: It matters.\n", "", "why: fill it in"),
        ("label: Clay, ", "", "values.clay.label: fill it in"),
        ("said: clay soil", "says: clay soil", "values.clay.says: unknown field; the fields are alone, heading, hint, if, label, means, named, said"),
        ("hint: It sticks.", "alone: often", "values.clay.alone: write true or false"),
        ("  sand: {label: Sandy, said: sandy soil}\n", "", "values: give at least two answers"),
        ("  clay: {", "  not-sure: {", "values: leave out not-sure: it is offered at every question by itself"),
        ("{label: Sandy, said: sandy soil}", "Sandy", "values.sand: write fields, each as `name: value`"),
        ("---\nRub", "answers:\n  wet: {label: Wet, said: wet soil}\n---\nRub", "answers.wet.means: list the values that this answer leaves possible"),
        ("---\nRub", "answers:\n  wet: {label: Wet, said: wet, means: [peat]}\n---\nRub", "answers.wet.means: there is no value 'peat'; there are sand, clay"),
        ("---\nRub", "answers:\n  not-sure: {label: Wet, said: wet, means: [sand]}\n---\nRub", "values: leave out not-sure: it is offered at every question by itself"),
        ("---\nRub", "plan: {field: soil, values: {}}\n---\nRub", "plan.field: write group.field"),
        ("---\nRub", "plan: {values: {}}\n---\nRub", "plan.field: fill it in"),
        ("---\nRub", "plan: {field: a.b, vals: {}}\n---\nRub", "plan.vals: unknown field; the fields are column, field, not_sure, rows, values"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_question_is_told_with_its_field(old: str, new: str, expected: str) -> None:
    assert old in QUESTION
    assert expected in told(question(QUESTION.replace(old, new))[1])


def test_an_answer_with_the_name_of_a_value_is_told() -> None:
    text = QUESTION.replace("---\nRub", "answers:\n  clay: {label: Any, said: any soil, means: [sand, clay]}\n---\nRub")
    assert question(text)[1] != []


# Sources, site, paper, choices


def test_a_source_is_read_with_all_its_fields() -> None:
    text = "notes: {title: Notes, publisher: Club, date: 2021, url: 'https://garden.example/', doi: 10.1/2, note: Out of print., checked: 2026-03-01}"
    sources, mistakes = parsed(parse.sources, "sources.yaml", text)
    assert mistakes == []
    found = sources["notes"]
    assert (found.id, found.title, found.publisher, found.date) == ("notes", "Notes", "Club", "2021")
    assert (found.url, found.doi, found.note) == ("https://garden.example/", "10.1/2", "Out of print.")
    assert found.checked == datetime.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("title: N, publisher: C, date: 1, checked: 2026-03-01, url: 'javascript:alert(1)'", "notes.url: write the whole address, from https://"),
        ("title: N, publisher: C, date: 1, checked: 2026-03-01, url: garden.example", "notes.url: write the whole address, from https://"),
        ("title: N, publisher: C, date: 1, checked: 2026-03-01", "notes.url: give its address or its DOI, so that a reader can look it up; if it has none, say why in a note"),
        ("title: N, publisher: C, date: 1, doi: 10.1/2", "notes.checked: write a day, as 2026-11-23"),
        ("publisher: C, date: 1, doi: 10.1/2, checked: 2026-03-01", "notes.title: fill it in"),
        ("title: N, publisher: C, date: 1, doi: 10.1/2, checked: 2026-03-01, page: 3", "notes.page: unknown field; the fields are checked, date, doi, note, publisher, title, url"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_source_is_told_with_its_field(fields: str, expected: str) -> None:
    _, mistakes = parsed(parse.sources, "sources.yaml", f"notes: {{{fields}}}")
    assert told(mistakes) == [expected]


def test_an_audience_may_use_those_above_it_but_not_those_below() -> None:
    text = "sandy: {soil: sand}\nboth: {is: sandy}\nlate: {is: later}\nlater: {soil: clay}"
    found, mistakes = parsed(lambda text, mistakes: parse.audiences(text, {"soil": SOIL}, mistakes), "audiences.yaml", text)
    assert found["both"] == found["sandy"]
    assert told(mistakes) == ["late: there is no audience 'later'; there are: sandy, both"]


def test_the_paper_has_its_boxes_in_their_order() -> None:
    text = "blocks:\n- {id: back, side: 2, title: Back}\n- {id: front, title: Front}"
    found, mistakes = parsed(parse.paper, "paper.yaml", text)
    assert found == (PaperBlock("back", 2, "Back"), PaperBlock("front", 1, "Front"))
    assert mistakes == []


def test_a_mistake_in_a_box_is_told_with_its_number() -> None:
    _, mistakes = parsed(parse.paper, "paper.yaml", "blocks:\n- {id: a, title: A}\n- {id: b, side: two, title: B}")
    assert told(mistakes) == ["blocks.2.side: write a whole number"]


def test_lists_of_choices_keep_their_order() -> None:
    found, mistakes = parsed(parse.plan_choices, "choices.yaml", "soil: {sand: Sandy, clay: Clay}")
    assert (found, mistakes) == ({"soil": (PlanChoice("sand", "Sandy"), PlanChoice("clay", "Clay"))}, [])


# A group of the plan


def group_fields(*lines: str) -> tuple[tuple[PlanField, ...], list[str]]:
    text = "---\nkey: ground\ntitle: My ground\nfields:\n" + "".join(f"  - {{{line}}}\n" for line in lines) + "---\nHello.\n"
    group, mistakes = parsed(lambda text, mistakes: parse.plan_group(text, CHOICES, mistakes), "en/plan/20-my-ground.md", text)
    assert (group.key, group.slug, group.title, group.intro) == ("ground", "my-ground", "My ground", "Hello.")
    return group.fields, told(mistakes)


def test_a_field_of_the_plan_has_quiet_defaults() -> None:
    (field,), mistakes = group_fields("key: name, label: Name, type: text")
    assert mistakes == []
    assert field == PlanField(key="name", label="Name", type="text", max=200, print="none", priority=2)


def test_a_field_of_the_plan_is_read_with_everything_it_may_have() -> None:
    (field,), mistakes = group_fields(
        "key: soil, label: Soil, type: choice, values: soil, help: Rub it., print: front, priority: 1, show_if: bed=yes, takes: rest, max: 30"
    )
    assert mistakes == []
    assert (field.choices, field.help, field.print, field.priority) == (CHOICES["soil"], "Rub it.", "front", 1)
    assert (field.show_if, field.takes, field.max) == (("bed", "yes"), "rest", 30)


def test_yes_and_no_are_offered_without_a_list() -> None:
    (field,), mistakes = group_fields("key: barrel, label: Barrel, type: yesno")
    assert (field.choices, mistakes) == (CHOICES["yesno"], [])


def test_a_group_of_rows_has_columns() -> None:
    (field,), mistakes = group_fields(
        "key: rows, label: Rows, type: group, max_rows: 3, print_rows: 2, fields: [{key: a, label: A, type: text}]"
    )
    assert mistakes == []
    assert (field.max_rows, field.print_rows, field.column("a").label) == (3, 2, "A")
    with pytest.raises(KeyError):
        field.column("b")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("label: A, type: text", "1.key: fill it in"),
        ("key: a, type: text", "a.label: fill it in"),
        (
            "key: a, label: A, type: colour",
            "a.type: write one of text, longtext, date_partial, choice, multichoice, yesno, integer, decimal, phone, group",
        ),
        ("key: a, label: A, type: choice", "a.values: fill it in"),
        ("key: a, label: A, type: choice, values: moons", "a.values: there is no list 'moons' in choices.yaml"),
        ("key: a, label: A, type: text, max: long", "a.max: write a whole number"),
        ("key: a, label: A, type: text, max: true", "a.max: write a whole number"),
        ("key: a, label: A, type: text, future_ok: 1", "a.future_ok: write true or false"),
        ("key: a, label: A, type: text, takes: all", "a.takes: write one of , rest, questions"),
        ("key: a, label: A, type: group, fields: [{key: b, type: text}]", "a.b.label: fill it in"),
        ("key: a, label: A, type: text, complete: moons", "a.complete: there is no list 'moons' in names.yaml"),
        ("key: a, label: A, type: text, checks: [{least: few}]", "a.checks.1.least: write a whole number"),
        ("key: a, label: A, type: text, checks: [{most: 3}, {pattern: '('}]", "a.checks.2.pattern: write a regular expression"),
        ("key: a, label: A, type: text, checks: [{pattern: x}]", "a.checks.1.says: fill it in"),
        *(
            (
                f"key: a, label: A, type: text, checks: [{{pattern: '{slow}', says: x}}]",
                "a.checks.1.pattern: it could take too long on what a reader types: repeat no group, and use at most 3 of * + and 6 of ? |",
            )
            for slow in (
                "(a+)+b",
                "(a|b)*c",
                r"a*a*a*a*b",
                "a?a?a?a?a?a?a?b",
                "(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)b",
                r"(a)\1",
                "a{1,9}a*a*a*",
            )
        ),
        (
            "key: a, label: A, type: text, checks: [{colour: red}]",
            "a.checks.1.colour: unknown field; the fields are least, most, not_before, pattern, says, when",
        ),
    ],
)
def test_a_mistake_in_a_field_of_the_plan_is_told_with_its_key(line: str, expected: str) -> None:
    assert expected in group_fields(line)[1]


def test_what_is_usual_in_a_field_is_read() -> None:
    (field,), mistakes = group_fields(
        "key: a, label: A, type: group, row: Bed, fields: [{key: b, label: B, type: integer, checks: "
        "[{least: 1, most: 9, when: unit=bed}, {not_before: c}, {pattern: x+, says: Use x.}]}]"
    )
    assert (mistakes, field.row) == ([], "Bed")
    assert field.column("b").checks == (
        PlanCheck(least=1, most=9, when=("unit", "bed")),
        PlanCheck(not_before="c"),
        PlanCheck(pattern="x+", says="Use x."),
    )


def test_names_that_fields_offer_are_read() -> None:
    found, mistakes = parsed(parse.plan_names, "names.yaml", "heaps: {kinds: [treatment], without: [mulch]}")
    assert (found, mistakes) == ({"heaps": PlanNames("heaps", ("treatment",), ("mulch",))}, [])
    short, mistakes = parsed(parse.plan_names, "names.yaml", "heaps: {kinds: [], short: {mulch: [M-1, ml ch], compost: [c]}}")
    assert (short["heaps"].short, mistakes) == ((("m1", "mulch"), ("mlch", "mulch"), ("c", "compost")), [])
    others, mistakes = parsed(parse.plan_other_names, "other_names.yaml", "heaps: |\n  sand\n  Clay\n\n  sand\n")
    assert (others, mistakes) == ({"heaps": frozenset({"sand", "clay"})}, [])
    text = "---\nkey: a\ntitle: A\nfirst: 2\nfields: [{key: b, label: B, type: text, complete: heaps}]\n---\n"
    group, mistakes = parsed(lambda text, mistakes: parse.plan_group(text, {}, mistakes, found), "en/plan/10-a.md", text)
    assert (group.first, group.field("b").complete, mistakes) == (2, found["heaps"], [])


# Wrong shapes


@pytest.mark.parametrize(
    ("reader", "path", "source"),
    [
        (parse.paper, "paper.yaml", "blocks: 3"),
        (lambda text, mistakes: parse.plan_group(text, {}, mistakes), "en/plan/10-a.md", "---\nkey: a\ntitle: A\nfields: 3\n---\n"),
        (
            lambda text, mistakes: parse.question(text, SOIL, plain, mistakes),
            ASK,
            QUESTION.replace("---\nRub", "answers:\n  wet: {label: Wet, said: wet, means: 3}\n---\nRub"),
        ),
        (parse.sources, "sources.yaml", "- a"),
        (lambda text, mistakes: parse.audiences(text, {}, mistakes), "audiences.yaml", "- a"),
        (parse.site, "en/site.yaml", "- a"),
        (parse.plan_choices, "choices.yaml", "soil: [sand]"),
    ],
    ids=["boxes", "fields", "means", "sources", "audiences", "site", "choices"],
)
def test_a_wrong_shape_is_told_and_not_a_crash(reader: Callable[[Text, list[Mistake]], object], path: str, source: str) -> None:
    text, mistakes = read(path, source), list[Mistake]()
    reader(text, mistakes)
    assert text.mistakes == ()
    assert mistakes != []


# Mistakes


def test_a_mistake_reads_as_file_field_and_remedy() -> None:
    assert str(mistake("a.md", "fill-in", Place("title"))) == "a.md: title: fill it in"
    assert str(mistake("a.md", "fill-in")) == "a.md: fill it in"


def test_mistakes_are_told_in_order_and_each_once() -> None:
    first, second = mistake("a.md", "fill-in", Place("title")), mistake("b.md", "fill-in", Place("title"))
    error = ContentError([second, first, second])
    assert error.mistakes == (first, second)
    assert str(error) == "a.md: title: fill it in\nb.md: title: fill it in"


RULE = "guard: {says: Mind it., treatments: [compost], must: never, sources: [notes]}"


def safety(text: str) -> tuple[tuple[SafetyRule, ...], list[str]]:
    found, mistakes = parsed(lambda text, mistakes: parse.safety(text, {"soil": SOIL}, {}, mistakes), "safety.yaml", text)
    return found, told(mistakes)


def test_a_safety_rule_is_read_with_all_its_fields() -> None:
    (rule,), mistakes = safety(
        "guard: {says: A, treatments: [b], when: {soil: clay}, must: with, partners: [c], roles: [other, usual], sources: [d]}"
    )
    assert mistakes == []
    assert rule == SafetyRule("guard", "A", ("b",), "with", ("d",), Wants(SOIL, frozenset({"clay"})), ("c",), ("usual", "other"))
    (rule,), mistakes = safety(RULE)
    assert mistakes == []
    assert (rule.when, rule.partners, rule.roles) == (EVERYBODY, (), ROLES)
    assert safety("nobody: {says: A, when: {soil: clay}, must: not-be}")[1] == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("must: never", "must: perhaps", "guard.must: write one of never, shown, with, warned, not-be"),
        ("must: never", "must: with", "guard.partners: name at least one"),
        ("treatments: [compost]", "treatments: []", "guard.treatments: name at least one"),
        (", sources: [notes]", "", "guard.sources: name at least one"),
        ("must: never", "must: never, roles: [first]", "guard.roles: there is no role first; there are usual, other, only-if, trial"),
        ("must: never", "must: never, when: {soil: moon}", "guard.when: soil has no value 'moon'; it has: sand, clay"),
        ("says: Mind it., ", "", "guard.says: fill it in"),
        ("must: never", "must: never, moon: 1", "guard.moon: unknown field; the fields are must, partners, roles, says, sources, treatments, when"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_safety_rule_is_told_with_its_field(old: str, new: str, expected: str) -> None:
    assert old in RULE
    assert safety(RULE.replace(old, new))[1] == [expected]
