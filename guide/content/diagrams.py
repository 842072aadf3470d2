"""Binary decision diagrams: a set of situations as a graph, in which equal sets are the same number.

R. E. Bryant, Graph-Based Algorithms for Boolean Function Manipulation, IEEE Transactions on Computers C-35
(1986). Written here because the libraries for it either need a compiler or complain when Python collects garbage.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import NewType

Diagram = NewType("Diagram", int)
"""The number of a node in `Diagrams`; equal sets have equal numbers."""

NOWHERE, EVERYWHERE = Diagram(0), Diagram(1)


MOST_STEPS = 300_000
"""Pairs of nodes compared for one condition: about a second. Today's widest condition takes some 4,000.

A condition that ties many pairs of facts together can take more than any computer has.
"""


class TooWideError(Exception):
    """A set that would take too many steps to find."""


class Diagrams:
    """Sets of ways to set some variables, in a fixed order of the variables."""

    def __init__(self, variables: Iterable[str]) -> None:
        self.variables = tuple(variables)
        self._level = {name: level for level, name in enumerate(self.variables)}
        end = len(self.variables)
        # Each node: its variable, and where it leads when that is false or true. The first two are the answers.
        self._nodes: list[tuple[int, Diagram, Diagram]] = [(end, NOWHERE, NOWHERE), (end, EVERYWHERE, EVERYWHERE)]
        self._known: dict[tuple[int, Diagram, Diagram], Diagram] = {}
        self._both: dict[tuple[Diagram, Diagram], Diagram] = {}
        self._turned: dict[Diagram, Diagram] = {NOWHERE: EVERYWHERE, EVERYWHERE: NOWHERE}
        self._left: float = math.inf

    @property
    def compared(self) -> int:
        """How many pairs of nodes were compared so far; with what came of it, each takes some 250 bytes."""
        return len(self._both)

    @contextmanager
    def bounded(self) -> Iterator[None]:
        """What is asked in here raises TooWideError where it takes too many steps."""
        self._left = MOST_STEPS
        try:
            yield
        finally:
            self._left = math.inf

    def var(self, name: str) -> Diagram:
        """Where a variable is true."""
        return self._node(self._level[name], NOWHERE, EVERYWHERE)

    def both(self, one: Diagram, other: Diagram) -> Diagram:
        """What lies in both sets."""
        if one == other or other == EVERYWHERE:
            return one
        if one == EVERYWHERE:
            return other
        if NOWHERE in (one, other):
            return NOWHERE
        key = (one, other) if one < other else (other, one)
        if key not in self._both:
            self._left -= 1
            if self._left < 0:
                raise TooWideError
            level = min(self._nodes[one][0], self._nodes[other][0])
            (one_no, one_yes), (other_no, other_yes) = self._split(one, level), self._split(other, level)
            self._both[key] = self._node(level, self.both(one_no, other_no), self.both(one_yes, other_yes))
        return self._both[key]

    def outside(self, one: Diagram) -> Diagram:
        """What does not lie in the set."""
        if one not in self._turned:
            level, no, yes = self._nodes[one]
            self._turned[one] = self._node(level, self.outside(no), self.outside(yes))
        return self._turned[one]

    def all(self, parts: Iterable[Diagram]) -> Diagram:
        """What lies in every one of the sets."""
        whole = EVERYWHERE
        for part in parts:
            whole = self.both(whole, part)
        return whole

    def any(self, parts: Iterable[Diagram]) -> Diagram:
        """What lies in at least one of the sets."""
        return self.outside(self.all(self.outside(part) for part in parts))

    def pick(self, one: Diagram) -> Mapping[str, bool] | None:
        """One way that lies in the set, false where it does not matter; None if there is none."""
        if one == NOWHERE:
            return None
        way = dict.fromkeys(self.variables, False)
        while one != EVERYWHERE:
            level, no, yes = self._nodes[one]
            way[self.variables[level]] = no == NOWHERE
            one = yes if no == NOWHERE else no
        return way

    def count(self, one: Diagram, variables: Iterable[str]) -> int:
        """How many ways of setting these variables lie in the set; it must depend on no other variable."""
        levels = sorted(self._level[name] for name in variables)
        place = {level: number for number, level in enumerate([*levels, len(self.variables)])}
        counted: dict[Diagram, int] = {NOWHERE: 0, EVERYWHERE: 1}

        def below(node: Diagram) -> int:
            if node not in counted:
                level, no, yes = self._nodes[node]
                counted[node] = sum(below(child) << (place[self._nodes[child][0]] - place[level] - 1) for child in (no, yes))
            return counted[node]

        return below(one) << place[self._nodes[one][0]]

    def _split(self, one: Diagram, level: int) -> tuple[Diagram, Diagram]:
        at, no, yes = self._nodes[one]
        return (no, yes) if at == level else (one, one)

    def _node(self, level: int, no: Diagram, yes: Diagram) -> Diagram:
        if no == yes:
            return no
        key = (level, no, yes)
        if key not in self._known:
            self._known[key] = Diagram(len(self._nodes))
            self._nodes.append(key)
        return self._known[key]
