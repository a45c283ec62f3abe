"""A question's way from Ada's phone through Grace's desk to everybody, and what happens to it in a tunnel."""

import re

import pytest
from playwright.sync_api import expect

from .actors import Attendee, Hall, Moderator, Speaker
from .stage import set_stage
from .tunnel import Tunnel

SLIDES = "Will the slides be shared?"
COST = "Who pays for the loggers once the pilot money is gone?"


@pytest.fixture
def tunnel(forum):
    tunnel = Tunnel(forum.address)
    yield tunnel
    tunnel.close()


def test_from_asked_to_answered_seen_by_all(forum, page_for):
    place = set_stage(forum, "From asked to answered")
    ada = Attendee(page_for(place.ada, place.room))
    ines = Attendee(page_for("Inês Carvalho", place.room))
    grace = Moderator(page_for("Grace Otieno", place.desk))
    linus = Speaker(page_for("Linus Heikkilä", place.speaker))
    hall = Hall(page_for("Grace Otieno", place.projector))

    ada.asks(SLIDES)
    ada.is_told("Your question is waiting for a moderator", about=SLIDES)
    grace.sees("Review", SLIDES)
    ines.sees_no_question(SLIDES)

    grace.approves(SLIDES)
    ines.sees_question(SLIDES)
    ada.is_told("Your question is first in the queue", about=SLIDES)

    ines.votes_for(SLIDES)
    ada.sees_votes(SLIDES, 1)

    grace.puts_next(SLIDES)
    linus.sees_next(SLIDES)
    hall.shows_next(SLIDES)

    grace.puts_now(SLIDES)
    linus.sees_now(SLIDES)
    hall.shows(SLIDES)
    ines.sees_being_answered(SLIDES)
    ada.is_told("Your question is being answered", about=SLIDES)

    grace.marks_answered(SLIDES)
    grace.sees("Done", SLIDES)
    ada.is_told("Your question has been answered", about=SLIDES)
    assert "broken" not in forum.manage("verify_record", place.number)


def test_a_tunnel_loses_nothing(forum, page_for, context_for, tunnel):
    place = set_stage(forum, "Through a tunnel")
    grace = Moderator(page_for("Grace Otieno", place.desk))
    ada = Attendee(page_for(place.ada, place.room, base_url=tunnel.address))
    ada.is_connected()

    ada.field.fill(COST)
    tunnel.cut()
    expect(ada.page.get_by_text("What you typed is kept.").first).to_be_visible()
    expect(ada.field).to_have_value(COST)
    ada.page.get_by_role("button", name="Ask", exact=True).click()
    ada.is_told("Waiting to be sent", about=COST)

    tunnel.mend()
    ada.page.evaluate("dispatchEvent(new Event('online'))")  # what the device says when the train comes out
    ada.is_told("Your question is waiting for a moderator", about=COST)
    grace.sees("Review", COST)
    expect(grace.page.locator(".ticket").filter(has_text=COST)).to_have_count(1)


def test_what_was_waiting_survives_a_reload(forum, page_for, tunnel):
    place = set_stage(forum, "Reloaded in the tunnel")
    grace = Moderator(page_for("Grace Otieno", place.desk))
    ada = Attendee(page_for(place.ada, place.room, base_url=tunnel.address))
    ada.is_connected()
    tunnel.cut()
    ada.asks(COST)
    ada.is_told("Waiting to be sent", about=COST)
    tunnel.mend()
    ada.page.reload()
    ada.is_told("Your question is waiting for a moderator", about=COST)
    expect(grace.page.locator(".ticket").filter(has_text=COST)).to_have_count(1)


def test_by_keyboard_alone(forum, page_for):
    place = set_stage(forum, "By keyboard alone")
    ada = Attendee(page_for(place.ada, place.room))
    grace = Moderator(page_for("Grace Otieno", place.desk))
    ada.is_connected()

    ada.tab_to(ada.field)
    ada.page.keyboard.type(SLIDES)
    ada.press("Control+Enter")
    ada.is_told("Your question is waiting for a moderator", about=SLIDES)

    grace.sees("Review", SLIDES)
    grace.press("j", "a")
    grace.sees("Open", SLIDES)
    vote = ada.question(SLIDES).locator(".vote")
    ada.tab_to(vote)
    ada.press("Enter")
    expect(vote).to_have_attribute("aria-pressed", "true")

    grace.press("n")
    grace.sees("Next", SLIDES)
    grace.press(" ")
    grace.sees("Now", SLIDES)
    ada.sees_being_answered(SLIDES)
    grace.press(" ")
    grace.sees("Done", SLIDES)
    ada.is_told("Your question has been answered", about=SLIDES)
    grace.press("?")
    expect(grace.page.get_by_role("dialog")).to_contain_text("Approve")


