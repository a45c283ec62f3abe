"""How conversations begin and end, who is in them, and who is told what."""

import pytest
from django.utils import timezone

from chat import conversations, inbox, messages
from chat.models import Conversation, Message
from people import blocks, connections
from people.models import Person

from .letters import Tab, asks, does, heard, refused_as, says, talking, writes

REQUESTED, ACCEPTED, DECLINED = Conversation.State.REQUESTED, Conversation.State.ACCEPTED, Conversation.State.DECLINED


@pytest.fixture(autouse=True)
def reachable(ada, ines, mallory, linus, grace):
    Person.objects.update(takes_messages=True, listed=True)


def test_a_strangers_first_words_are_a_request(ada, ines):
    hers, theirs = Tab(ada), Tab(ines)
    conversation = writes(ada, ines, "I run the pipes of Ngor.\n\n\nYou opened your data.\nMay I ask how?")
    assert conversation.state == REQUESTED
    said = conversation.messages.get()
    assert said.text == "I run the pipes of Ngor.\nYou opened your data. May I ask how?"
    hers.check()
    theirs.check()
    assert theirs.counts == {"unread": 0, "requests": 1}
    assert hers.counts == {"unread": 0, "requests": 0}
    assert [theirs.rows[conversation.pk]["request"], hers.rows[conversation.pk]["request"]] == ["to_me", "from_me"]


def test_until_it_is_answered_there_is_nothing_more_to_write(ada, ines):
    conversation = writes(ada, ines)
    assert refused_as(writes, ada, ines, "And another thing") == "request.pending"
    assert refused_as(says, ada, conversation, "And another thing") == "request.pending"
    assert refused_as(says, ines, conversation, "Yes?") == "request.unanswered"
    assert conversation.messages.count() == 1


def test_accepted_they_talk(ada, ines):
    conversation = writes(ada, ines)
    tabs = [Tab(ada, conversation), Tab(ines, conversation)]
    asks(ines, "chat.accept", conversation)
    asks(ines, "chat.accept", conversation)
    says(ines, conversation, "Gladly")
    says(ada, conversation, "On se parle ?")
    for tab in tabs:
        tab.check()
    assert tabs[1].counts == {"unread": 1, "requests": 0}
    assert tabs[0].counts == {"unread": 0, "requests": 0}


def test_whoever_writes_back_has_accepted(ada, ines):
    conversation = writes(ada, ines)
    assert writes(ines, ada, "Gladly").pk == conversation.pk
    conversation.refresh_from_db()
    assert conversation.state == ACCEPTED
    assert conversation.messages.count() == 2


def test_declined_she_is_told_not_now_and_no_more(ada, ines):
    conversation = writes(ada, ines)
    tab = Tab(ada, conversation)
    asks(ines, "chat.decline", conversation)
    tab.check()
    assert (tab.picture["state"], tab.picture["open"]) == (DECLINED, True)
    assert refused_as(writes, ada, ines, "Please") == "request.declined"
    assert refused_as(says, ada, conversation, "Please") == "request.declined"
    assert inbox.rows(ines.pk) == []
    writes(ines, ada, "Now I have time")
    assert Conversation.objects.get().state == ACCEPTED


def test_a_request_that_was_looked_at_still_waits(ada, ines):
    conversation = writes(ada, ines)
    tab = Tab(ines, conversation)
    asks(ines, "chat.read", conversation, number=1)
    tab.check()
    assert tab.counts["requests"] == 1


def test_whoever_asked_cannot_answer(ada, ines):
    conversation = writes(ada, ines)
    for answer in ("chat.accept", "chat.decline", "chat.ignore"):
        assert refused_as(asks, ada, answer, conversation) == "request.not_yours"


def test_an_ignored_request_looks_like_one_that_waits(ada, ines):
    conversation = writes(ada, ines)
    tab, theirs = Tab(ada, conversation), Tab(ines)
    asks(ines, "chat.ignore", conversation)
    assert heard(f"conversation.{conversation.pk}", tab.seqs[conversation.topic]) == []
    assert heard(f"person.{ada.pk}", tab.seqs[f"person.{ada.pk}"]) == []
    tab.check()
    theirs.check()
    assert theirs.counts == {"unread": 0, "requests": 0}
    assert [row["id"] for row in inbox.rows(ines.pk, hidden=True)] == [conversation.pk]
    assert refused_as(writes, ada, ines, "Hello?") == "request.pending"


