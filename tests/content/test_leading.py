"""The order of a reader's results, by the toy guide: nothing hides that hangs on an open answer."""

from __future__ import annotations

import re

import pytest

from guide.content.documents import Guide
from guide.content.leading import Leading, lead
from guide.content.mistakes import ContentError
from guide.content.weighing import weigh
from guide.content.whole import load

LEADS = "leads:\n  opening: [space]\n  places: [visitors]\n  elsewhere: If somebody visits, there is more\n  situation: ['You grow things: {space}', '{soil}']\n"


def option(title: str, when: str, role: str = "usual", short: str = "") -> str:
    id = re.sub("[^a-z0-9]+", "-", title.lower()).strip("-")
    more = f"    short: {short}\n" if short else ""
    return (
        f"/// option | {title}\n    id: {id}\n    when: {when}\n    role: {role}\n{more}    treatments: [compost]\n"
        "    sources: [rain-study]\nA few words about it.\n///\n\n"
    )


def led(texts: dict[str, str], *blocks: str, without_others: bool = True, **answers: str) -> Leading:
    """The results of somebody in the toy guide, whose only usual options are these."""
    if without_others:
        texts = {path: text.replace("role: usual", "role: other") for path, text in texts.items()}
    water = texts["en/pages/20-water.md"]
    guide = load({**texts, "en/pages/20-water.md": f"{water}\n" + "".join(blocks), "en/site.yaml": texts["en/site.yaml"] + LEADS})
    return lead(weigh(guide, {fact: frozenset(values.split()) for fact, values in answers.items()}))


def told(leading: Leading) -> list[tuple[str, str, str, list[tuple[str, str, str]]]]:
    """Each branch: its kind, what it hangs on, what would exclude all of it; and its lines."""
    return [
        (branch.kind, branch.after_if, branch.unless, [(line.brief, line.after_if, line.unless) for line in branch.lines])
        for branch in leading.branches
    ]


def test_what_hangs_on_one_open_answer_stands_under_it_and_what_excludes_is_said_beside(toy_texts: dict[str, str]) -> None:
    found = led(
        toy_texts,
        option("Dig", "{space: bed, soil: clay, not: {rain: 'yes'}}"),
        option("Rake", "{space: bed, soil: clay, not: {rain: 'yes'}}"),
        option("Sit", "{space: bed}"),
        option("Sow", "{space: bed, soil: sand}"),
        space="bed",
    )
    assert told(found) == [
        ("if", "the soil is clay", "you collect rain", [("Dig", "", ""), ("Rake", "", "")]),
        ("if", "the soil is sandy", "", [("Sow", "", "")]),
        ("whatever", "", "", [("Sit", "", "")]),
    ]


def test_what_nearly_nobody_has_to_think_of_is_said_once_and_its_branch_comes_last(toy_texts: dict[str, str]) -> None:
    rain = "en/questions/50-rain.md"
    texts = {**toy_texts, rain: toy_texts[rain].replace("why:", 'unless_told: "no"\nwhy:')}
    blocks = (option("Bail", "{rain: 'yes'}"), option("Water", "{space: bed, rain: 'no'}"))
    assert told(led(texts, *blocks, space="bed")) == [
        ("whatever", "", "", [("Water", "", "")]),
        ("loud", "you collect rain", "", [("Bail", "", "")]),
    ]
    assert led(texts, *blocks, space="bed").aside == "you collect rain"
    assert told(led(texts, *blocks, space="bed", rain="yes")) == [("whatever", "", "", [("Bail", "", "")])]
    assert told(led(texts, *blocks, space="bed", rain="no")) == [("whatever", "", "", [("Water", "", "")])]


def test_places_that_were_not_told_are_one_line_and_a_place_that_was_told_comes_after_the_rest(toy_texts: dict[str, str]) -> None:
    blocks = (option("Fence", "{visitors: mice, soil: clay}"), option("Trap", "{visitors: slugs}"), option("Sit", "{space: bed}"))
    found = led(toy_texts, *blocks, space="bed")
    assert [entry.block.title for entry in found.elsewhere] == ["Fence", "Trap"]
    assert told(found) == [("whatever", "", "", [("Sit", "", "")])]
    there = led(toy_texts, *blocks, space="bed", visitors="mice slugs")
    assert told(there)[0] == ("whatever", "", "", [("Sit", "", "")])
    assert [(branch.place, branch.depends, [line.brief for line in branch.lines]) for branch in there.branches[1:]] == [
        ("Mice", ("your kind of soil",), ["Fence"]),
        ("Slugs", (), ["Trap"]),
    ]


def test_three_open_answers_are_no_sentence_any_more(toy_texts: dict[str, str]) -> None:
    either = "any: [{puddles: stay}, {soil: loam}]"
    found = led(toy_texts, option("Dig", f"{{soil: [clay, loam], rain: 'yes', {either}}}"), space="bed")
    assert [(branch.kind, branch.lines[0].depends) for branch in found.branches] == [
        ("later", ("your kind of soil", "what rain does to your clay", "whether you collect rain"))
    ]
    assert [branch.kind for branch in led(toy_texts, option("Dig", f"{{rain: 'yes', {either}}}"), space="bed").branches] == ["if"]


