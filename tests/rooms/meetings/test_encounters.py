"""What organisers see of who met whom: how many did."""

import pytest
from django.urls import reverse

from live import writer
from people import connections
from rooms import encounters

from ...chat.letters import says, talking, writes
from .agreeing import agreed, propose

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _event(event):
    return event


def test_figures_and_nothing_else(client, organiser, event, ada, ines, linus, layla):
    client.force_login(organiser)
    door = reverse("admin:programme_event_change", args=[event.pk])
    assert "Nobody has met yet." in client.get(door).content.decode()

    says(ada, talking(ada, ines), "Between you and me.")
    writes(layla, linus, "May I?")
    agreed(ada, linus, "09:00")
    propose(ines, layla)
    for one, other in ((ada, ines), (ines, ada), (linus, ada)):
        writer.do(one.pk, connections.stay_in_touch, one.pk, other.pk)

    counted = dict(encounters.figures())
    assert counted["In touch"] == 1
    assert counted["Messages in conversations"] >= 3
    assert (counted["Meetings: Accepted"], counted["Meetings: Proposed"]) == (1, 1)
    assert counted["Requests without an answer"] >= 1
    assert not [label for label in counted if label.startswith("Met in")]
    shown = client.get(door).content.decode()
    assert "Meetings: Accepted: 1" in shown
    assert "Between you and me." not in shown
