"""A person's card to keep: a vCard 3.0 (RFC 2426), which phones take without asking. Pure but for the relations."""

from collections.abc import Collection, Iterator

from .models import Person

LINE = 75  # octets (RFC 2425, 5.8.1)


def vcard(person: Person, shown: Collection[str], address: str) -> str:
    """The card as whoever sees the fields `shown` gets it; `address` is that of the person's page."""
    return "".join(f"{folded(line)}\r\n" for line in _lines(person, shown, address))


def _lines(person: Person, shown: Collection[str], address: str) -> Iterator[str]:
    yield from ("BEGIN:VCARD", "VERSION:3.0")
    # Which part of a name is the family's, only its bearer knows: all of it is one part.
    yield f"N:{escaped(person.name)};;;{escaped(person.honorific)};"
    yield f"FN:{escaped(' '.join(filter(None, [person.honorific, person.name])))}"
    yield from _work(person, shown)
    if "email" in shown:
        yield f"EMAIL;TYPE=INTERNET:{escaped(person.email)}"
    yield from (f"URL:{escaped(address)}", f"UID:{escaped(address)}", "END:VCARD")


def _work(person: Person, shown: Collection[str]) -> Iterator[str]:
    if "organisation" in shown and person.organisation:
        yield f"ORG:{escaped(person.organisation)}"
    if "job_title" in shown and person.job_title:
        yield f"TITLE:{escaped(person.job_title)}"
    if "country" in shown and person.country:
        yield f"ADR;TYPE=WORK:;;;;;;{escaped(person.country_name)}"


def escaped(text: str) -> str:
    """RFC 2426, 5: newlines, commas and semicolons would end the value."""
    for mark in ("\\", ",", ";"):
        text = text.replace(mark, f"\\{mark}")
    return "\\n".join(text.splitlines())


def folded(line: str) -> str:
    """Lines of at most 75 octets, none of which ends within a character."""
    parts, room = [""], LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            parts.append("")
            room = LINE - 1  # the space that goes before
        parts[-1] += character
        room -= size
    return "\r\n ".join(parts)