def meets(by: Person, to: Person) -> Conversation:
    return does(by, conversations.ask_to_meet, by.pk, to.pk)


@pytest.mark.parametrize(
    ("answer", "refused"),
    [("chat.decline", "request.declined"), ("chat.ignore", "request.pending"), ("", "request.pending")],
    ids=["declined", "ignored", "pending"],
)
def test_whoever_leaves_a_request_does_not_ask_again(answer, refused, ada, ines):
    conversation = writes(ada, ines)
    if answer:
        asks(ines, answer, conversation)
    asks(ada, "chat.leave", conversation)
    tab, hidden = Tab(ines), conversation.memberships.get(person=ines).hidden
    assert refused_as(writes, ada, ines, "Hello again") == refused
    assert refused_as(meets, ada, ines) == refused
    tab.check()
    assert conversation.memberships.get(person=ines).hidden == hidden
    assert conversation.messages.count() == 1


def test_the_other_one_may_still_ask_and_those_in_touch_need_not(ada, ines, linus):
    for other in (ines, linus):
        asks(ada, "chat.leave", writes(ada, other))
    assert writes(ines, ada, "What was it about?").started_by == ines
    for one, other in ((ada, linus), (linus, ada)):
        does(one, connections.stay_in_touch, one.pk, other.pk)
    assert writes(ada, linus).state == ACCEPTED


def test_a_request_that_a_block_ended_begins_anew(ada, ines):
    conversation = writes(ada, ines)
    does(ines, blocks.block, ines.pk, ada.pk)
    does(ines, blocks.unblock, ines.pk, ada.pk)
    assert writes(ada, ines, "Let us begin anew").pk == conversation.pk


def test_but_not_one_that_was_ended_by_whoever_asked(ada, ines):
    conversation = writes(ada, ines)
    tabs = [Tab(ada), Tab(ines)]
    does(ada, blocks.block, ada.pk, ines.pk)
    for tab in tabs:
        tab.check()
        assert (tab.rows, tab.counts["requests"]) == ({}, 0)
    assert conversation.admits([ada.pk, ines.pk]) == set()
    does(ada, blocks.unblock, ada.pk, ines.pk)
    assert refused_as(writes, ada, ines, "Hello again") == "request.pending"
    assert inbox.counted(ines.pk)["requests"] == 0


def test_a_request_that_was_left_is_none_any_more(ada, ines):
    conversation = writes(ada, ines)
    tab = Tab(ines, conversation)
    asks(ada, "chat.leave", conversation)
    tab.check()
    assert tab.counts["requests"] == 0
    row = tab.rows[conversation.pk]
    assert row["request"] == ""
    assert [person["name"] for person in row["people"]] == [ada.name]
    assert {person["id"] for person in tab.picture["people"]} == {ada.pk, ines.pk}
    assert not inbox.untold("mailed", timezone.now()).filter(person=ines).exists()


def test_asking_the_same_person_anew_counts_each_time(ada, ines, linus, settings):
    settings.CONVERSATIONS_A_DAY = 3
    for _ in range(3):
        asks(ines, "chat.leave", writes(ada, ines))
    assert refused_as(writes, ada, linus) == "request.too_many"


def test_twenty_a_day(ada, settings):
    crowd = [Person(email=f"{n}@crowd.example", name=f"Person {n}", takes_messages=True) for n in range(21)]
    everybody = Person.objects.bulk_create(crowd)
    for person in everybody[:20]:
        writes(ada, person)
    assert refused_as(writes, ada, everybody[20]) == "request.too_many"


def test_a_request_has_280_characters(ada, ines):
    assert refused_as(writes, ada, ines, "x" * 281) == "request.too_long"
    writes(ada, ines, "字" * 280)


@pytest.mark.parametrize("why", ["blocked", "blocks", "inactive", "hidden", "nobody", "herself"])
def test_whom_she_cannot_see_she_cannot_write_to(why, ada, ines):
    to = ines.pk
    if why == "blocked":
        does(ines, blocks.block, ines.pk, ada.pk)
    elif why == "blocks":
        does(ada, blocks.block, ada.pk, ines.pk)
    elif why in ("inactive", "hidden"):
        change = {"is_active": False} if why == "inactive" else {"shown_to": Person.Audience.NOBODY}
        Person.objects.filter(pk=ines.pk).update(**change)
    else:
        to = 999_999 if why == "nobody" else ada.pk
    assert refused_as(does, ada, conversations.write, ada.pk, to, "Hello") == "person.unknown"
    assert not Conversation.objects.exists()


