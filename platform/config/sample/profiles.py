"""What the sample's people offer and look for, what they show, and who may find and reach them."""

from random import Random

from people.listing import relist
from people.models import Person, Theme

from .cast import CAST, address

TAGS = [
    "accessible maps",
    "affordable backhaul",
    "air quality data",
    "archives in small languages",
    "assistive technology",
    "captions",
    "child safety online",
    "citizen science",
    "clear procurement clauses",
    "community networks",
    "community radio",
    "consent forms people read",
    "cooperatives",
    "crisis mapping",
    "curriculum for teachers",
    "data protection audits",
    "data sharing agreements",
    "digital identity",
    "digital public goods",
    "disaster warnings",
    "e-waste",
    "election integrity",
    "energy for data centres",
    "fact checking",
    "flood models",
    "fonts for every script",
    "fundraising",
    "gender data",
    "health records",
    "impact evaluation",
    "indigenous knowledge",
    "interpreters into Arabic",
    "keyboard layouts",
    "last-mile logistics",
    "legal advice",
    "leak detection",
    "library networks",
    "machine translation",
    "mentoring",
    "mobile money",
    "night-flow data",
    "open data",
    "open source maintenance",
    "participatory budgeting",
    "pilot city",
    "privacy engineering",
    "remote sensing",
    "repair workshops",
    "rural connectivity",
    "satellite links",
    "school connectivity",
    "second pair of eyes",
    "sensor networks",
    "smart water",
    "spectrum policy",
    "standards",
    "statistics",
    "telemedicine",
    "training for councils",
    "universal acceptance",
    "women in engineering",
    "youth councils",
]
# Offers and seeks of those everybody meets.
CAST_TAGS = {
    "ada": ("pilot city, smart water", "night-flow data, leak detection, clear procurement clauses"),
    "grace": ("standards, training for councils", "statistics, smart water"),
    "linus": ("leak detection, sensor networks", "pilot city, night-flow data"),
    "layla": ("leak detection, statistics", "sensor networks, second pair of eyes"),
    "thabo": ("training for councils, fundraising", "pilot city, impact evaluation"),
    "meiling": ("citizen science, mentoring", "pilot city, open data"),
    "ines": ("night-flow data, open data, clear procurement clauses", "pilot city, interpreters into Arabic"),
    "aiko": ("data sharing agreements, second pair of eyes", "community networks, participatory budgeting"),
    "olga": ("mentoring", ""),
    "kofi": ("pilot city, participatory budgeting", "fundraising, school connectivity"),
    "jumoke": ("clear procurement clauses, legal advice", "open source maintenance"),
    "salma": ("citizen science, community radio", "night-flow data, fundraising"),
}
UNASKED = {"mallory"}  # nobody finds or reaches them, as everybody who has said yes to nothing
# A few who keep a fact to themselves or to those they are in touch with, and how many of a hundred do.
KEPT = [
    (6, {"country": "connections"}),
    (4, {"organisation": "nobody"}),
    (4, {"photo": "connections"}),
    (3, {"zone": "nobody"}),
]


def decide(chance: Random, person: Person) -> Person:
    """On a person not yet written."""
    person.chosen_at = person.joined_at
    person.listed = chance.random() < 0.8
    person.takes_messages = chance.random() < 0.85
    person.takes_meetings = chance.random() < 0.7
    person.takes_video = chance.random() < 0.8
    for percent, audiences in KEPT:
        if chance.random() * 100 < percent:
            person.audiences |= audiences
    return person


def decide_for_cast(key: str, person: Person) -> Person:
    asked = key not in UNASKED
    person.chosen_at = person.joined_at
    person.listed = person.takes_messages = person.takes_meetings = person.takes_video = asked
    return person


def tell(people: list[Person]) -> None:
    """What newcomers offer and seek, once they are written; then they stand in the directory."""
    tags = {name: Theme.objects.tag(name).pk for name in TAGS}
    chance, known = Random(len(people)), {address(key): key for key in CAST}
    wishes = [(person.pk, *wishes_of(chance, known.get(person.email))) for person in people]
    write(Person.offers.through, [(pk, tags[name]) for pk, offers, _seeks in wishes for name in offers])
    write(Person.seeks.through, [(pk, tags[name]) for pk, _offers, seeks in wishes for name in seeks])
    relist(person.pk for person in people)


def wishes_of(chance: Random, key: str | None) -> tuple[list[str], list[str]]:
    if key in CAST_TAGS:
        offers, seeks = CAST_TAGS[key]
        return named(offers), named(seeks)
    chosen = chance.sample(TAGS, chance.randrange(2, 6))
    return chosen[::2], chosen[1::2]


def named(tags: str) -> list[str]:
    return [name for name in tags.split(", ") if name]


def write(through, rows: list[tuple[int, int]]) -> None:
    through.objects.bulk_create([through(person_id=person, theme_id=theme) for person, theme in rows], batch_size=2000)
