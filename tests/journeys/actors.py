"""What the cast does and sees in its browsers, in the words of the story."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass
class Actor:
    page: Page

    def region(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name, exact=True)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, target: Locator, most: int = 60) -> None:
        """Walk there as somebody without a mouse does."""
        for _ in range(most):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {target}")


class Attendee(Actor):
    @property
    def field(self) -> Locator:
        return self.page.get_by_label("Ask the panel")

    def is_connected(self) -> None:
        expect(self.page.locator(".masthead .line", has_text="here")).to_be_visible()

    def asks(self, text: str) -> None:
        self.field.fill(text)
        self.page.get_by_role("button", name="Ask", exact=True).click()

    def receipt(self, text: str) -> Locator:
        return self.page.locator(".receipt").filter(has_text=text)

    def is_told(self, headline: str, about: str) -> None:
        expect(self.receipt(about).locator(".place")).to_have_text(headline)

    def question(self, text: str) -> Locator:
        return self.page.locator(".question").filter(has_text=text)

    def sees_question(self, text: str) -> None:
        expect(self.question(text)).to_be_visible()

    def sees_no_question(self, text: str) -> None:
        expect(self.question(text)).to_have_count(0)

    def votes_for(self, text: str) -> None:
        self.question(text).get_by_role("button").first.click()

    def sees_votes(self, text: str, count: int) -> None:
        expect(self.question(text).locator(".vote")).to_contain_text(str(count))

    def sees_being_answered(self, text: str) -> None:
        expect(self.question(text)).to_have_attribute("data-state", "now")

    def says(self, text: str) -> None:
        self.page.get_by_role("link", name=re.compile("^Chat")).click()
        self.page.get_by_label("Write to everyone here").fill(text)
        self.page.keyboard.press("Enter")

    def reads(self, text: str) -> None:
        self.page.get_by_role("link", name=re.compile("^Chat")).click()
        expect(self.page.locator(".message").filter(has_text=text)).to_be_visible()


class Moderator(Actor):
    LANES = {"Review", "Open", "Next", "Now", "Done"}

    def ticket(self, lane: str, text: str) -> Locator:
        assert lane in self.LANES
        return self.page.locator(f"#{lane.lower()} .ticket").filter(has_text=text)

    def sees(self, lane: str, text: str) -> None:
        expect(self.ticket(lane, text)).to_be_visible()

    def does(self, action: str, lane: str, text: str) -> None:
        ticket = self.ticket(lane, text)
        ticket.locator(".said").click()
        ticket.get_by_role("button", name=re.compile(f"^{action}")).click()

    def approves(self, text: str) -> None:
        self.does("Approve", "Review", text)

    def puts_next(self, text: str) -> None:
        self.does("Put next", "Open", text)

    def puts_now(self, text: str) -> None:
        self.does("Now", "Next", text)

    def marks_answered(self, text: str) -> None:
        self.does("Answered", "Now", text)


class Speaker(Actor):
    def sees_now(self, text: str) -> None:
        expect(self.region("Question being answered").locator("blockquote")).to_have_text(text)

    def sees_next(self, text: str) -> None:
        expect(self.region("Next questions")).to_contain_text(text)


class Hall(Actor):
    """The projector, as everybody in the room sees it."""

    def shows(self, text: str) -> None:
        expect(self.page.locator("blockquote")).to_have_text(text)

    def shows_next(self, text: str) -> None:
        expect(self.page.locator(".next")).to_contain_text(text)