def test_whoever_takes_no_messages_is_left_alone_but_not_by_those_they_know(ada, ines):
    Person.objects.filter(pk=ines.pk).update(takes_messages=False)
    assert refused_as(writes, ada, ines) == "person.takes_no_messages"
    for one, other in ((ada, ines), (ines, ada)):
        does(one, connections.stay_in_touch, one.pk, other.pk)
    assert writes(ada, ines).state == ACCEPTED


def test_people_who_agreed_to_meet_need_not_ask(ada, ines):
    asked = writes(ines, ada)
    opened = does(ada, conversations.open_pair, ada.pk, ines.pk)
    assert (opened.pk, opened.state) == (asked.pk, ACCEPTED)
    assert does(ada, conversations.open_pair, ines.pk, ada.pk).pk == opened.pk
    says(ada, opened, "Until then")


def test_an_encounter_is_beside_what_they_have(ada, ines):
    pair = talking(ada, ines)
    met = does(ada, conversations.encounter, ada.pk, ines.pk)
    assert met.pk != pair.pk
    assert met.pk not in {row["id"] for row in inbox.rows(ada.pk)}
    says(ada, met, "Good morning")
    assert met.pk in {row["id"] for row in inbox.rows(ines.pk)}
    does(ada, conversations.close, met)
    assert refused_as(says, ines, met, "Bye") == "chat.closed"


DOORS = [
    ("chat.say", {"text": "Hi"}),
    ("chat.edit", {"message": 1, "text": "Hi"}),
    ("chat.delete", {"message": 1}),
    ("chat.remove", {"message": 1}),
    ("chat.read", {"number": 1}),
    ("chat.react", {"message": 1, "sign": "👍", "on": True}),
    ("chat.typing", {}),
    ("chat.accept", {}),
    ("chat.decline", {}),
    ("chat.ignore", {}),
    ("chat.mute", {"on": True}),
    ("chat.hide", {"on": True}),
    ("chat.leave", {}),
    ("chat.title", {"title": "Ours"}),
    ("chat.add", {"people": [1]}),
    ("chat.report", {"text": "Nasty"}),
]


@pytest.mark.parametrize("why", ["third", "blocked", "blocks", "left", "inactive"])
@pytest.mark.parametrize(("do", "with_"), DOORS, ids=[do for do, _ in DOORS])
def test_every_door_is_shut_to_whoever_is_not_in_it(why, do, with_, ada, ines, mallory):
    conversation = talking(ada, ines)
    outsider = mallory if why == "third" else ada
    if why == "blocked":
        does(ines, blocks.block, ines.pk, ada.pk)
    elif why == "blocks":
        does(ada, blocks.block, ada.pk, ines.pk)
    elif why == "left":
        asks(ada, "chat.leave", conversation)
    elif why == "inactive":
        Person.objects.filter(pk=ada.pk).update(is_active=False)
    before = heard(conversation.topic, 0)
    assert refused_as(asks, outsider, do, conversation, **with_) == "topic.unknown"
    assert refused_as(messages.welcome, outsider.pk, conversation.topic) == "topic.unknown"
    assert heard(conversation.topic, 0) == before


@pytest.mark.parametrize(("do", "with_"), DOORS[5:], ids=[do for do, _ in DOORS[5:]])
def test_a_sessions_chat_knows_nothing_of_this(do, with_, ada, conversation):
    assert refused_as(asks, ada, do, conversation, **with_) == "topic.unknown"


def test_blocking_ends_it_for_both_at_once(ada, ines):
    conversation = talking(ada, ines)
    says(ada, conversation, "Are you there?")
    tabs = [Tab(ada), Tab(ines)]
    does(ines, blocks.block, ines.pk, ada.pk)
    for tab in tabs:
        tab.check()
        assert tab.rows == {}
        assert tab.counts == {"unread": 0, "requests": 0}
    assert {event for event, _ in heard(f"person.{ada.pk}", 0)[-2:]} == {"access", "inbox"}
    assert refused_as(does, ada, conversations.open_pair, ada.pk, ines.pk) == "person.unknown"
    assert refused_as(does, ada, conversations.encounter, ines.pk, ada.pk) == "person.unknown"


