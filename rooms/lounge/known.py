"""Who knows each other already: people write to each other, or have met. They are not proposed to each other again."""

from collections.abc import Iterable

from chat.models import Conversation
from people.recommendations import known_already

from ..models import Match


@known_already
def write_to_each_other(person: int) -> set[int]:
    """Also those who have been asked and have not answered."""
    between_two = Conversation.objects.filter(kind=Conversation.Kind.PAIR)
    of_one = between_two.filter(one=person).values_list("two", flat=True)
    return {*of_one, *between_two.filter(two=person).values_list("one", flat=True)}


@known_already
def have_met(person: int) -> set[int]:
    """In a lounge, or right now."""
    return others(Match.objects.of(person).values_list("one", "two"), person)


def others(pairs: Iterable[tuple[int, int]], person: int) -> set[int]:
    return {two if one == person else one for one, two in pairs}
