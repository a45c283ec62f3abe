"""Two people write on the same page at the same time. Pure."""

from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

Lines = list[str]
WORTH = 250_000  # pairs of lines that are compared, which takes some 40 ms


class Change(NamedTuple):
    """From line `at` on, `cut` lines become the lines `put`."""

    at: int
    cut: int
    put: Lines


class Against(NamedTuple):
    """What somebody made of a text: which of its lines they kept, and what they wrote before each and at the end."""

    kept: set[int]
    new: list[Lines]


def merged(base: str, theirs: str, mine: str) -> str:
    """What was made of `base` by two, as one text, by lines.

    A line of the base stands if both kept it; whatever either wrote stands, theirs first, once if both wrote it.
    """
    lines = base.split("\n")
    first, second = against(lines, theirs.split("\n")), against(lines, mine.split("\n"))
    kept = first.kept & second.kept
    return "\n".join(woven(lines, kept, [both(*new) for new in zip(first.new, second.new, strict=True)]))


def against(base: Lines, text: Lines) -> Against:
    kept: set[int] = set()
    new: list[Lines] = [[] for _ in range(len(base) + 1)]
    before, read = 0, 0
    for at, there in [*common(base, text), (len(base), len(text))]:
        new[before] += text[read:there]
        kept.add(at)
        before, read = at + 1, there + 1
    return Against(kept - {len(base)}, new)


def common(one: Lines, other: Lines) -> list[tuple[int, int]]:
    """Places of the lines that both have, in the same order and as many as can be."""
    head = alike(one, other)
    tail = alike(one[head:][::-1], other[head:][::-1])
    middle = longest(one[head : len(one) - tail], other[head : len(other) - tail])
    ends = [(len(one) - left, len(other) - left) for left in range(tail, 0, -1)]
    return [*((at, at) for at in range(head)), *((head + at, head + there) for at, there in middle), *ends]


def longest(one: Lines, other: Lines) -> list[tuple[int, int]]:
    """The longest common subsequence; of texts too different to be worth the time, none."""
    if len(one) * len(other) > WORTH:
        return []
    lengths = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for at in range(len(one) - 1, -1, -1):
        for there in range(len(other) - 1, -1, -1):
            longer = max(lengths[at + 1][there], lengths[at][there + 1])
            lengths[at][there] = lengths[at + 1][there + 1] + 1 if one[at] == other[there] else longer
    return walked(one, other, lengths)


def walked(one: Lines, other: Lines, lengths: list[list[int]]) -> list[tuple[int, int]]:
    at, there, found = 0, 0, []
    while at < len(one) and there < len(other):
        if one[at] == other[there]:
            found.append((at, there))
            at, there = at + 1, there + 1
        elif lengths[at + 1][there] >= lengths[at][there + 1]:
            at += 1
        else:
            there += 1
    return found


def both(theirs: Lines, mine: Lines) -> Lines:
    left = list(theirs)
    return theirs + [line for line in mine if not _taken(left, line)]


def _taken(left: Lines, line: str) -> bool:
    if line not in left:
        return False
    left.remove(line)
    return True


def woven(base: Lines, kept: set[int], new: list[Lines]) -> Iterator[str]:
    for at, line in enumerate(base):
        yield from new[at]
        if at in kept:
            yield line
    yield from new[-1]


def change(before: str, after: str) -> Change:
    """The one piece in which two texts differ."""
    old, now = before.split("\n"), after.split("\n")
    at = alike(old, now)
    rest = alike(old[at:][::-1], now[at:][::-1])
    return Change(at, len(old) - at - rest, now[at : len(now) - rest])


def alike(one: Lines, other: Lines) -> int:
    """How many lines the two begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
