"""What people can do in a conversation, and what everybody hears of it."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from chat import consumers, messages
from chat.models import Membership, Message
from live import writer
from live.batch import together
from live.log import listening, seqs
from live.refusal import Refused
from people.models import Person

from .talk import asks, heard_since, picture, says, told


def refused(code):
    return pytest.raises(Refused, match=f"^{code}$")


def told_again(conversation) -> str:
    return str(heard_since(conversation, 0))


def test_everybody_hears_what_ada_says(ada, conversation):
    with told(conversation) as heard:
        reply = says(ada, conversation, "Same story in our valley.")
    assert heard == [("message", reply)]
    assert reply == {
        "id": reply["id"],
        "number": 1,
        "rev": 1,
        "by": {"id": ada.pk, "name": "Ada Ndiaye"},
        "text": "Same story in our valley.",
        "at": reply["at"],
        "edited": False,
        "removed": "",
        "reply": None,
    }


def test_messages_are_numbered_without_gaps(ada, linus, conversation):
    assert [says(who, conversation, "Hello")["number"] for who in (ada, linus, ada)] == [1, 2, 3]


def test_a_reply_quotes_the_beginning_of_what_it_replies_to(ada, linus, conversation):
    first = says(ada, conversation, "x" * 300)
    with told(conversation):
        reply = says(linus, conversation, "Indeed", reply=first["id"])
    assert reply["reply"] == {"id": first["id"], "by": first["by"], "text": "x" * 120}


def test_ada_edits_her_own(ada, conversation):
    said = says(ada, conversation, "Helo")
    with told(conversation):
        edited = asks(ada, "chat.edit", conversation, message=said["id"], text="Hello")
    assert (edited["text"], edited["edited"], edited["rev"], edited["number"]) == ("Hello", True, 2, 1)
    assert said["text"] not in told_again(conversation)


def test_who_quotes_an_edited_message_quotes_it_anew(ada, linus, conversation):
    said = says(ada, conversation, "Helo")
    says(linus, conversation, "Indeed", reply=said["id"])
    with told(conversation) as heard:
        asks(ada, "chat.edit", conversation, message=said["id"], text="Hello")
    assert [data["rev"] for event, data in heard if event == "message"] == [2, 2]
    assert picture(conversation)["messages"][1]["reply"]["text"] == "Hello"


def test_what_ada_deletes_is_gone_from_the_table_too(ada, linus, conversation):
    said = says(ada, conversation, "My password is swordfish")
    says(linus, conversation, "Careful", reply=said["id"])
    with told(conversation):
        gone = asks(ada, "chat.delete", conversation, message=said["id"])
    assert (gone["text"], gone["removed"], gone["rev"]) == ("", "author", 2)
    assert "swordfish" not in str(picture(conversation))
    assert not Message.objects.filter(text__contains="swordfish").exists()
    assert "swordfish" not in told_again(conversation)


def test_what_grace_removes_stays_for_the_organisers_only(ada, linus, grace, conversation):
    said = says(ada, conversation, "Buy my sensors")
    says(linus, conversation, "No", reply=said["id"])
    with told(conversation):
        gone = asks(grace, "chat.remove", conversation, message=said["id"])
    assert (gone["text"], gone["removed"]) == ("", "moderator")
    assert "sensors" not in str(picture(conversation))
    assert "sensors" not in told_again(conversation)
    assert Message.objects.get(pk=said["id"]).text == "Buy my sensors"


def test_the_author_cannot_take_evidence_back(ada, grace, conversation):
    said = says(ada, conversation, "Buy my sensors")
    asks(grace, "chat.remove", conversation, message=said["id"])
    with refused("message.unknown"):
        asks(ada, "chat.delete", conversation, message=said["id"])


def test_a_message_taken_back_cannot_keep_its_words(ada, conversation):
    said = says(ada, conversation, "Hello")
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=said["id"]).update(removed="author")


@pytest.mark.parametrize("do", ["chat.edit", "chat.delete"])
def test_nobody_touches_what_others_wrote(ada, linus, grace, conversation, do):
    said = says(ada, conversation, "Hello")
    more = {"text": "Bye"} if do == "chat.edit" else {}
    for other in (linus, grace):
        with told(conversation) as heard, refused("message.not_yours"):
            asks(other, do, conversation, message=said["id"], **more)
        assert heard == []


def test_only_moderators_remove(ada, linus, conversation):
    said = says(ada, conversation, "Hello")
    with told(conversation) as heard, refused("room.not_yours"):
        asks(linus, "chat.remove", conversation, message=said["id"])
    assert heard == []


def silences(moderator, conversation, person):
    writer.do(moderator.pk, messages.silence, conversation, person.pk, moderator.pk)


def test_a_silenced_person_is_refused_until_it_is_lifted(ada, grace, conversation):
    said = says(ada, conversation, "Spam")
    silences(grace, conversation, ada)
    assert messages.silenced(conversation) == {ada.pk}
    assert messages.welcome(ada.pk, conversation.topic)["silenced"]
    with told(conversation) as heard, refused("person.silenced"):
        says(ada, conversation, "More spam")
    with refused("person.silenced"):
        asks(ada, "chat.edit", conversation, message=said["id"], text="Spam, spam")
    assert heard == []
    writer.do(grace.pk, messages.unsilence, conversation, ada.pk)
    with told(conversation):
        says(ada, conversation, "Sorry")


def test_her_own_pages_hear_that_she_is_silenced(ada, grace, conversation):
    silences(grace, conversation, ada)
    assert seqs([f"person.{ada.pk}"]) == {f"person.{ada.pk}": 1}


def test_silence_counts_for_the_rest_of_the_same_batch(ada, grace, conversation):
    said = says(ada, conversation, "Spam")

    def silence_then_say():
        messages.silenced(conversation)
        messages.silence(conversation, ada.pk, by=grace.pk)
        messages.say(conversation, ada, "More")

    with refused("person.silenced"):
        writer.do(grace.pk, silence_then_say)
    assert conversation.messages.count() == said["number"]


def test_moderators_are_not_silenced(grace, conversation):
    with refused("person.moderates"):
        silences(grace, conversation, grace)
    assert not Membership.objects.silenced().exists()


def test_outsiders_neither_hear_nor_write(mallory, ada, grace, conversation):
    conversation.session.groups.create(name="Mayors", slug="mayors").people.add(ada)
    said = says(ada, conversation, "Among mayors")
    with refused("topic.unknown"):
        messages.welcome(mallory.pk, conversation.topic)
    for do, with_ in [
        ("chat.say", {"text": "Hi"}),
        ("chat.edit", {"message": said["id"], "text": "Hi"}),
        ("chat.delete", {"message": said["id"]}),
        ("chat.read", {"number": 1}),
    ]:
        with told(conversation) as heard, refused("topic.unknown"):
            asks(mallory, do, conversation, **with_)
        assert heard == []
    assert not Membership.objects.filter(person=mallory).exists()
    assert messages.welcome(grace.pk, conversation.topic)["moderator"]


def test_a_past_moderator_moderates_no_more(ada, grace, conversation):
    said = says(ada, conversation, "Hello")
    conversation.session.appearances.filter(person=grace).delete()
    with refused("room.not_yours"):
        asks(grace, "chat.remove", conversation, message=said["id"])


def test_closed_means_read_only_but_moderators_still_clear_up(ada, grace, conversation):
    said = says(ada, conversation, "Hello")
    with told(conversation) as heard:
        writer.do(grace.pk, messages.close, conversation)
    assert heard == [("conversation", {"open": False})]
    for do, with_ in [
        ("chat.say", {"text": "Hi"}),
        ("chat.edit", {"message": said["id"], "text": "Hi"}),
        ("chat.delete", {"message": said["id"]}),
    ]:
        with refused("chat.closed"):
            asks(ada, do, conversation, **with_)
    with told(conversation):
        asks(grace, "chat.remove", conversation, message=said["id"])
    with told(conversation) as heard:
        writer.do(grace.pk, messages.reopen, conversation)
        writer.do(grace.pk, messages.reopen, conversation)
    assert heard == [("conversation", {"open": True})]
    says(ada, conversation, "Hi")


def test_closing_counts_for_the_rest_of_the_same_batch(ada, conversation):
    def close_then_say():
        here = messages.entered(conversation.topic, ada.pk)
        messages.close(conversation)
        messages.say(here, ada, "Too late")

    with refused("chat.closed"):
        writer.do(ada.pk, close_then_say)


def test_html_stays_text(ada, conversation):
    html = "<script>alert(1)</script> & <b>bold</b>"
    assert says(ada, conversation, html)["text"] == html


def test_a_reply_to_nothing_leaves_no_gap_in_the_numbers(ada, conversation):
    with told(conversation) as heard, refused("message.unknown"):
        says(ada, conversation, "Hello", reply=2**60)
    assert heard == []
    assert says(ada, conversation, "Hello")["number"] == 1


def test_a_message_of_another_conversation_is_unknown(ada, conversation, session):
    said = says(ada, conversation, "Hello")
    conversation.messages.update(conversation=conversation.__class__.objects.create())
    with refused("message.unknown"):
        says(ada, conversation, "Indeed", reply=said["id"])


def test_reading_never_goes_back_nor_beyond_what_was_said(ada, linus, conversation):
    for _ in range(5):
        says(linus, conversation, "Hello")

    def reads(number):
        asks(ada, "chat.read", conversation, number=number)
        return messages.welcome(ada.pk, conversation.topic)["read"]

    assert [reads(number) for number in (3, 2, 5, 4, 99)] == [3, 3, 5, 5, 5]


def test_many_read_in_one_statement_each_their_own(ada, linus, conversation):
    says(linus, conversation, "Hello")
    says(linus, conversation, "There")
    conversation.refresh_from_db()
    writer.do(0, messages.read, conversation, {ada.pk: 1, linus.pk: 2})
    assert dict(conversation.memberships.values_list("person", "read")) == {ada.pk: 1, linus.pk: 2}


def test_the_welcome(ada, grace, conversation):
    assert messages.welcome(ada.pk, conversation.topic) == {"read": 0, "silenced": False, "moderator": False}
    assert messages.welcome(grace.pk, conversation.topic) == {"read": 0, "silenced": False, "moderator": True}


def test_the_picture_holds_the_newest_two_hundred(ada, conversation):
    Message.objects.bulk_create(
        Message(conversation=conversation, author=ada, number=n, text=str(n)) for n in range(1, 231)
    )
    conversation.said = 230
    conversation.save()
    with told(conversation):
        says(ada, conversation, "231")
    assert [m["number"] for m in picture(conversation)["messages"]] == list(range(32, 232))


def test_saying_something_is_cheap(ada, conversation):
    says(ada, conversation, "Hello")
    with CaptureQueriesContext(connection) as queries:
        says(ada, conversation, "Again")
    ours = [q["sql"] for q in queries if re.search("chat_|people_|programme_", q["sql"])]
    assert len(ours) <= 8, ours


def test_a_full_batch_looks_up_people_and_rights_once(ada, conversation):
    crowd = [Person.objects.create_user(f"p{n}@example.org", name=f"P{n}") for n in range(20)]
    with CaptureQueriesContext(connection) as queries, together(p.pk for p in crowd), listening():
        for person in crowd:
            consumers.say(person.pk, conversation.topic, consumers.Say("Hello"))
    assert len(queries) <= 6 + 2 * len(crowd)
