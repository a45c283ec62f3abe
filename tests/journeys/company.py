"""People who meet, a journey's own: what they do on each other's pages, in the words of the story."""

import re
from dataclasses import dataclass

from icalendar import Calendar
from playwright.sync_api import Locator, expect

from tests.forum import Forum

from .actors import Actor

# Journeys share a forum: each has an Ada and an Inês of its own, found by the title of the story.
MAKE = """
from django.utils import timezone
from people.listing import relist
from people.models import Language, Person, Theme

story = {story!r}
for name, zone, country, languages, offers, seeks in {cast!r}:
    person = Person.objects.create_user(
        f"{{name}}.{{story}}@example.org".lower().replace(" ", ""), name=f"{{name}} of {{story}}", zone=zone,
        country=country, job_title="Engineer", organisation=f"City of {{name}}", stakeholder="government",
        listed=True, takes_messages=True, takes_meetings=True, takes_video=True, chosen_at=timezone.now(),
    )
    person.languages.set(Language.objects.filter(code__in=languages))
    person.offers.set([Theme.objects.tag(offer) for offer in offers])
    person.seeks.set([Theme.objects.tag(seek) for seek in seeks])
    relist([person.pk])
    print(person.pk)
"""
CAST = {
    "Ada": ("Ada", "Africa/Dakar", "SN", ["fr", "en"], ["a city for pilots"], ["night-flow data"]),
    "Ines": ("Ines", "Europe/Lisbon", "PT", ["pt", "fr", "en"], ["night-flow data"], ["private meters"]),
    "Kofi": ("Kofi", "Africa/Accra", "GH", ["en"], ["pump repair"], ["night-flow data"]),
    "Linh": ("Linh", "Asia/Ho_Chi_Minh", "VN", ["en", "fr"], ["private meters"], ["a city for pilots"]),
    "Noor": ("Noor", "Asia/Amman", "JO", ["ar", "en"], ["night-flow data"], ["pump repair"]),
    "Mallory": ("Mallory", "Europe/London", "GB", ["en"], [], []),
}
# A meeting is days away; a journey has no days.
BRING_FORWARD = """
from datetime import timedelta
from django.utils import timezone
from rooms.models import Booking, Meeting, Pair

meeting = Meeting.objects.get(pk={meeting})
now = timezone.now().replace(second=0, microsecond=0)
Booking.objects.filter(meeting=meeting).delete()
times = {{"starts_at": now, "ends_at": now + timedelta(minutes=meeting.minutes)}}
Meeting.objects.filter(pk=meeting.pk).update(**times)
Pair.objects.filter(meeting=meeting).update(**times)
"""


@dataclass
class Member(Actor):
    """Somebody at the forum who would like to meet somebody."""

    name: str = ""
    pk: int = 0

    # by keyboard

    def walks_to(self, target: Locator) -> None:
        """Past all that stands before it: a directory has filters, a week has times."""
        expect(target).to_be_visible()
        self.tab_to(target, most=300)

    def follows(self, target: Locator) -> None:
        self.walks_to(target)
        self.press("Enter")

    # finding

    def finds(self, name: str) -> None:
        self.page.goto("/people/")
        self.page.get_by_role("searchbox").fill(name)
        self.page.keyboard.press("Enter")
        found = self.page.locator(".directory").get_by_role("link", name=name, exact=True)
        expect(self.page.get_by_role("status").filter(has_text="match")).to_be_visible()
        for _ in range(9):  # the directory may be five seconds behind
            if not found.count():
                self.page.wait_for_timeout(1000)
                self.page.reload()
        found.click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(name)

    # writing

    def asks_to_talk(self, words: str) -> None:
        self.page.get_by_role("link", name=re.compile("^(Send a message|Write)")).first.click()
        self.page.get_by_label("Your message").fill(words)
        self.page.get_by_role("button", name="Send").click()
        expect(self.message(words)).to_be_visible()

    def opens_conversation_with(self, name: str) -> None:
        self.page.goto("/messages/")
        self.page.locator(".inbox").get_by_role("link", name=re.compile(re.escape(name))).click()

    def accepts_request(self) -> None:
        self.page.get_by_role("button", name="Accept", exact=True).click()
        expect(self.field).to_be_visible()

    def declines_request(self) -> None:
        self.page.get_by_role("button", name="Not now", exact=True).click()

    @property
    def field(self) -> Locator:
        return self.page.locator("#c")

    def writes(self, words: str) -> None:
        self.field.fill(words)
        self.field.press("Enter")

    def message(self, words: str) -> Locator:
        return self.page.locator(".message").filter(has_text=words)

    def reads(self, words: str) -> None:
        expect(self.message(words)).to_be_visible()

    def has_unread(self, count: int) -> None:
        expect(self.page.locator("#unread")).to_contain_text(str(count))

    # meeting

    def proposes(self, other: int, times: int, note: str) -> None:
        self.page.goto(f"/person/{other}/meet")
        self.chooses(times)
        self.page.get_by_label(re.compile("^A line to")).fill(note)
        self.page.get_by_role("button", name="Propose these times").click()
        expect(self.page.get_by_role("heading", name=re.compile("^Meeting with"))).to_be_visible()

    def chooses(self, times: int, skip: int = 0) -> None:
        slots = self.page.locator(".slots input[type=checkbox]")
        for n in range(times):
            slots.nth(skip + n).check(force=True)

    def counters(self, times: int) -> None:
        self.chooses(times, skip=3)
        self.page.locator("#other").get_by_role("button", name="Propose these times").click()

    def accepts_meeting(self) -> None:
        self.page.locator(".proposal input[type=radio]").first.check(force=True)
        self.page.get_by_role("button", name="Accept", exact=True).click()

    @property
    def meeting(self) -> int:
        """The number of the meeting whose page is open."""
        return int(re.search(r"/meetings/(\d+)/", self.page.url)[1])

    def is_called_to_meet(self, name: str) -> None:
        """Wherever they are in the forum, once it is time."""
        news = self.page.locator(".notice").filter(has_text=f"{name} starts now")
        news.get_by_role("link", name="Go there").click(timeout=60_000)
        self.page.wait_for_url("**/pair/**")

    def has_in_schedule(self, name: str) -> None:
        self.page.goto("/schedule/")
        expect(self.page.get_by_role("main")).to_contain_text(name)

    def calendar(self) -> Calendar:
        """The private feed, as another program gets it: without a cookie."""
        self.page.goto("/schedule/")
        address = self.page.locator("[href*='/calendar/'], [value*='/calendar/']").first
        found = address.get_attribute("href") or address.get_attribute("value") or ""
        found = re.sub(r"^webcal:", "http:", found)
        answer = self.page.context.browser.new_context().request.get(found)
        assert answer.ok, f"{answer.status} {found}"
        return Calendar.from_ical(answer.body())


def gather(forum: Forum, story: str, *names: str) -> dict[str, tuple[str, int]]:
    """Each one's full name and number, by first name."""
    script = MAKE.format(story=story, cast=[CAST[name] for name in names])
    numbers = forum.manage("shell", "-v", "0", "-c", script).split()
    return {name: (f"{name} of {story}", int(number)) for name, number in zip(names, numbers, strict=True)}


def bring_forward(forum: Forum, meeting: int) -> None:
    """The meeting begins this minute."""
    forum.manage("shell", "-v", "0", "-c", BRING_FORWARD.format(meeting=meeting))