def test_variants_of_one_short_title_become_one_line_while_their_answer_is_open(toy_texts: dict[str, str]) -> None:
    blocks = [option(f"Dig {soil}", f"{{space: bed, soil: {soil}}}", short="Dig") for soil in ("sand", "clay", "loam")]
    found = led(toy_texts, *blocks, space="bed")
    ((line,),) = (branch.lines for branch in found.branches)
    assert (line.brief, line.depends, len(line.entries)) == ("Dig", ("your kind of soil",), 3)
    assert [entry.block.title for entry in found.shown][:3] == ["Dig sand", "Dig clay", "Dig loam"]
    apart = led(toy_texts, *blocks[:2], space="bed")
    assert [len(branch.lines) for branch in apart.branches] == [1, 1], "two of three values are two branches"


def test_where_nothing_is_usual_the_first_five_others_stand_there(toy_texts: dict[str, str]) -> None:
    blocks = [option(f"Way {number}", "{space: bed}", role="other") for number in range(7)]
    found = led(toy_texts, *blocks, space="bed")
    assert found.nothing_first
    assert [entry.group for entry in found.often] == ["often-discussed"] * 5
    assert not led(toy_texts, *blocks, option("Sit", "{space: bed}"), space="bed").nothing_first


def test_an_answer_that_means_every_value_counts_as_told_and_goes_both_ways(toy_texts: dict[str, str]) -> None:
    rain = "en/questions/50-rain.md"
    both = 'answers:\n  sometimes: {label: Sometimes, said: some rain, means: ["yes", "no"], heading: Your barrel leaks. Ask.}\nplan:'
    texts = {**toy_texts, rain: toy_texts[rain].replace("plan:", both)}
    blocks = (option("Sit", "{space: bed}"), option("Drink", "{rain: 'yes', space: bed}"), option("Carry", "{rain: 'no', soil: clay}"))
    found = led(texts, *blocks, space="bed", rain="yes no")
    assert found.told == "Your barrel leaks. Ask."
    assert [(way.heading, [line.brief for branch in way.branches for line in branch.lines]) for way in found.ways] == [
        ("", ["Sit"]),
        ("a rain barrel", ["Drink"]),
        ("no rain barrel", ["Carry"]),
    ]
    plain = {path: text.replace(", heading: Your barrel leaks. Ask.", "") for path, text in texts.items()}
    assert led(plain, *blocks, space="bed", rain="yes no").told == "You said: some rain. Ask which of these ways your team follows."
    assert "rain" not in found.tells and not any("rain" in str(entry.parts.demands) for entry in found.often), (
        "what was told is no branch, and is not asked again"
    )


def test_what_is_not_given_as_it_is_stands_after_what_suits(careful_texts: dict[str, str]) -> None:
    mulch = option("Mulch", "{space: bed}").replace("[compost]", "[mulch]")
    texts = {path: re.sub("weight: care", "weight: avoid", text) for path, text in careful_texts.items()}
    found = led(texts, mulch, option("Sit", "{space: bed}"), space="bed", visitors="slugs")
    assert [line.brief for branch in found.branches for line in branch.lines] == ["Sit", "Mulch"]
    assert not found.none_suits
    assert led(texts, mulch, space="bed", visitors="slugs").none_suits
    care = {path: re.sub("weight: avoid", "weight: care", text) for path, text in texts.items()}
    careful = led(care, mulch, option("Sit", "{space: bed}"), space="bed", visitors="slugs")
    assert [line.brief for branch in careful.branches for line in branch.lines] == ["Mulch", "Sit"]


def test_what_would_tell_most_stands_on_the_page_and_is_asked_after_what_it_hangs_on(toy_texts: dict[str, str]) -> None:
    assert led(toy_texts, option("Dig", "{space: bed, soil: clay}")).tells == ("space",), "first what opens everything"
    found = led(toy_texts, option("Dig", "{soil: clay}"), option("Rake", "{soil: sand, rain: 'no'}"), space="bed")
    assert found.tells[0] == "soil"
    later = led(toy_texts, option("Drain", "{puddles: stay}"), space="bed")
    assert later.tells[0] == "soil", "puddles are asked of clay alone"


def test_a_usual_option_whose_branch_has_no_words_does_not_load(toy_texts: dict[str, str]) -> None:
    path = "en/questions/50-rain.md"
    texts = {**toy_texts, path: toy_texts[path].replace(", if: you collect rain", "")}
    with pytest.raises(ContentError) as error:
        led(texts, option("Drink", "{rain: 'yes'}"))
    assert [(mistake.code, str(mistake.place)) for mistake in error.value.mistakes] == [("no-words-after-if", "option | Drink: when")]
    assert "write if: with each of these answers" in error.value.mistakes[0].remedy
    assert led(texts, option("Drink", "{rain: 'yes'}", role="other")), "only what leads becomes a branch"


@pytest.mark.parametrize("key", ["opening", "places"])
def test_the_results_begin_with_facts_that_there_are(toy_texts: dict[str, str], key: str) -> None:
    site = toy_texts["en/site.yaml"] + f"leads: {{{key}: [moon]}}\n"
    with pytest.raises(ContentError, match=f"leads.{key}: there is no fact 'moon'"):
        load({**toy_texts, "en/site.yaml": site})


def test_everything_that_applies_or_may_is_shown_once(toy: Guide) -> None:
    for answers in ({}, {"space": frozenset({"bed"})}, {"space": frozenset({"bed"}), "soil": frozenset({"clay"})}):
        results = weigh(toy, answers)
        shown = [entry.finding.url for entry in lead(results).shown]
        wanted = [one.url for one in results.findings if one.block.kind == "option" and one.verdict != "does-not-apply"]
        assert sorted(shown) == sorted(wanted)
