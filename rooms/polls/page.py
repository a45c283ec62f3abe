"""What the pages show of polls. Pure: the islands draw the same."""

from collections.abc import Sequence
from typing import Any

from .tally import folded, mean

Told = dict[str, Any]  # as poll_wire.py makes it
SIZES = 5  # of words in a cloud
RANK = {"open": 0, "draft": 1}


def shown(picture: Told, mine: Told) -> list[Told]:
    """Open polls first, then the others, the newest first."""
    tallies = {it["poll"]: it for it in mine["tallies"]}
    running = picture["room"]["state"] in ("open", "live") and not mine["silenced"]
    polls = [
        annotated(it, tallies.get(it["id"], it["tally"]), mine["ballots"].get(it["id"], []), running)
        for it in picture["polls"]
    ]
    return sorted(newest_first(polls), key=lambda it: it["state"] != "open")


def waiting(polls: Sequence[Told]) -> Told | None:
    """The open poll to be pointed at: the newest that this person has not voted in."""
    return next((it for it in polls if it["votable"] and not it["answer"]), None)


def newest_first(polls: Sequence[Told]) -> list[Told]:
    return sorted(polls, key=lambda it: (it["since"], it["number"]), reverse=True)


def desk(desk_picture: Told, desk_mine: Told) -> list[Told]:
    """As moderators see them: the open ones, drafts, then the others; the newest first."""
    tallies = {it["poll"]: it for it in desk_mine["tallies"]}
    polls = [annotated(it, tallies.get(it["id"], it["tally"]), [], False) for it in desk_picture["polls"]]
    return sorted(polls, key=lambda it: (RANK.get(it["state"], len(RANK)), -it["number"]))


def projected(polls: Sequence[Told], since: str = "") -> Told | None:
    """The poll that belongs on the screen: opened or shown last, unless a question was put up `since`."""
    on = next((it for it in newest_first(polls) if it["state"] in ("open", "shown")), None)
    return on if on and on["since"] > since else None


def on_screen(picture: Told, mine: Told, current: Told | None) -> Told | None:
    """What everybody may see of it, whoever has opened the projector; `current` is the question being answered."""
    if picture["room"]["state"] == "ended":
        return None
    poll = projected(picture["polls"], current["since"] if current else "")
    return annotated(poll, in_public(poll, mine), [], False) if poll else None


def in_public(poll: Told, mine: Told) -> Told | None:
    """Without what its reader may see for having voted."""
    tally = next((it for it in mine["tallies"] if it["poll"] == poll["id"]), poll["tally"])
    is_public = poll["results"] == "live" or poll["state"] == "shown"
    return tally if is_public or tally is None else {"voted": tally["voted"]}


def annotated(poll: Told, tally: Told | None, answer: Sequence, running: bool) -> Told:
    """With what is to be filled in and what came of it: `fields`, `rows`, `mean`, `voted`, and one's own `answer`."""
    tally = tally or {"voted": 0}
    rows = rows_of(poll, tally, answer)
    return {
        **poll,
        "voted": tally["voted"],
        "rows": rows,
        "mean": poll["kind"] == "rating" and mean(tally.get("counts", ())),
        "more": tally.get("more", 0),
        "answer": answer,
        "votable": running and poll["state"] == "open",
        "fields": fields(poll, answer),
    }


def labels(poll: Told) -> list[str]:
    """Of a rating the numbers of its steps."""
    return [str(step) for step in range(1, poll["most"] + 1)] if poll["kind"] == "rating" else poll["options"]


def fields(poll: Told, answer: Sequence) -> list[Told]:
    """What to tick, or the words to write."""
    if poll["kind"] == "words":
        return [{"value": word} for word in [*answer, *[""] * poll["most"]][: poll["most"]]]
    return [{"value": at, "label": label, "chosen": at in answer} for at, label in enumerate(labels(poll))]


def rows_of(poll: Told, tally: Told, answer: Sequence) -> list[Told]:
    """Nothing while the numbers are not to be seen."""
    if poll["kind"] == "words":
        mine = {folded(word) for word in answer}
        return [cloudy(tally, word, people, mine) for word, people in tally.get("words", ())]
    counts = zip(labels(poll), tally.get("counts", ()), strict=False)
    return [row(tally, label, people, at in answer) for at, (label, people) in enumerate(counts)]


def row(tally: Told, label: str, people: int, mine: bool) -> Told:
    percent = round(100 * people / tally["voted"]) if tally["voted"] else 0
    return {"label": label, "people": people, "percent": percent, "mine": mine}


def cloudy(tally: Told, word: str, people: int, mine: set[str]) -> Told:
    return {**row(tally, word, people, folded(word) in mine), "size": size(people, tally["words"][0][1])}


def size(people: int, most: int) -> int:
    """1 to 5: a word that as many people gave as the most frequent one is the largest."""
    return max(1, -(-SIZES * people // most))
