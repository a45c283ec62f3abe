"""Organisers manage the programme in the administration."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from live.models import Entry
from people.models import Group
from programme.models import Appearance, Event, Role, ScheduleFile, Session

from .conftest import DATA

pytestmark = pytest.mark.django_db
SESSIONS = "/admin/programme/session/"


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser)
    return client


def values_of(page) -> dict:
    """What a browser would send back of a form with its inlines."""
    form = page.context["adminform"].form
    values: dict = {}
    sets = [one.formset for one in page.context["inline_admin_formsets"]]
    for each in [form, *(part for one in sets for part in [one.management_form, *one.forms])]:
        with timezone.override(zone_of(page.context["original"])):
            for bound in each:
                values |= sent(bound)
    return {name: value for name, value in values.items() if value is not None and value is not False}


def zone_of(thing):
    return thing.event.tz if isinstance(thing, Session) else None


def sent(bound) -> dict:
    if hasattr(bound.field.widget, "widgets"):
        parts = bound.field.widget.decompress(bound.value())
        return {f"{bound.html_name}_{n}": str(part) for n, part in enumerate(parts) if part is not None}
    return {bound.html_name: bound.value()}


@pytest.mark.parametrize("model", ["event", "track", "venue", "session", "role"])
def test_everything_is_listed_searched_and_added(desk, session, model):
    for path in ("", "?q=water", "add/"):
        assert desk.get(f"/admin/programme/{model}/{path}").status_code == 200


def test_times_are_those_of_the_venue(desk, plan):
    session = plan("Water", "25 15:00")
    assert "15:00:00" in desk.get(f"{SESSIONS}{session.pk}/change/").content.decode()
    assert "Tue 25 May 15:00–16:15" in desk.get(SESSIONS).content.decode()
    page = desk.get(f"{SESSIONS}{session.pk}/change/")
    desk.post(f"{SESSIONS}{session.pk}/change/", values_of(page) | {"starts_at_1": "14:30:00"})
    session.refresh_from_db()
    assert session.starts_at.isoformat() == "2027-05-25T12:30:00+00:00"
    assert session.revision == 1


def test_saving_without_a_change_tells_no_calendar(desk, plan):
    session = plan("Water")
    address = f"{SESSIONS}{session.pk}/change/"
    assert desk.post(address, values_of(desk.get(address))).status_code == 302
    session.refresh_from_db()
    assert session.revision == 0


def test_a_session_cannot_end_before_it_starts(desk, plan):
    address = f"{SESSIONS}{plan('Water').pk}/change/"
    answer = desk.post(address, values_of(desk.get(address)) | {"ends_at_1": "10:00:00"})
    assert "The session has to end after it starts." in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_whoever_gets_or_loses_a_part_has_their_doors_looked_at(desk, session, aiko, linus):
    address = f"{SESSIONS}{session.pk}/change/"
    values = values_of(desk.get(address))
    (number,) = (name.split("-")[1] for name, value in values.items() if name.endswith("-person") and value == linus.pk)
    desk.post(address, values | {f"appearances-{number}-DELETE": "on"})
    assert not Appearance.objects.filter(session=session, person=linus).exists()
    assert Entry.objects.filter(topic=f"person.{linus.pk}").exists()
    assert not Entry.objects.filter(topic=f"person.{aiko.pk}").exists()


@pytest.mark.django_db(transaction=True)
def test_taking_back_a_role_is_told_at_once(desk, session, aiko):
    role = Role.objects.get(person=aiko)
    desk.post(f"/admin/programme/role/{role.pk}/delete/", {"post": "yes"})
    assert not Role.objects.filter(person=aiko).exists()
    assert Entry.objects.filter(topic=f"person.{aiko.pk}").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["groups", "cancel"])
def test_narrowing_a_session_is_told_to_everybody_on_any_of_its_topics(desk, room, how):
    session = room.session
    if how == "cancel":
        desk.post(SESSIONS, {"action": "cancel", "_selected_action": [session.pk]})
    else:
        address = f"{SESSIONS}{session.pk}/change/"
        mayors = Group.objects.create(name="Mayors", slug="mayors")
        assert desk.post(address, values_of(desk.get(address)) | {"groups": [mayors.pk]}).status_code == 302
    told = Entry.objects.filter(event="access").values_list("topic", flat=True)
    assert set(told) == {room.topic, room.desk, room.conversation.topic}


def test_roles_given_in_a_session_belong_to_its_event(desk, plan, ada):
    session = plan("Water")
    address = f"{SESSIONS}{session.pk}/change/"
    values = values_of(desk.get(address))
    values |= {
        "roles-TOTAL_FORMS": 1,
        "roles-0-session": session.pk,
        "roles-0-person": ada.pk,
        "roles-0-role": "moderator",
    }
    assert desk.post(address, values).status_code == 302
    assert Role.objects.get(person=ada, session=session).event == session.event


def test_organisers_cancel_and_do_not_delete(desk, plan):
    session = plan("Water")
    assert desk.post(f"{SESSIONS}{session.pk}/delete/", {"post": "yes"}).status_code == 403
    desk.post(SESSIONS, {"action": "cancel", "_selected_action": [session.pk]})
    session.refresh_from_db()
    assert (session.cancelled, session.revision) == (True, 1)
    desk.post(SESSIONS, {"action": "reinstate", "_selected_action": [session.pk]})
    session.refresh_from_db()
    assert (session.cancelled, session.revision) == (False, 2)


def test_only_one_event_stands_on_the_first_page(desk, forum):
    other = Event.objects.create(
        slug="other", name="Other", starts_on=forum.starts_on, ends_on=forum.ends_on, current=False
    )
    address = f"/admin/programme/event/{other.pk}/change/"
    desk.post(address, values_of(desk.get(address)) | {"current": "on"})
    assert list(Event.objects.filter(current=True)) == [other]


@pytest.mark.parametrize(("field", "value"), [("zone", "Mars/Olympus"), ("brand", "red;}"), ("ends_on", "2020-01-01")])
def test_events_are_checked(desk, forum, field, value):
    address = f"/admin/programme/event/{forum.pk}/change/"
    answer = desk.post(address, values_of(desk.get(address)) | {field: value})
    assert answer.status_code == 200
    assert answer.context["errors"]


class TestImportingASchedule:
    def upload(self, desk, data: bytes, **given):
        file = SimpleUploadedFile("harbour.json", data)
        return desk.post(f"{SESSIONS}import/", {"file": file, **given}, follow=True)

    def test_first_what_would_happen_then_it_happens(self, desk, harbour):
        page = self.upload(desk, harbour)
        assert "3 added, 0 changed, 0 cancelled, 0 unchanged" in page.content.decode()
        assert "Night walk along the mole" in page.content.decode()
        assert not Session.objects.exists()
        desk.post(page.request["PATH_INFO"])
        assert Session.objects.count() == 3
        assert not ScheduleFile.objects.exists()

    def test_a_bad_file_is_refused_with_line_and_reason(self, desk, harbour):
        page = self.upload(desk, harbour.replace(b'"duration": "01:30"', b'"duration": "soon"')).content.decode()
        assert "<td>27</td>" in page
        assert "“soon” is not a duration" in page

    def test_into_an_event_of_ones_choice(self, desk, forum):
        page = self.upload(desk, (DATA / "harbour.xml").read_bytes(), event=forum.pk)
        desk.post(page.request["PATH_INFO"])
        assert forum.sessions.count() == 1

    def test_only_by_organisers_and_each_their_own(self, desk, harbour, ada, client):
        address = self.upload(desk, harbour).request["PATH_INFO"]
        client.force_login(ada)
        assert client.get(f"{SESSIONS}import/").status_code == 302
        ada.is_staff = True
        ada.save()
        assert client.get(f"{SESSIONS}import/").status_code == 200
        assert client.post(address).status_code == 404
