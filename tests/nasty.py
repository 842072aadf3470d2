"""Texts that would freeze or break a careless reader, by what they are; and a way to try something that may not end."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Words of the toy guide, so that what is read before is read as always.
FIELDS = "title: T\nsummary: What soil needs.\npart: ground\nchecked: 2026-03-01\nreview_due: 2026-09-01\n"
BODY = "Feed the soil [@allotment-notes].\n"
BLANKS = "Write the phone number of your care team and of the ward where they work on this line here:"


def page(fields: str = "", body: str = BODY) -> str:
    return f"---\n{FIELDS}{fields}---\n{body}"


def option(when: str) -> str:
    return f"## Soil\n\n/// option | Dig\n    when: {when}\n    role: usual\n    treatments: [compost]\n    sources: [allotment-notes]\nDig.\n///\n"


def _full(unit: str) -> str:
    """As much of it as a line, a paragraph and a text may have."""
    paragraph = f"{unit * (4_900 // len(unit))}\n" * 4
    return f"{paragraph}\n" * (95_000 // len(paragraph))


BODIES: dict[str, str] = {
    **{f"forty {mark}": f"{BLANKS} {mark * 40}and then go on reading.\n" for mark in ("_ ", "- ", "/ ", "' ", "_ - / ' ", "__ ", "’ ")},
    **{f"{number} {mark}": mark * number for mark in ("[", "![", "[a](", "(", "[@", "[a][") for number in (4_000, 20_000)},
    **{f"20,000 {mark}": mark * 20_000 for mark in ("*", "_", "`", "<", "&", "\\", "|", "#", "=", "!", "*_", "***a ", "\t")},
    **{f"1,000 times {mark} in one line": f"{mark * 1_000}a" for mark in ("- ", "> ", "1. ", "- * ", "+ ", ">")},
    "100 lists in each other": "".join("    " * depth + "- a\n" for depth in range(100)),
    "300 numbered lists in each other": "".join("    " * depth + "1. a\n" for depth in range(300)),
    "a table of 10,000 cells": "|a" * 10 + "|\n" + "|-" * 10 + "|\n" + ("|b" * 10 + "|\n") * 1_000,
    "3,000 definitions": "a\n:   b\n\n" * 3_000,
    "200 blocks in each other": "## Soil\n\n" + "".join("/" * (210 - depth) + f" ask | a{depth}\n\n" for depth in range(200)),
    "4,000 blocks": "## Soil\n\n" + "".join(f"/// ask | a{number}\nb\n///\n\n" for number in range(4_000)),
    "400 blocks full of mistakes": "## Soil\n\n" + "".join(f"/// option | A {n}\n    role: best\n    treatments: [n{n}]\nb\n///\n\n" for n in range(400)),
    "a title of spaces": f"## Soil\n\n/// ask | a{' ' * 100_000}b\nc\n///\n",
    "5,000 citations": "".join(f"a [@x{number}] " for number in range(5_000)),
    "5,000 links": "[a](page:nowhere) " * 5_000,
    "3,000 equal headings": "## a\n\nb\n\n" * 3_000,
    "10,000 headings in lists": "- # a\n\n" * 10_000,
    "a line of 300,000 letters": "a " * 150_000,
    "a word of 900,000 letters": "a" * 900_000,
    "40,000 lines": "a\n" * 40_000,
    "100,000 empty lines": "\n" * 100_000,
    "a hole in code": f"    a\n{chr(10) * 90_000}    b",
    "90,000 spaces": f"a{' ' * 90_000}b",
    "forbidden signs": "\x02klzzwxh:0001\x03" * 5_000,
    **{f"a full text of {unit}": _full(unit) for unit in ("a ", "*a ", "_a ", "`a ", "[a](page:soil) ", "a [@allotment-notes] ", "_ ", "Soil is good. ", "'", "| a ")},
}  # fmt: skip
FRONTS: dict[str, str] = {
    "an alias that holds itself": "x: &a [*a]\n",
    "a billion laughs": "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)),
    "10,000 lists in each other": f"x: {'[' * 10_000}\n",
    "10,000 groups in each other": f"x: {'{a: ' * 10_000}\n",
    "3,000 lists by hyphens": f"x:\n  {'- ' * 3_000}a\n",
    "300 groups by spaces": "".join(f"{' ' * depth}a:\n" for depth in range(300)),
    "3,000 question marks": f"{'? ' * 3_000}x\n",
    "30,000 fields": "".join(f"k{number}: 1\n" for number in range(30_000)),
    "8,000 fields": "".join(f"k{number}: 1\n" for number in range(8_000)),
    "5,000 fields": "".join(f"k{number}: 1\n" for number in range(5_000)),
    "a number of 5,000 digits": f"order: {'9' * 5_000}\n",
    "a hexadecimal number of 5,000 digits": f"order: 0x{'f' * 5_000}\n",
    "a number of 3,000 minutes": f"order: {'1:' * 3_000}1\n",
    "a broken number of 3,000 minutes": f"order: {'1:' * 3_000}1.0\n",
    "a day before the first": "order: 0001-01-01T00:00:00+23:59\n",
    "a day that is not": "order: 2026-13-45\n",
    "a type of Python": "x: !!python/object/apply:os.system [true]\n",
    "a type": "x: !!binary aGVsbG8=\n",
    "a key that is a group": "? {a: [b]}\n: x\n",
    "a key that is nothing": "~: x\n",
    "a key that is a number": "1: x\n",
    "merged fields": "<<: {order: 1}\n",
    "a tab": "x:\ty\n\tz: 1\n",
    "a title of spaces": f"summary2: a{' ' * 40_000}b\n",
}
WHENS: dict[str, str] = {
    "not of not, 1,000 times": "{not: " * 1_000 + "{space: bed}" + "}" * 1_000,
    "not of not, 20 times": "{not: " * 20 + "{space: bed}" + "}" * 20,
    "any of 10,000": f"{{any: [{', '.join(['{space: bed}'] * 10_000)}]}}",
    "any of 300": f"{{any: [{', '.join(['{space: bed}'] * 300)}]}}",
    "an alias that holds itself": "&a {not: *a}",
    "a list that holds itself": "&a [*a]",
    "a key that is a list": "{? [a] : b}",
    "a group for a value": "{space: {a: b}}",
    "a number": "3",
    "a number for a fact": "{1: 2}",
}
TEXTS: dict[str, str] = {
    **{f"body: {name}": page(body=body) for name, body in BODIES.items()},
    **{f"fields: {name}": page(fields) for name, fields in FRONTS.items()},
    **{f"when: {name}": page(body=option(when)) for name, when in WHENS.items()},
}


def ends(work: Callable[[], object], seconds: int = 5) -> bool:
    """Whether this ends, and without an exception, before a process of its own has used so many seconds of a processor.

    What freezes uses all there are; what is fine takes less than one, also on a slow machine, where the clock runs on but this does not.
    """
    child = os.fork()
    if not child:
        with _only(seconds):
            work()
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


@contextmanager
def _only(seconds: int) -> Iterator[None]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        yield
    except BaseException as error:  # noqa: BLE001  # the child of a fork never returns
        os.write(2, f"{error!r}"[:2_000].encode())
        os._exit(1)
