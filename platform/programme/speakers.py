"""Finding the person that a schedule file means, so that nobody is entered twice."""

from uuid import NAMESPACE_URL, uuid4, uuid5

from people.listing import relist
from people.models import Person

from .exports import person_guid
from .models import Appearance, Event, SpeakerKey
from .schedule.shape import Speaker

# Never delivered to (RFC 6761): stands where a file names a person without an address.
NO_ADDRESS = "imported.invalid"


def has_address(person: Person) -> bool:
    return not person.email.endswith(f"@{NO_ADDRESS}")


class Speakers:
    """The people of one event's schedule files, by every key a file may use."""

    def __init__(self, event: Event):
        self.event = event
        keys = SpeakerKey.objects.filter(event=event).select_related("person")
        self.by_key: dict[str, Person] = self.of_our_exports() | {key.key: key.person for key in keys}
        self.kept = {key.key for key in keys}
        self.by_account: dict[str, Person] | None = None

    def of_our_exports(self) -> dict[str, Person]:
        people = Person.objects.filter(pk__in=Appearance.objects.filter(session__event=self.event).values("person"))
        return {f"guid:{person_guid(self.event, person.pk)}": person for person in people}

    def find(self, speaker: Speaker) -> Person:
        """The person meant, entered if new; what the file calls them is kept for the next file."""
        person = self.known(speaker) or self.enter(speaker)
        self.keep(speaker, person)
        if not has_address(person):
            self.rewrite(person, speaker)
        return person

    def known(self, speaker: Speaker) -> Person | None:
        by_key = (self.by_key.get(key) for key in speaker.keys)
        return next(filter(None, by_key), None) or self.with_address(speaker) or self.with_account(speaker)

    @staticmethod
    def with_address(speaker: Speaker) -> Person | None:
        mail = speaker.key("mail")
        return Person.objects.filter(email__iexact=mail).first() if mail else None

    def with_account(self, speaker: Speaker) -> Person | None:
        """Conference software makes guids of addresses, so an address that is known here gives its person away."""
        guid = speaker.key("guid")
        if guid and self.by_account is None:
            self.by_account = {str(uuid5(NAMESPACE_URL, f"acct:{one.email}")): one for one in Person.objects.all()}
        return self.by_account.get(guid) if guid and self.by_account else None

    @staticmethod
    def enter(speaker: Speaker) -> Person:
        email = speaker.key("mail") or f"{uuid4().hex}@{NO_ADDRESS}"
        return Person.objects.create_user(email, name=speaker.name, bio=speaker.biography)

    def keep(self, speaker: Speaker, person: Person) -> None:
        fresh = [key for key in speaker.keys if key not in self.kept]
        SpeakerKey.objects.bulk_create([SpeakerKey(event=self.event, key=key, person=person) for key in fresh])
        self.kept |= set(fresh)
        self.by_key |= dict.fromkeys(fresh, person)

    @staticmethod
    def rewrite(person: Person, speaker: Speaker) -> None:
        """Who has signed in writes their own profile; for others the file does."""
        bio = speaker.biography or person.bio
        if (person.name, person.bio) != (speaker.name, bio):
            person.name, person.bio = speaker.name, bio
            person.save(update_fields=["name", "bio"])
            relist([person.pk])
