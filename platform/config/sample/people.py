"""The sample's people: the cast, and as many others as are wanted, from everywhere."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from django.contrib.auth.hashers import make_password

from people import countries
from people.models import Group, Language, Person, Theme

from . import profiles
from .cast import CAST, DOMAIN, S, address
from .names import City, everywhere

# Job titles and organisations by stakeholder type, and how many of thirty people are of it.
WORK = {
    S.GOVERNMENT: (
        8,
        ["Adviser", "Director", "Deputy director", "Policy officer", "Councillor", "Head of unit", "Programme manager"],
        [
            "Ministry of Digital Affairs, {country}",
            "City of {city}",
            "Data Protection Authority, {country}",
            "Ministry of Education, {country}",
            "Telecommunications Authority, {country}",
        ],
    ),
    S.INTERNATIONAL: (
        3,
        ["Programme officer", "Senior adviser", "Regional coordinator", "Analyst"],
        ["Network of Learning Cities", "Regional Office for Digital Cooperation", "Development Bank of the Regions"],
    ),
    S.CIVIL_SOCIETY: (
        6,
        ["Coordinator", "Campaigner", "Executive director", "Community organiser", "Researcher"],
        [
            "{city} Open Data Circle",
            "Digital Rights {country}",
            "Women in Networks, {city}",
            "Access for All {country}",
        ],
    ),
    S.PRIVATE_SECTOR: (
        5,
        ["Founder", "Head of public policy", "Product lead", "Engineer", "Chief operating officer"],
        ["{family} Systems", "{city} Fibre", "Northlight Software", "{family} and Daughters", "Maji Sensors"],
    ),
    S.ACADEMIA: (
        4,
        ["Professor", "Lecturer", "Doctoral student", "Postdoctoral researcher"],
        ["University of {city}", "{city} Institute of Technology", "School of Public Affairs, {city}"],
    ),
    S.TECHNICAL: (
        3,
        ["Network engineer", "Maintainer", "Protocol designer", "Accessibility engineer"],
        ["{city} Internet Exchange", "Network Operators of {country}", "Free Software Foundation of {city}"],
    ),
    S.MEDIA: (
        1,
        ["Journalist", "Editor", "Radio producer"],
        ["{city} Courier", "Radio {city}", "The {country} Observer"],
    ),
}
KINDS = [kind for kind, (share, *_) in WORK.items() for _ in range(share)]
HONORIFICS = {S.GOVERNMENT: ["", "", "", "", "", "H.E."], S.ACADEMIA: ["Prof.", "Dr", "Dr", ""]}
BIOS = [
    *[""] * 3,
    "Looking for partners for a pilot next spring.",
    "Here to listen first.",
    "Ten years of building networks where there were none.",
    "Works on what happens after the pilot ends.",
    "Ask me about community radio.",
    "Collects failures, in order not to repeat them.",
]
GENDERS = ["woman", "man"]


def strangers(chance: Random, joined: datetime) -> Iterator[tuple[Person, list[str]]]:
    """People and the codes of their languages, without end; women and men in turn."""
    wishes = Random(0)
    for number, stock in enumerate(everywhere(chance)):
        city, woman, kind = chance.choice(stock.cities), number % 2 == 0, chance.choice(KINDS)
        person = Person(
            email=f"person{number + 1}@{DOMAIN}",
            name=stock.name(chance, woman),
            gender=GENDERS[not woman] if chance.random() > 0.1 else chance.choice(["", "non-binary"]),
            honorific=chance.choice(HONORIFICS.get(kind, ["", "", "", "Dr"])),
            job_title=chance.choice(WORK[kind][1]),
            organisation=organisation(chance, kind, city, stock.families),
            country=city.country,
            zone=city.zone,
            stakeholder=kind,
            bio=chance.choice(BIOS),
            shown_to=Person.Audience.NOBODY if chance.random() < 0.04 else Person.Audience.EVERYBODY,
            joined_at=joined - timedelta(minutes=chance.randrange(60 * 24 * 90)),
            password=make_password(None),
        )
        yield profiles.decide(wishes, person), stock.languages


def organisation(chance: Random, kind: S, city: City, families: list[str]) -> str:
    country = countries.names()[city.country]
    family = next((name for name in families if name.isascii() and "/" not in name), "Meridian")
    return chance.choice(WORK[kind][2]).format(city=city.name, country=country, family=family)


def the_cast(joined: datetime) -> Iterator[tuple[Person, list[str]]]:
    for key, part in CAST.items():
        person = Person(email=address(key), joined_at=joined, password=make_password(None), **part.fields)
        yield profiles.decide_for_cast(key, person), part.languages.split()


def write(count: int, now: datetime) -> list[Person]:
    """`count` people in the database, the cast first in its order; those who are there already stay as they are."""
    chance = Random(count)
    everybody = [*the_cast(now), *islice(strangers(chance, now), count - len(CAST))]
    known = set(Person.objects.filter(email__endswith=f"@{DOMAIN}").values_list("email", flat=True))
    newcomers = [each for each in everybody if each[0].email not in known]
    Person.objects.bulk_create([person for person, _ in newcomers], batch_size=500)
    _tell_languages(newcomers)
    _tell_interests(chance, [person for person, _ in newcomers])
    profiles.tell([person for person, _ in newcomers])
    found = Person.objects.in_bulk([person.email for person, _ in everybody], field_name="email")
    return [found[person.email] for person, _ in everybody]


def _tell_languages(newcomers: list[tuple[Person, list[str]]]) -> None:
    speaks, known = Person.languages.through, set(Language.objects.values_list("code", flat=True))
    speaks.objects.bulk_create(
        [
            speaks(person_id=person.pk, language_id=code)
            for person, codes in newcomers
            for code in dict.fromkeys([*codes, "en"])
            if code in known
        ],
        batch_size=2000,
    )


def _tell_interests(chance: Random, people: list[Person]) -> None:
    likes, themes = Person.interests.through, list(Theme.objects.order_by("pk").values_list("pk", flat=True))
    likes.objects.bulk_create(
        [likes(person_id=person.pk, theme_id=theme) for person in people for theme in chance.sample(themes, 3)],
        batch_size=2000,
    )


def gather(name: str, slug: str, people: list[Person]) -> Group:
    group, _ = Group.objects.get_or_create(slug=slug, defaults={"name": name})
    group.people.add(*people)
    return group
