"""What the sample's people keep in their schedules: the cast by choice, others by what interests them."""

from random import Random

from people.models import Person
from programme.models import Session, Star

from .programme import FLAGSHIP, Made

# Ada's and Inês's clash on purpose: one of them is held again, the other is not.
CHOSEN = {
    "ada": [
        FLAGSHIP,
        "procurement-clause",
        "captions-as-infrastructure",
        "data-trusts",
        "outcomes-workshop",
        "closing",
    ],
    "ines": [FLAGSHIP, "captions-as-infrastructure", "data-trusts", "maps-of-missing-streets", "closing"],
    "salma": [FLAGSHIP, "data-trusts", "closing"],
    "aiko": ["captions-as-infrastructure", "closing"],
    "tania": [FLAGSHIP, "speed-networking", "data-trusts"],
    "ayesha": ["heat-maps-for-shade", "farmers-and-forecasts"],
}
OTHERS = 300  # people: enough for the counts to say something
EACH = 6


def write(made: Made, everybody: list[Person]) -> None:
    of_cast = [(made.cast[key], code) for key, codes in CHOSEN.items() if key in made.cast for code in codes]
    kept = {(person.pk, made.sessions[code].pk) for person, code in of_cast if code in made.sessions}
    kept |= by_chance(everybody[len(made.cast) :][:OTHERS], made)
    Star.objects.bulk_create(Star(person_id=person, session_id=session) for person, session in sorted(kept))


def by_chance(people: list[Person], made: Made) -> set[tuple[int, int]]:
    """The flagship more often than what everybody else likes."""
    chance, open_ones = Random(len(people)), [it for it in made.sessions.values() if is_for_all(it, made)]
    weights = [3 if it.code == FLAGSHIP else 1 for it in open_ones]
    return {(person.pk, it.pk) for person in people for it in chance.choices(open_ones, weights, k=EACH)}


def is_for_all(session: Session, made: Made) -> bool:
    return not session.cancelled and "group" not in made.plans[session.code]
