"""The pages of conversations, as they are without a script."""

import json
import re
import uuid
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from chat.models import Conversation, Membership
from people import blocks
from people.models import Person, Report

from .letters import asks, does, says, talking, writes


@pytest.fixture(autouse=True)
def reachable(ada, ines, mallory):
    Person.objects.update(takes_messages=True)


@pytest.fixture
def page(client, ada):
    return signed_in(client, ada)


def signed_in(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(answer) -> str:
    return answer.content.decode()


def data(answer, name: str):
    return json.loads(re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', text_of(answer))[1])


def opens(page, conversation, **query):
    return page.get(reverse("conversation", args=[conversation.pk]), query)


def does_there(page, conversation, what, **form):
    return page.post(reverse("conversation-do", args=[conversation.pk]), {"do": what, **form})


def test_an_empty_inbox_says_how_to_begin(page):
    answer = page.get(reverse("messages"))
    assert "Two lines are enough" in text_of(answer)
    assert data(answer, "inbox") == {"unread": 0, "requests": 0, "rows": [], "more": False, "before": ""}


def test_from_a_profile_to_a_conversation(page, client, ada, ines):
    write = reverse("write", args=[ines.pk])
    assert "To Inês Carvalho" in text_of(page.get(write))
    form = {"text": "I run the pipes of Ngor.", "ref": str(uuid.uuid4())}
    for _ in range(2):
        answer = page.post(write, form)
    conversation = Conversation.objects.get()
    assert answer["Location"] == reverse("conversation", args=[conversation.pk])
    assert conversation.said == 1
    assert "waiting for an answer" in text_of(opens(page, conversation))
    assert page.get(write)["Location"] == answer["Location"]
    signed_in(client, ines)
    assert "Request" in text_of(client.get(reverse("messages")))
    assert "would like to talk with you" in text_of(opens(client, conversation))
    assert does_there(client, conversation, "accept").status_code == 302
    reply = {"text": "Gladly: https://cm-lisboa.example/112", "back": opens(client, conversation).request["PATH_INFO"]}
    assert client.post(reverse("chat-say", args=[conversation.pk]), reply)["Location"].startswith("/messages/")
    signed_in(client, ada)
    assert 'href="https://cm-lisboa.example/112"' in text_of(opens(client, conversation))


def test_what_was_refused_is_not_lost(page, ines):
    Person.objects.filter(pk=ines.pk).update(takes_messages=False)
    answer = page.post(reverse("write", args=[ines.pk]), {"text": "Long <thought>"})
    assert answer.status_code == 403
    assert "This person takes no messages." in text_of(answer)
    assert "Long &lt;thought&gt;</textarea>" in text_of(answer)


@pytest.mark.parametrize("why", ["blocked", "hidden", "inactive", "nobody", "herself"])
def test_to_whom_one_may_not_write_there_is_no_page(why, page, ada, ines):
    to = {"nobody": 999_999, "herself": ada.pk}.get(why, ines.pk)
    if why == "blocked":
        does(ines, blocks.block, ines.pk, ada.pk)
    Person.objects.filter(pk=ines.pk).update(
        is_active=why != "inactive",
        shown_to=Person.Audience.NOBODY if why == "hidden" else Person.Audience.EVERYBODY,
    )
    for answer in (page.get(reverse("write", args=[to])), page.post(reverse("write", args=[to]), {"text": "Hi"})):
        assert answer.status_code == 404
        assert "There is no such person." in text_of(answer)


def test_declined_reads_not_now(page, ada, ines, client):
    conversation = writes(ada, ines)
    asks(ines, "chat.decline", conversation)
    answer = text_of(opens(page, conversation))
    assert "Not now." in answer
    assert "<textarea" not in answer


@pytest.mark.parametrize("answer", ["ignore", "hide", "leave", "decline"])
def test_what_is_out_of_the_way_leads_to_the_inbox(answer, client, ada, ines):
    conversation = writes(ada, ines)
    signed_in(client, ines)
    assert does_there(client, conversation, answer)["Location"] == reverse("messages")
    assert data(client.get(reverse("messages")), "inbox")["rows"] == []


def test_the_page_carries_what_the_island_needs(page, ada, ines):
    conversation = talking(ada, ines)
    says(ines, conversation, "Gladly")
    answer = opens(page, conversation)
    snapshot, mine = data(answer, "conversation-snapshot"), data(answer, "conversation-mine")
    assert [message["text"] for message in snapshot["data"]["messages"]][1:] == ["Gladly"]
    assert (snapshot["data"]["kind"], snapshot["data"]["state"]) == ("pair", "accepted")
    assert mine["read"] == 1
    assert data(answer, "inbox")["rows"][0]["id"] == conversation.pk
    assert f'data-conversation="{conversation.pk}" data-me="{ada.pk}"' in text_of(answer)


def test_whoever_opens_it_has_read_it(page, ada, ines):
    conversation = talking(ada, ines)
    says(ines, conversation, "Gladly")
    opens(page, conversation)
    assert conversation.present()[ada.pk].read == 2
    assert data(page.get(reverse("messages")), "inbox")["unread"] == 0


def test_muting_and_putting_away_and_back(page, ada, ines):
    conversation = talking(ada, ines)
    for what, hers in (("mute", "muted"), ("hide", "hidden")):
        does_there(page, conversation, what)
        assert getattr(conversation.present()[ada.pk], hers)
        does_there(page, conversation, f"un{what}")
        assert not getattr(conversation.present()[ada.pk], hers)


def test_earlier_messages_by_number(page, ada, ines):
    conversation = talking(ada, ines)
    Conversation.objects.filter(pk=conversation.pk).update(said=250)
    conversation.messages.all().delete()
    conversation.messages.bulk_create(
        conversation.messages.model(conversation=conversation, author=ines, number=n, text=f"Line {n}.")
        for n in range(1, 251)
    )
    latest = text_of(opens(page, conversation))
    assert "Line 51." in latest
    assert "Line 50." not in latest
    assert 'href="?before=51"' in latest
    assert "Line 1." in text_of(opens(page, conversation, before=51))
    assert 'id="m3"' in text_of(opens(page, conversation, around=3))
    older = page.get(reverse("chat-older", args=[conversation.pk]), {"before": 51}).json()
    assert ([message["number"] for message in older["messages"]], older["more"]) == (list(range(1, 51)), False)


def test_deleting_and_signs_and_replies(page, ada, ines):
    conversation = talking(ada, ines)
    theirs = says(ines, conversation, "Gladly")
    mine = says(ada, conversation, "A secret")
    assert "Gladly</p>" in text_of(opens(page, conversation, reply=theirs["id"]))
    does_there(page, conversation, "react", message=theirs["id"], on="👍")
    does_there(page, conversation, "delete", message=mine["id"])
    answer = text_of(opens(page, conversation))
    assert "👍 1" in answer
    assert "A secret" not in answer
    assert does_there(page, conversation, "delete", message=theirs["id"]).status_code == 403
    assert does_there(page, conversation, "react", message=theirs["id"], on="💩").status_code == 403
    assert does_there(page, conversation, "anything").status_code == 403


def test_ones_own_words_are_edited_without_a_script(page, ada, ines):
    conversation = talking(ada, ines)
    theirs, mine = says(ines, conversation, "Gladly"), says(ada, conversation, "A secert")
    assert f'href="?edit={mine["id"]}#c"' in text_of(opens(page, conversation))
    assert ">A secert</textarea>" in text_of(opens(page, conversation, edit=mine["id"]))
    answer = text_of(opens(page, conversation, edit=theirs["id"]))
    assert "Gladly</textarea>" not in answer
    assert f'href="?edit={theirs["id"]}' not in answer
    assert does_there(page, conversation, "edit", message=mine["id"], text="A secret").status_code == 302
    assert conversation.messages.get(pk=mine["id"]).text == "A secret"
    for message, text in ((theirs, "Never"), (mine, " \n ")):
        assert does_there(page, conversation, "edit", message=message["id"], text=text).status_code == 403
    answer = does_there(page, conversation, "edit", message=mine["id"], text="x" * 1001)
    assert f"{'x' * 1001}</textarea>" in text_of(answer)


def test_signs_are_buttons_without_a_script(page, ada, ines):
    conversation = talking(ada, ines)
    said = says(ines, conversation, "Gladly")
    answer = text_of(opens(page, conversation))
    assert answer.count('name="on"') == 6 * 2
    assert 'name="on" value="🎉" aria-pressed="false" aria-label="Congratulations"' in answer
    does_there(page, conversation, "react", message=said["id"], on="🎉")
    assert 'name="off" value="🎉" aria-pressed="true"' in text_of(opens(page, conversation))
    does_there(page, conversation, "react", message=said["id"], off="🎉")
    assert not conversation.messages.get(pk=said["id"]).reactions.exists()


def many(ada, number: int) -> None:
    """So many conversations of Ada's, each a minute older than the one before."""
    crowd = Person.objects.bulk_create(Person(email=f"{n}@crowd.example", name=f"Crowd {n:02}") for n in range(number))
    now = timezone.now()
    pairs = Conversation.objects.bulk_create(
        Conversation(kind="pair", one=ada, two=person, spoken_at=now - timedelta(minutes=n))
        for n, person in enumerate(crowd)
    )
    Membership.objects.bulk_create(
        Membership(conversation=it, person=person, joined_at=now) for it in pairs for person in (it.one, it.two)
    )


def test_earlier_conversations_are_found_from_wherever_one_is(page, ada, ines):
    many(ada, 31)
    conversation = talking(ada, ines)
    for answer in (page.get(reverse("messages")), opens(page, conversation)):
        earlier = re.search(r'href="(/messages/\?before=[^"]*)"', text_of(answer))[1]
        shown = text_of(page.get(earlier))
        assert "Crowd 30" in shown
        assert "Crowd 28" not in shown
    ada.memberships.update(hidden=True)
    away = text_of(page.get(reverse("messages"), {"hidden": 1}))
    earlier = unescape(re.search(r'href="(/messages/\?before=[^"]*)"', away)[1])
    assert "Crowd 30" in text_of(page.get(earlier))


def test_people_are_found_by_name_however_far_down_or_put_away(page, ada, ines):
    many(ada, 31)
    ada.memberships.filter(conversation__two__name="Crowd 30").update(hidden=True)
    group = page.post(reverse("group-new"), {"title": "Àgora", "person": [Person.objects.get(name="Crowd 07").pk]})
    assert group.status_code == 302

    def found(query: str) -> list[str]:
        asked = {"headers": {"accept": "application/json"}}
        rows = page.get(reverse("messages"), {"q": query}, **asked).json()["rows"]
        return [row["title"] or row["people"][0]["name"] for row in rows]

    assert found("CROWD 30") == ["Crowd 30"]
    assert found("agora") == ["Àgora"]
    assert found("Ada") == []
    assert found("crowd 07") == ["Àgora", "Crowd 07"]
    assert "Crowd 30" in text_of(page.get(reverse("messages"), {"q": "crowd 30"}))


def test_in_a_group_one_reports_a_message_and_not_the_group(page, ada, ines):
    conversation = talking(ada, ines)
    page.post(reverse("group-new"), {"person": [ines.pk]})
    made = Conversation.objects.get(kind="group")
    assert f'href="{reverse("conversation-report", args=[made.pk])}"' not in text_of(opens(page, made))
    assert f'href="{reverse("conversation-report", args=[conversation.pk])}"' in text_of(opens(page, conversation))


def test_a_conversation_is_named_after_whoever_left_it(page, client, ada, ines):
    conversation = writes(ada, ines)
    asks(ada, "chat.leave", conversation)
    signed_in(client, ines)
    inbox = text_of(client.get(reverse("messages")))
    assert "Ada Ndiaye" in inbox
    assert "Nobody else" not in inbox
    assert ">Request<" not in inbox
    assert "This conversation is over." in text_of(opens(client, conversation))


def test_a_group_from_a_form(page, ada, ines, mallory):
    assert "nobody yet" in text_of(page.get(reverse("group-new")))
    talking(ada, ines)
    answer = page.post(reverse("group-new"), {"title": "Night flow", "person": [ines.pk]})
    made = Conversation.objects.get(kind="group")
    assert answer["Location"] == reverse("conversation", args=[made.pk])
    assert "Night flow" in text_of(opens(page, made))
    does_there(page, made, "title", title="Pipes")
    talking(ada, mallory)
    assert page.get(reverse("conversation-known", args=[made.pk])).json() == {
        "known": [{"id": mallory.pk, "name": mallory.name}]
    }
    does_there(page, made, "add", person=[mallory.pk])
    made.refresh_from_db()
    assert (made.title, len(made.present())) == ("Pipes", 3)
    assert page.post(reverse("group-new"), {"person": [999]}).status_code == 403


def test_to_a_sessions_speakers(page, session, grace, linus):
    Person.objects.update(takes_messages=True)
    path = reverse("write-speakers", args=[session.code])
    assert "Linus Heikkilä" in text_of(page.get(path))
    page.post(path, {"text": "Which microphones?"})
    begun = Conversation.objects.get(kind="speakers")
    assert page.get(path)["Location"] == reverse("conversation", args=[begun.pk])
    assert "Speakers of “Water that reports its own leaks”" in text_of(opens(page, begun))
    session.groups.create(name="Mayors", slug="mayors").people.add(grace)
    assert page.get(path).status_code == 404


def test_finding_words_in_any_script_and_only_in_ones_own(page, ada, ines, layla, mallory):
    Person.objects.update(takes_messages=True)
    conversation = talking(ada, ines)
    says(ines, conversation, "Délibération 112 du conseil")
    says(ada, talking(ada, layla), "شكراً على السؤال")
    says(ines, talking(ines, mallory), "Our deliberation is secret")

    def found(query: str) -> str:
        return text_of(page.get(reverse("messages"), {"q": query}))

    assert "Délibération 112" in found("deliberation CONSEIL")
    assert "secret" not in found("deliberation")
    assert "شكراً" in found("شكرا")
    assert "Nothing that you can read" in found("nowhere")


def test_what_is_found_names_its_place_for_scripts(page, ada, ines):
    conversation = talking(ada, ines)
    said = says(ines, conversation, "The hydrophone works")
    asked = {"headers": {"accept": "application/json"}}
    [found] = page.get(reverse("messages"), {"q": "HYDROPHONE"}, **asked).json()["found"]
    assert (found["conversation"], found["number"], found["by"]["id"]) == (conversation.pk, said["number"], ines.pk)
    assert page.get(reverse("messages"), **asked).json()["found"] == []


def test_a_report_brings_its_evidence(page, ada, ines):
    conversation = talking(ada, ines)
    said = says(ines, conversation, "You are a fool")
    asks(ines, "chat.edit", conversation, message=said["id"], text="Good morning")
    asks(ines, "chat.delete", conversation, message=said["id"])
    path = reverse("conversation-report", args=[conversation.pk])
    assert page.get(path, {"message": said["id"]}).status_code == 200
    assert page.post(path, {"message": said["id"], "text": " "}).status_code == 403
    answer = page.post(path, {"message": said["id"], "text": "She insults people."})
    assert "The organisers have your report" in text_of(answer)
    report = Report.objects.get()
    assert (report.by, report.about, report.text) == (ada, ines, "She insults people.")
    evidence = report.evidence
    assert (evidence["topic"], len(evidence["hash"])) == (conversation.topic, 32)
    last = evidence["messages"][-1]
    assert (last["by"], last["texts"], last["removed"]) == (ines.pk, ["You are a fool", "Good morning"], "author")


def test_without_a_message_it_is_about_the_other_and_in_a_group_one_says_which(page, ada, ines):
    conversation = talking(ada, ines)
    page.post(reverse("conversation-report", args=[conversation.pk]), {"text": "Spam"})
    assert Report.objects.get().about == ines
    page.post(reverse("group-new"), {"person": [ines.pk]})
    made = Conversation.objects.get(kind="group")
    own = says(ada, made, "Hello")
    for form, sentence in (({}, "choose the message"), ({"message": own["id"]}, "Nobody can report themselves")):
        answer = page.post(reverse("conversation-report", args=[made.pk]), {"text": "Spam", **form})
        assert sentence in text_of(answer)


@pytest.mark.parametrize("who", ["third", "blocked", "signed out"])
def test_every_page_is_shut_to_whoever_is_not_in_it(who, client, ada, ines, mallory):
    conversation = talking(ada, ines)
    if who == "blocked":
        does(ines, blocks.block, ines.pk, ada.pk)
    if who != "signed out":
        signed_in(client, mallory if who == "third" else ada)
    closed = 302 if who == "signed out" else 404
    assert opens(client, conversation).status_code == closed
    assert client.get(reverse("chat-older", args=[conversation.pk])).status_code == closed
    assert client.get(reverse("conversation-report", args=[conversation.pk])).status_code == closed
    for what in ("accept", "decline", "ignore", "leave", "mute", "hide", "title", "add", "delete", "react"):
        assert does_there(client, conversation, what).status_code == closed
    said = client.post(reverse("chat-say", args=[conversation.pk]), {"text": "Hi", "back": "/"})
    assert said.status_code == (302 if who == "signed out" else 403)
    assert conversation.messages.count() == 1


def test_a_sessions_chat_has_no_page_of_its_own(page, conversation):
    assert opens(page, conversation).status_code == 404
    assert does_there(page, conversation, "leave").status_code == 404


def test_organisers_read_no_conversations(client, ada, ines, organiser):
    conversation = talking(ada, ines)
    says(ada, conversation, "Between us")
    signed_in(client, organiser)
    assert opens(client, conversation).status_code == 404
    last = conversation.messages.last()
    for path in ("/admin/chat/message/", "/admin/chat/message/?q=Between", f"/admin/chat/message/{last.pk}/change/"):
        assert "Between us" not in text_of(client.get(path, follow=True))
