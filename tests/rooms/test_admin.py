"""Rooms in the administration: numbers and running orders; what goes on inside is changed at the desk."""

import pytest
from django.test import Client

from programme.models import Document
from rooms.models import Room


@pytest.fixture
def office(organiser) -> Client:
    client = Client()
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    return client


def form(room, **fields):
    return {
        "code": room.code,
        "segments-TOTAL_FORMS": "1",
        "segments-INITIAL_FORMS": "0",
        "segments-0-room": room.pk,
        "segments-0-position": "0",
        "segments-0-kind": "questions",
        "segments-0-title": "Questions",
        "segments-0-minutes": "30",
        **fields,
    }


def test_rooms_are_found_by_number_and_session(office, room):
    for query in ("4821", "leaks", "water"):
        assert "Water that reports" in office.get("/admin/rooms/room/", {"q": query}).content.decode()


def ahead(room) -> Room:
    Room.objects.filter(pk=room.pk).update(state=Room.State.SCHEDULED)
    return room


def test_the_running_order_is_written_there(office, room, grace, session):
    paper = Document.objects.create(session=session, title="Figures", url="https://figures.example/")
    more = {"people": grace.pk, "documents": paper.pk, "notes": "Keep it short", "remote": "on"}
    fields = form(ahead(room), **{f"segments-0-{name}": value for name, value in more.items()})
    answer = office.post(f"/admin/rooms/room/{room.pk}/change/", fields)
    assert answer.status_code == 302, answer.context["errors"]
    it = room.segments.get()
    assert (it.title, it.minutes, it.notes, it.remote, it.confirmed) == ("Questions", 30, "Keep it short", True, False)
    assert (it.people.get(), it.documents.get()) == (grace, paper)


@pytest.mark.parametrize("wrong", [{"kind": "juggling"}, {"documents": "0"}], ids=["kind", "document"])
def test_a_part_is_what_there_is(office, room, wrong):
    fields = form(ahead(room), **{f"segments-0-{name}": value for name, value in wrong.items()})
    assert office.post(f"/admin/rooms/room/{room.pk}/change/", fields).status_code == 200
    assert not room.segments.exists()


def test_the_running_order_of_an_open_room_is_changed_at_the_desk(office, room):
    office.post(f"/admin/rooms/room/{room.pk}/change/", form(room))
    assert not room.segments.exists()


def test_the_state_is_not_changed_behind_the_rooms_back(office, room):
    office.post(f"/admin/rooms/room/{room.pk}/change/", form(room, state="ended", moderation=""))
    kept = Room.objects.get(pk=room.pk)
    assert (kept.state, kept.moderation) == ("live", True)


def test_rooms_are_neither_added_nor_deleted_there(office, room):
    assert office.get("/admin/rooms/room/add/").status_code == 403
    assert office.post(f"/admin/rooms/room/{room.pk}/delete/").status_code == 403


@pytest.mark.parametrize("code", ["12/3", "abcd", '48"21', "123", "4821\n4"])
def test_a_number_is_one_that_an_address_can_hold(office, room, code):
    assert office.post(f"/admin/rooms/room/{room.pk}/change/", form(room, code=code)).status_code == 200
    assert Room.objects.get(pk=room.pk).code == "4821"
