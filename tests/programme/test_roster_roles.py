import pytest

from people.roster import plan
from programme.models import Event, Role


def table(roles: str) -> str:
    return f"email,name,roles\nthabo@joburg.example,Thabo Mokoena,{roles}\n"


def held() -> set:
    return set(Role.objects.filter(person__email="thabo@joburg.example").values_list("role", "session"))


def test_roles_at_the_event_and_in_a_session(session):
    plan.take_in(table("moderator@leaks|Attendee"))
    assert held() == {("moderator", session.pk), ("attendee", None)}


def test_the_same_roles_again_change_nothing(session):
    plan.take_in(table("moderator@leaks|attendee"))
    assert plan.take_in(table("attendee|moderator@leaks")).same == 1


def test_what_stands_in_the_cell_replaces_what_was_there(session):
    plan.take_in(table("moderator@leaks|attendee"))
    plan.take_in(table("speaker"))
    assert held() == {("speaker", None)}


@pytest.mark.parametrize("roles", ["king", "moderator@nowhere", "moderator@", "@leaks"])
def test_what_is_not_known_is_said(session, roles):
    [problem] = plan.report_on(table(roles)).problems
    assert problem.line == 2
    assert problem.reason.startswith("roles: ")


def test_without_an_event_there_are_no_roles(db):
    assert not Event.objects.exists()
    [problem] = plan.report_on(table("moderator")).problems
    assert "no event yet" in problem.reason
