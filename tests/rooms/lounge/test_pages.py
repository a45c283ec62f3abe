"""The pages of the lounge without a script."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from people.models import Group
from programme.models import Event
from rooms.models import Lounge, Pair, Seeker
from tests.rooms.witness import heard

from .evening import all_come, enter, guests, later, lounge_of, mine, tick

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    today = timezone.localdate()
    return Event.objects.create(slug="dsf", name="Digital Society Forum", starts_on=today, ends_on=today, current=True)


@pytest.fixture
def lounge(event) -> Lounge:
    it = lounge_of(event, timezone.now() + timedelta(minutes=2))
    tick(it)
    return it


def shown(client, lounge: Lounge) -> str:
    answer = client.get(reverse("lounge", args=[lounge.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def does(client, lounge: Lounge, deed: str):
    return client.post(reverse("lounge-do", args=[lounge.pk]), {"do": deed})


def test_an_evening_without_a_script(client, lounge):
    me, other = guests(2)
    client.force_login(me)
    assert "Take a place" in shown(client, lounge)
    assert does(client, lounge, "enter").status_code == 302
    assert "Leave the lounge" in shown(client, lounge)
    does(client, lounge, "leave")
    assert "Your place is kept" in shown(client, lounge)
    does(client, lounge, "back")
    enter(lounge, other)
    later(lounge, 115)
    tick(lounge)
    page, code = shown(client, lounge), mine(lounge, me)["pair"]["code"]
    assert f"/pair/{code}/?back=/lounge/{lounge.pk}/" in page
    assert other.name in page
    assert "pumps" in page or "speak" in page, "why"
    assert client.get(f"/pair/{code}/").status_code == 200


def test_the_odd_one_out_reads_that_they_come_first(client, lounge):
    people = guests(3)
    enter(lounge, *people)
    later(lounge, 125)
    tick(lounge)
    all_come(lounge)
    [alone] = [person for person in people if mine(lounge, person)["pair"] is None]
    client.force_login(alone)
    assert "The next round begins in a moment" in shown(client, lounge), "pairs are still being written"
    later(lounge, 6)
    assert "You come first in the next round" in shown(client, lounge)


def test_whom_the_lounge_is_not_for_finds_no_page(client, lounge):
    lounge.groups.add(Group.objects.create(name="Mayors", slug="mayors"))
    [me] = guests(1)
    client.force_login(me)
    assert client.get(reverse("lounge", args=[lounge.pk])).status_code == 404
    assert does(client, lounge, "enter").status_code == 404
    assert lounge.title not in client.get(reverse("lounges")).content.decode()
    assert not lounge.stools.exists()


def test_nonsense_is_refused(client, lounge):
    [me] = guests(1)
    client.force_login(me)
    assert does(client, lounge, "dance").status_code == 400
    answer = does(client, lounge, "back")
    assert answer.status_code == 403
    assert "You have no place in this lounge yet." in answer.content.decode()


def test_nobody_sees_it_without_signing_in(client, lounge):
    for name, args in (("lounges", []), ("lounge", [lounge.pk]), ("meet-now", [])):
        answer = client.get(reverse(name, args=args))
        assert answer.status_code == 302
        assert answer.url.startswith("/sign-in")


def test_the_list_says_when_and_how_long(client, lounge):
    client.force_login(guests(1)[0])
    page = client.get(reverse("lounges")).content.decode()
    assert "Coffee with strangers" in page
    assert "rounds of 4 minutes" in page


def test_meeting_somebody_now(client, event):
    [me] = guests(1)
    client.force_login(me)
    assert "Look for somebody" in client.get(reverse("meet-now")).content.decode()
    client.post(reverse("meet-now-do"), {"do": "seek"})
    assert "Stop looking" in client.get(reverse("meet-now")).content.decode()
    assert Seeker.objects.get().person == me
    client.post(reverse("meet-now-do"), {"do": "stop"})
    assert not Seeker.objects.exists()
    assert client.post(reverse("meet-now-do"), {"do": "dance"}).status_code == 400


def test_looking_at_the_page_keeps_one_looking(client, event):
    [me] = guests(1)
    client.force_login(me)
    client.post(reverse("meet-now-do"), {"do": "seek"})
    long_ago = timezone.now() - timedelta(seconds=30)
    Seeker.objects.update(seen_at=long_ago)
    client.get(reverse("meet-now"))
    assert Seeker.objects.get().seen_at > long_ago


def test_organisers_set_it_up_and_see_counts_only(admin_client, lounge):
    enter(lounge, *guests(2))
    later(lounge, 125)
    tick(lounge)
    page = admin_client.get(reverse("admin:rooms_lounge_change", args=[lounge.pk])).content.decode()
    assert "Guest en" not in page
    assert "meetings so far" in page.lower()
    form = {"event": lounge.event_id, "title": "Long", "starts_at_0": "2026-11-22", "starts_at_1": "10:00:00"}
    form |= {"seconds": 60, "region_weight": 2, "stakeholder_weight": 1, "state": "planned"}
    answer = admin_client.post(reverse("admin:rooms_lounge_add"), form).content.decode()
    assert "greater than or equal to 120" in answer
    assert admin_client.post(reverse("admin:rooms_lounge_add"), {**form, "seconds": 600}).status_code == 302


def changed(lounge: Lounge, **fields) -> dict:
    """What the organisers' form sends."""
    at = timezone.localtime(lounge.starts_at)
    form = {
        "event": lounge.event_id,
        "title": lounge.title,
        "starts_at_0": f"{at:%Y-%m-%d}",
        "starts_at_1": f"{at:%H:%M:%S}",
    }
    form |= {"rounds": lounge.rounds, "seconds": lounge.seconds, "state": lounge.state}
    return {**form, "region_weight": 2, "stakeholder_weight": 1, **fields}


