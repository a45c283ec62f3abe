"""A poll's way from Grace's desk to everybody's page and the screen in the hall; and applause."""

import re

import pytest
from playwright.sync_api import Page, expect

from .actors import Actor, Attendee, Hall, Moderator
from .stage import set_stage

COST = "Who should pay for the loggers?"
CITY, STATE = "The city", "The state"


class Chair(Moderator):
    def makes(self, question: str, *answers: str, results: str) -> None:
        self.page.get_by_role("button", name="New poll").click()
        dialog = self.page.get_by_role("dialog", name="New poll")
        dialog.get_by_label("Question").fill(question)
        dialog.get_by_label("Answers").fill("\n".join(answers))
        dialog.get_by_label(results).check()
        dialog.get_by_role("button", name="Keep as a draft").click()
        expect(dialog).to_have_count(0)

    def poll(self, question: str):
        return self.page.get_by_role("article", name=question)

    def moves(self, question: str, step: str) -> None:
        self.poll(question).get_by_role("button", name=step).click()
        expect(self.poll(question).get_by_role("button", name=step)).to_have_count(0)

    def counts(self, question: str, answer: str, people: int) -> None:
        expect(row(self, question, answer).get_by_role("cell").first).to_have_text(str(people))


class Voter(Attendee):
    def is_asked(self, question: str) -> None:
        expect(self.page.locator(".ballot")).to_contain_text(question)

    def votes(self, question: str, answer: str) -> None:
        self.page.get_by_role("link", name=re.compile("^Polls")).click()
        card = self.page.get_by_role("article", name=question)
        card.get_by_label(answer).check()
        card.get_by_role("button", name="Vote", exact=True).click()
        expect(card).to_contain_text("Your vote is counted")

    def changes_to(self, question: str, answer: str) -> None:
        self.page.get_by_role("button", name="Change my vote").click()
        self.votes(question, answer)


def row(actor: Actor, question: str, answer: str):
    return actor.page.get_by_role("table").get_by_role("row", name=re.compile(answer))


def sees_no_results(*pages: Page) -> None:
    for page in pages:
        expect(page.get_by_role("table")).to_have_count(0)


@pytest.fixture
def hall(forum, page_for, request):
    """A room with two who vote, a chair, and a screen."""
    place = set_stage(forum, request.node.name.removeprefix("test_").replace("_", " ").capitalize())
    ada, ines = (Voter(page_for(person, place.room)) for person in (place.ada, "Inês Carvalho"))
    return (
        place,
        ada,
        ines,
        Chair(page_for("Grace Otieno", place.desk)),
        Hall(page_for("Grace Otieno", place.projector)),
    )


def test_what_people_voted_is_seen_when_it_may_be(forum, hall, accessible):
    place, ada, ines, grace, screen = hall
    grace.makes(COST, CITY, STATE, results="when you show them")
    expect(ada.page.locator(".ballot")).to_have_count(0)

    grace.moves(COST, "Open the poll")
    ada.is_asked(COST)
    expect(screen.page.get_by_role("heading", name=COST)).to_be_visible()
    ada.votes(COST, CITY)
    ines.votes(COST, CITY)
    ines.changes_to(COST, STATE)
    grace.counts(COST, CITY, 1)
    grace.counts(COST, STATE, 1)
    for actor in (ada, ines, screen):
        expect(actor.page.get_by_text("2 people voted.").first).to_be_visible()
    sees_no_results(ada.page, ines.page, screen.page)

    grace.moves(COST, "Close the poll")
    expect(ada.page.get_by_role("button", name="Change my vote")).to_have_count(0)
    sees_no_results(ada.page, ines.page, screen.page)
    ada.page.reload()
    expect(ada.page.get_by_text("Your vote is counted")).to_be_visible()
    sees_no_results(ada.page)

    grace.moves(COST, "Show the results")
    for actor in (ada, ines, screen):
        expect(row(actor, COST, CITY)).to_contain_text("50 %")
    for page in (ada.page, grace.page, screen.page):
        accessible(page)
    grace.moves(COST, "Hide the results")
    sees_no_results(ada.page, ines.page, screen.page)
    assert "broken" not in forum.manage("verify_record", place.number)


def test_whoever_voted_sees_the_results_grow(hall):
    _, ada, ines, grace, screen = hall
    grace.makes(COST, CITY, STATE, results="after one’s own vote")
    grace.moves(COST, "Open the poll")
    ada.votes(COST, CITY)
    expect(row(ada, COST, CITY)).to_contain_text("100 %")
    sees_no_results(ines.page, screen.page)
    ines.votes(COST, STATE)
    expect(row(ada, COST, STATE)).to_contain_text("50 %")
    sees_no_results(screen.page)


def test_without_a_script(forum, hall, context_for):
    place, _, _, grace, _ = hall
    grace.makes(COST, CITY, STATE, results="while people vote")
    grace.moves(COST, "Open the poll")
    layla = context_for(java_script_enabled=False).new_page()
    layla.goto(f"/demo/?q={place.ada}")
    layla.get_by_role("button", name=place.ada).first.click()
    layla.goto(f"{place.room}#polls")
    layla.get_by_label(STATE).check()
    layla.locator("#polls").get_by_role("button", name="Vote").click()
    expect(layla.get_by_role("row", name=re.compile(STATE))).to_contain_text("100 %")
    grace.counts(COST, STATE, 1)


def test_applause_is_heard_by_all_until_it_is_switched_off(hall):
    _, ada, ines, grace, screen = hall
    ada.is_connected()
    ines.is_connected()
    ada.page.get_by_role("button", name="Applause", exact=True).first.click()
    for actor in (ines, screen):
        expect(actor.page.get_by_role("list", name="Reactions")).to_contain_text("Applause: 1 person")
    grace.page.get_by_label("Reactions are on").uncheck()
    expect(ada.page.get_by_role("button", name="Applause", exact=True)).to_have_count(0)
    expect(screen.page.get_by_role("list", name="Reactions")).to_have_count(0)
