"""The doors of media of a room for two, when nothing else connects them. Each publishes, and watches the other."""

from django.http import HttpRequest

from live.refusal import Refused

from .. import views
from ..models import Pair
from ..stage import whip
from ..stage.plans import Plan
from . import lookup, plans


def found(request: HttpRequest, code: str) -> Pair:
    pair = lookup.found(code, views.me(request))
    pair.insist_open()
    return pair


def may_publish(person: int, topic: str, _screen: bool) -> int:
    """In the writer."""
    pair = lookup.entered(topic, person)
    pair.insist_open()
    return pair.revision


def may_watch(pair: Pair, _person: int, place: str) -> int:
    if place != "live":
        raise Refused("command.malformed")
    return pair.revision


def plan_of(pair: Pair) -> Plan:
    return plans.plan(Pair.objects.get(pk=pair.pk))


doors = whip.Doors(whip.House("pair-", "topic.unknown", found, may_publish, may_watch, plan_of))