def test_even_a_block_that_no_verb_made_keeps_them_apart(ada, ines):
    conversation = talking(ada, ines)
    ines.blocks.create(of=ada)
    assert conversation.admits([ada.pk, ines.pk]) == set()
    assert inbox.rows(ada.pk) == []


def test_what_a_block_ended_begins_with_asking(ada, ines):
    conversation = talking(ada, ines)
    does(ines, blocks.block, ines.pk, ada.pk)
    does(ines, blocks.unblock, ines.pk, ada.pk)
    assert conversation.admits([ada.pk, ines.pk]) == set()
    again = writes(ada, ines, "Let us begin anew")
    assert (again.pk, again.state) == (conversation.pk, REQUESTED)
    assert Conversation.objects.get().started_by == ada


def test_left_the_other_reads_on_and_asks_again(ada, ines):
    conversation = talking(ada, ines)
    tab = Tab(ines, conversation)
    asks(ada, "chat.leave", conversation)
    tab.check()
    assert tab.picture["open"] is False
    assert refused_as(says, ines, conversation, "Hello?") == "chat.closed"
    assert writes(ines, ada, "Hello again").state == REQUESTED


def group(by, *people, title="Night flow"):
    return does(by, conversations.start_group, by.pk, [person.pk for person in people], title)


def test_a_group_of_people_who_know_each_other(ada, ines, linus, mallory):
    talking(ada, ines)
    talking(linus, ada)
    assert refused_as(group, ada, ines, mallory) == "group.strangers"
    made = group(ada, ines, linus)
    tabs = [Tab(person, made) for person in (ada, ines, linus)]
    says(ines, made, "Hello, you two")
    asks(linus, "chat.title", made, title="Pipes\nand meters")
    asks(ines, "chat.leave", made)
    for tab in tabs[::2]:
        tab.check()
        assert tab.picture["title"] == "Pipes and meters"
        assert {person["id"] for person in tab.picture["people"]} == {ada.pk, linus.pk}
    asks(ada, "chat.add", made, people=[ines.pk, linus.pk])
    says(ines, made, "Back again")
    assert refused_as(asks, mallory, "chat.add", made, people=[mallory.pk]) == "topic.unknown"


def test_a_group_brings_nobody_together_with_whom_they_avoid(ada, ines, linus):
    talking(ada, ines)
    talking(ada, linus)
    does(linus, blocks.block, linus.pk, ines.pk)
    assert refused_as(group, ada, ines, linus) == "group.strangers"


@pytest.mark.parametrize(("blocker", "goes"), [("ines", "ines"), ("ada", "ines")])
def test_of_two_in_a_group_one_goes(blocker, goes, ada, ines, linus):
    """Whoever began it stays."""
    people = {"ada": ada, "ines": ines}
    talking(ada, ines)
    talking(ada, linus)
    made = group(ada, ines, linus)
    by, of = people[blocker], people[({"ada", "ines"} - {blocker}).pop()]
    does(by, blocks.block, by.pk, of.pk)
    assert made.admits([ada.pk, ines.pk, linus.pk]) == {ada.pk, linus.pk}
    assert people[goes] == ines


def test_at_most_twenty(ada):
    crowd = [Person(email=f"{n}@crowd.example", name=f"Person {n}", takes_messages=True) for n in range(20)]
    for person in Person.objects.bulk_create(crowd):
        does(ada, conversations.open_pair, ada.pk, person.pk)
    everybody = list(Person.objects.filter(email__endswith="@crowd.example"))
    assert refused_as(group, ada, *everybody) == "group.full"
    assert len(inbox.members(group(ada, *everybody[:19]))) == 20


def test_writing_to_a_sessions_speakers(ada, session, grace, linus, ines):
    begun = does(ada, conversations.write_to_speakers, ada.pk, session, "Which microphones?")
    assert begun.admits([ada.pk, grace.pk, linus.pk, ines.pk]) == {ada.pk, grace.pk, linus.pk}
    again = does(ada, conversations.write_to_speakers, ada.pk, session, "And at what depth?")
    assert (again.pk, again.said) == (begun.pk, 2)
    says(linus, begun, "Hydrophones")
    assert inbox.rows(grace.pk)[0]["about"] == {"code": "leaks", "title": session.title}
    does(linus, blocks.block, linus.pk, ada.pk)
    assert begun.admits([ada.pk, linus.pk]) == {ada.pk}