def test_what_organisers_change_is_told_to_everybody(admin_client, lounge, django_capture_on_commit_callbacks):
    at = reverse("admin:rooms_lounge_change", args=[lounge.pk])
    before = lounge.revision
    with django_capture_on_commit_callbacks(execute=True):
        assert admin_client.post(at, changed(lounge, state="over", title="Closed early")).status_code == 302
    event, told = heard(lounge.topic, 0)[-1]
    assert (event, told["state"], told["title"], told["rev"]) == ("lounge", "over", "Closed early", before + 1)


def test_whom_the_lounge_is_not_for_any_more_is_told_and_meets_nobody(
    admin_client, lounge, django_capture_on_commit_callbacks
):
    ada, ines, linus = guests(3)
    enter(lounge, ada, ines, linus)
    mayors = Group.objects.create(name="Mayors", slug="mayors")
    ada.groups_in.add(mayors)
    ines.groups_in.add(mayors)
    at = reverse("admin:rooms_lounge_change", args=[lounge.pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert admin_client.post(at, changed(lounge, groups=[mayors.pk])).status_code == 302
    assert [event for event, _ in heard(lounge.topic, 0)][-2:] == ["access", "lounge"]
    assert heard(lounge.topic, 0)[-1][1]["people"] == 2
    later(lounge, 125)
    tick(lounge)
    assert {(it.one_id, it.two_id) for it in Pair.objects.all()} == {(ada.pk, ines.pk)}


def test_what_the_clock_wrote_meanwhile_stands(admin_client, lounge, django_capture_on_commit_callbacks):
    at = reverse("admin:rooms_lounge_change", args=[lounge.pk])
    with django_capture_on_commit_callbacks() as later_on:
        admin_client.post(at, changed(lounge, title="Tea"))
    Lounge.objects.update(round=1, revision=9)
    later_on[0]()
    lounge.refresh_from_db()
    assert (lounge.title, lounge.round, lounge.revision) == ("Tea", 1, 10)


def test_how_long_a_round_is_cannot_be_changed_once_the_doors_are_open(
    admin_client, lounge, django_capture_on_commit_callbacks
):
    at = reverse("admin:rooms_lounge_change", args=[lounge.pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert admin_client.post(at, changed(lounge, seconds=600, rounds=9)).status_code == 302
    lounge.refresh_from_db()
    assert (lounge.seconds, lounge.rounds) == (240, 3)
    Lounge.objects.update(state="planned")
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(at, changed(lounge, state="planned", seconds=600))
    lounge.refresh_from_db()
    assert lounge.seconds == 600
