"""A condition in the words that follow "If ..." and "unless ...". They stand in the content: with each answer, and with named audiences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import takewhile

from guide.content.conditions import All, Any, Condition, Not, Wants, comparisons
from guide.content.documents import Choice, Guide, Question
from guide.content.parts import conjuncts, gates, parts, rest

MOST_VALUES = 3
"""Values of one comparison that are named one by one. A longer list has a name of its own, with words."""


class Speech:
    """The words of a guide for conditions."""

    def __init__(self, guide: Guide) -> None:
        self._questions: Mapping[str, Question] = {question.id: question for question in guide.questions}
        # Named audiences are found by what they say, so that no option has to name them.
        self._named = {rest(guide.audiences[name], {}): words for name, words in guide.spoken.items() if name in guide.audiences}

    def of(self, condition: Condition) -> str:
        """The words: "a change is found", "you had a or b"."""
        if words := self._named.get(condition):
            return words
        match condition:
            case Wants():
                choices = self._choices(condition)
                return listed((choice.after_if or choice.said for choice in choices), "or")
            case Not(condition=inner):
                return f"it is not so that {self.of(inner)}"
            case All(conditions=ones):
                return listed(map(self.of, ones), "and")
            case Any(conditions=ones):
                return listed(map(self.of, ones), "or")

    def unsaid(self, condition: Condition) -> Iterator[Wants]:
        """The comparisons of a condition, as one can come to be a branch, that have no words."""
        for part in conjuncts(rest(condition, {})):
            yield from self._unsaid(part.condition if isinstance(part, Not) else part)

    def _unsaid(self, condition: Condition) -> Iterator[Wants]:
        if condition in self._named:
            return
        match condition:
            case Wants():
                choices = self._choices(condition)
                if len(choices) > MOST_VALUES or not all(choice.after_if for choice in choices):
                    yield condition
            case Not(condition=inner):
                # Without a name there is no good way to say it: "unless you had it before, and not for early cancer only".
                yield from comparisons(inner)
            case All(conditions=ones) | Any(conditions=ones):
                for one in ones:
                    yield from self._unsaid(one)

    def _choices(self, condition: Wants) -> list[Choice]:
        """The answers that are wanted; one that means just these says it shortest."""
        question = self._questions[condition.fact.id]
        whole = [choice for choice in question.choices if choice.means == condition.wanted and choice.after_if]
        return whole[:1] or [question.choice(value) for value in condition.fact.values if value in condition.wanted]


@lru_cache(maxsize=2)
def speech_of(guide: Guide) -> Speech:
    """The words of a guide, read once."""
    return Speech(guide)


def branches(guide: Guide, condition: Condition) -> Iterator[Condition]:
    """All that a condition can come to demand or exclude, whatever is known: its parts, and what its facts hang on."""
    quiet = {question.id: question.unless_told for question in guide.questions if question.unless_told}
    found = parts(condition, {}, quiet)
    if found is not None:
        yield from found.open
        yield from gates(condition)


def listed(words: Iterable[str], last: str) -> str:
    """Each once; the whole words that all begin with are said once: "you had a, b or c"."""
    named = list(dict.fromkeys(words))
    if len(named) == 1:
        return named[0]
    begin = _common(named)
    named = [named[0], *(word[len(begin) :] for word in named[1:])]
    return f"{', '.join(named[:-1])} {last} {named[-1]}"


def _common(words: list[str]) -> str:
    """The whole words that all begin with, the blank after them included; one word alone, such as "how", may be missed in each."""
    columns = zip(*(text.split(" ")[:-1] for text in words), strict=False)
    same = [column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns)]
    return f"{' '.join(same)} " if len(same) > 1 else ""