def test_speakers_who_take_no_messages_are_left_alone(ada, session, grace, linus):
    Person.objects.filter(pk__in=[grace.pk, linus.pk]).update(takes_messages=False)
    assert refused_as(does, ada, conversations.write_to_speakers, ada.pk, session, "Hello") == "speakers.none"


def test_muted_is_not_counted_and_hidden_comes_back_when_somebody_writes(ada, ines):
    conversation = talking(ada, ines)
    tab = Tab(ines)
    asks(ines, "chat.mute", conversation, on=True)
    says(ada, conversation, "Hello")
    tab.check()
    assert tab.counts["unread"] == 0
    asks(ines, "chat.mute", conversation, on=False)
    asks(ines, "chat.hide", conversation, on=True)
    tab.check()
    assert tab.rows == {}
    says(ada, conversation, "Hello?")
    tab.check()
    assert tab.rows[conversation.pk]["unread"] == 3


def test_reading_counts_in_all_tabs_and_never_backwards(ada, ines):
    conversation = talking(ada, ines)
    says(ada, conversation, "One")
    says(ada, conversation, "Two")
    tabs = [Tab(ines, conversation), Tab(ines), Tab(ada, conversation)]
    asks(ines, "chat.read", conversation, number=2)
    for tab in tabs:
        tab.check()
    assert tabs[0].counts["unread"] == 1
    assert tabs[2].reads[str(ines.pk)] == 2
    before = heard(f"person.{ines.pk}", 0)
    asks(ines, "chat.read", conversation, number=1)
    assert heard(f"person.{ines.pk}", 0) == before


@pytest.mark.parametrize("silent", ["ada", "ines"])
def test_how_far_somebody_read_is_shown_only_if_both_show_it(silent, ada, ines):
    conversation = talking(ada, ines)
    Person.objects.filter(name__startswith={"ada": "Ada", "ines": "Inês"}[silent]).update(shares_read=False)
    asks(ines, "chat.read", conversation, number=1)
    assert "reads" not in {event for event, _ in heard(conversation.topic, 0)}
    for person in (ada, ines):
        assert messages.welcome(person.pk, conversation.topic)["reads"] == {}


def test_signs_under_a_message(ada, ines):
    conversation = talking(ada, ines)
    said = says(ada, conversation, "We have water again")
    tab = Tab(ada, conversation)
    for sign, on in (("🎉", True), ("🎉", True), ("👍", True), ("👍", False)):
        asks(ines, "chat.react", conversation, message=said["id"], sign=sign, on=on)
    answer = asks(ada, "chat.react", conversation, message=said["id"], sign="🎉", on=True)
    assert answer["reactions"] == {"🎉": sorted([ada.pk, ines.pk])}
    assert answer["rev"] == 1 + 4
    tab.check()
    asks(ada, "chat.delete", conversation, message=said["id"])
    tab.check()
    assert "reactions" not in tab.picture["messages"][-1]


def test_what_is_deleted_is_gone_from_the_inbox_too(ada, ines):
    conversation = talking(ada, ines)
    said = says(ada, conversation, "A secret")
    tab = Tab(ines)
    asks(ada, "chat.delete", conversation, message=said["id"])
    tab.check()
    assert tab.rows[conversation.pk]["last"] | {"at": ""} == {
        "number": 2,
        "by": {"id": ada.pk, "name": ada.name},
        "text": "",
        "at": "",
        "attachments": 0,
        "removed": Message.Removed.BY_AUTHOR,
    }


def test_what_is_deleted_is_told_to_no_inbox_again(ada, ines, grace):
    talking(ada, ines)
    talking(grace, ada)
    conversation = group(ada, ines, grace)
    said = says(ada, conversation, "A secret")
    asks(grace, "chat.leave", conversation)
    says(ines, conversation, "Oh!")
    tabs = [Tab(person) for person in (ada, ines, grace)]
    asks(ada, "chat.delete", conversation, message=said["id"])
    for tab in tabs:
        tab.check()
        assert "A secret" not in str(heard(tab.own, 0))