def test_dismissed_with_a_reason_and_undone(forum, page_for):
    place = set_stage(forum, "Dismissed and undone")
    ada = Attendee(page_for(place.ada, place.room))
    grace = Moderator(page_for("Grace Otieno", place.desk))
    ada.asks(SLIDES)
    grace.ticket("Review", SLIDES).locator(".said").click()
    grace.press("d")
    dialog = grace.page.get_by_role("dialog")
    dialog.get_by_role("combobox").select_option(label="Not about this session")
    dialog.get_by_role("button", name="Dismiss", exact=True).click()
    ada.is_told("Your question was not taken up", about=SLIDES)
    expect(ada.receipt(SLIDES)).to_contain_text("Not about this session")

    grace.press("u")
    grace.sees("Review", SLIDES)
    ada.is_told("Your question is waiting for a moderator", about=SLIDES)


def test_two_moderators_see_each_other_and_never_overwrite(forum, page_for):
    place = set_stage(forum, "Two at one desk")
    ada = Attendee(page_for(place.ada, place.room))
    grace = Moderator(page_for("Grace Otieno", place.desk))
    aiko = Moderator(page_for("Aiko Mori", place.desk))
    ada.asks(SLIDES)
    aiko.sees("Review", SLIDES)
    expect(grace.page.get_by_text("Aiko Mori").first).to_be_visible()

    grace.ticket("Review", SLIDES).locator(".said").click()
    grace.press("e")
    expect(aiko.ticket("Review", SLIDES)).to_contain_text("Grace Otieno is working on it")
    aiko.approves(SLIDES)
    grace.page.get_by_label(re.compile("^Text of question")).fill("Will the slides be shared, and when?")
    grace.page.get_by_role("button", name="Save").click()
    expect(grace.page.get_by_text("Somebody changed this question a moment ago.")).to_be_visible()
    aiko.sees("Open", SLIDES)


def test_people_talk_beside_the_stage(forum, page_for):
    place = set_stage(forum, "Talk beside the stage")
    ada = Attendee(page_for(place.ada, place.room))
    ines = Attendee(page_for("Inês Carvalho", place.room))
    ada.says("The plumbers knew, <b>nobody</b> asked")
    ines.reads("The plumbers knew, <b>nobody</b> asked")


def test_without_javascript(forum, page_for, context_for):
    place = set_stage(forum, "Without scripts")
    ada = Attendee(page_for(place.ada, place.room, java_script_enabled=False))
    grace = Moderator(page_for("Grace Otieno", place.desk))
    ada.asks(SLIDES)
    ada.is_told("Your question is waiting for a moderator", about=SLIDES)
    grace.approves(SLIDES)
    ines = Attendee(page_for("Inês Carvalho", place.room, java_script_enabled=False))
    ines.votes_for(SLIDES)
    ines.sees_votes(SLIDES, 1)
    ada.page.reload()
    ada.sees_votes(SLIDES, 1)


def test_who_is_not_invited_finds_no_door(forum, page_for):
    place = set_stage(forum, "Mayors among themselves", group="Mayors")
    mallory = page_for("Mallory Quill", place.page)
    expect(mallory.get_by_text("By invitation").first).to_be_visible()
    for address in (place.room, place.desk, place.speaker, place.projector, f"{place.room}export.csv"):
        assert mallory.goto(address).status in (403, 404)


def test_a_session_opens_goes_live_and_ends(forum, page_for):
    place = set_stage(forum, "Opens and ends", state="")
    grace = Moderator(page_for("Grace Otieno", place.desk))
    for wish in ("Open the room", "Go live"):
        if grace.page.get_by_role("button", name=wish).count():
            grace.page.get_by_role("button", name=wish).first.click()
            grace.page.get_by_role("dialog").get_by_role("button", name=wish).click()
            expect(grace.page.get_by_role("dialog")).to_have_count(0)
    ada = Attendee(page_for(place.ada, place.room))
    ada.is_connected()
    grace.page.get_by_role("button", name="End session").first.click()
    grace.page.get_by_role("dialog").get_by_role("button", name="End session").click()
    expect(ada.page.get_by_text("This session has ended. The record stays.").first).to_be_visible()
    expect(ada.field).to_have_count(0)
