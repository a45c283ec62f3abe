"""The run of show on the pages, without a script."""

import re

import pytest

from programme.models import Document
from rooms.models import Room

from .test_pages import AT, page_of
from .test_show import clock, goes_on, late, on, passes, planned, proposal, running, titled  # noqa: F401 -- fixtures
from .witness import does


def text_of(person, where: str = "") -> str:
    return re.sub(r"\s+", " ", page_of(person).get(AT + where).content.decode())


def deed(person, do: str, **fields) -> int:
    return page_of(person).post(f"{AT}desk/do", {"do": do, **fields}).status_code


def test_the_chair_moves_on_and_back(planned, grace):  # noqa: F811
    assert "Next: Welcome" in text_of(grace, "desk")
    assert deed(grace, "show-next", **{"from": ""}) == 302
    assert on(planned) == "Welcome"
    assert deed(grace, "show-next", **{"from": titled(planned, "Welcome").pk}) == 302
    assert deed(grace, "show-next", **{"from": titled(planned, "Welcome").pk}) == 403
    assert on(planned) == "Night flow"
    assert deed(grace, "show-back", **{"from": titled(planned, "Night flow").pk}) == 302
    assert on(planned) == "Welcome"


def test_the_last_part_is_ended_too(running, grace):  # noqa: F811
    for _ in range(3):
        goes_on(grace, running)
    assert "End the last part" in text_of(grace, "desk")


def test_the_proposal_says_what_and_why(late, grace):  # noqa: F811
    text = text_of(grace, "desk")
    assert "Questions: 16 min instead of 20 min" in text
    assert "Questions and the panel give first" in text
    assert "4 minutes late" in text
    assert deed(grace, "show-accept", proposal=proposal(late)["id"]) == 302
    assert titled(late, "Questions").agreed == 960


def test_what_stays_late_is_said(late, clock, grace):  # noqa: F811
    clock(30)
    assert deed(grace, "show-propose") == 302
    assert "It would still end" in text_of(grace, "desk")
    assert deed(grace, "show-decline", proposal=proposal(late)["id"]) == 302
    assert proposal(late) is None


def test_everyone_sees_how_late_it_is(late, ada, linus):  # noqa: F811
    for page in (text_of(ada), text_of(linus, "speaker")):
        assert "4 minutes late" in page
    assert "planned for" in text_of(ada)


def test_whoever_speaks_on_is_over(running, clock, ada):  # noqa: F811
    clock(8)
    assert "3 minutes over" in text_of(ada)


def test_what_is_left_out_is_struck(planned, grace, ada):  # noqa: F811
    does(grace, "show.edit", planned, segment=titled(planned, "Questions").pk, rev=1, skipped=True)
    assert '<s dir="auto">Questions</s>' in text_of(ada)


def test_who_is_remote_or_not_confirmed_is_said(planned, ada):  # noqa: F811
    planned.segments.update(who="Linus", remote=True, confirmed=False)
    text = text_of(ada)
    assert ("remote</span>" in text, "not confirmed" in text) == (True, True)


def test_words_to_the_stage(room, grace, linus):
    assert deed(grace, "notice", to=linus.pk, text="Closer, please") == 302
    assert deed(grace, "notice", to="", text="Standing by?") == 302
    assert deed(grace, "notice", to="", text=" ") == 403
    assert "not read yet" in text_of(grace, "desk")
    page = page_of(linus)
    text = page.get(f"{AT}speaker").content.decode()
    assert ("Closer, please" in text, "Standing by?" in text) == (True, True)
    for notice in room.notices.all():
        assert page.post(f"{AT}speaker/read", {"notice": notice.pk}).status_code == 302
    assert "Closer, please" not in page.get(f"{AT}speaker").content.decode()
    assert "not read yet" not in text_of(grace, "desk")
    assert page.post(f"{AT}speaker/read", {"notice": 10**9}).status_code == 403


def test_a_notice_of_others_is_not_read_for_them(room, grace, aiko, linus):
    sent = does(grace, "notice.send", room, text="Psst", to=aiko.pk)
    answer = page_of(linus).post(f"{AT}speaker/read", {"notice": sent["id"]})
    assert "There is no such message here." in answer.content.decode()
    assert room.notices.get().acknowledgements.count() == 0


def test_the_speakers_own_parts(running, clock, linus, session):  # noqa: F811
    part = titled(running, "Night flow")
    part.documents.add(Document.objects.create(session=session, title="Figures", url="https://figures.example/"))
    clock(4)
    text = text_of(linus, "speaker")
    assert "On Night flow" in text, "their notes"
    assert "On Questions" not in re.sub(r"<script.*?</script>", "", text), "and not those of others"
    assert '<a href="https://figures.example/">Figures</a>' in text
    assert "Then, at" in text


def test_a_cue_waits_on_the_speakers_page(running, clock, grace, linus):  # noqa: F811
    clock(4)
    passes(running)
    assert "You’re on in two minutes." in text_of(linus, "speaker")
    goes_on(grace, running)
    assert "You’re on in two minutes." not in text_of(linus, "speaker"), "they are on"


def test_who_has_the_floor_sees_the_time_run(room, linus, grace):
    turn = does(linus, "hand.raise", room)
    does(grace, "floor.start", room, turn=turn["id"], rev=turn["rev"])
    assert re.search(r"You have the floor\. <time class=\"countdown\" data-until=", text_of(linus, "speaker"))


@pytest.mark.parametrize("where", ["", "desk", "speaker", "projector"])
def test_pages_of_a_session_without_a_run_of_show(room, grace, where):
    assert page_of(grace).get(AT + where).status_code == 200
    Room.objects.filter(pk=room.pk).update(state=Room.State.ENDED)
    assert page_of(grace).get(AT + where).status_code == 200
