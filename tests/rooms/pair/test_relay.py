"""The second rung of the ladder: where nothing gets through directly, two people meet through coturn.

Its credentials are those that the room's door gives; it is Debian's coturn, with what deployments are told to set.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aioice import stun, turn
from aiortc import RTCConfiguration, RTCDataChannel, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from django.test import Client
from django.utils import timezone

from rooms.stage import relays
from tests import coturn
from tests.rooms.studio import PATIENCE

CANDIDATE = re.compile(r"a=candidate:.*\r\n")
RELAYED = re.compile(r"a=candidate:.* typ relay .*\r\n")


@pytest.fixture(scope="module")
def relay(tmp_path_factory):
    with coturn.relaying(tmp_path_factory.mktemp("coturn")) as relay:
        yield relay


@pytest.fixture(autouse=True)
def _configured(settings, relay):
    settings.TURN_URL, settings.TURN_SECRET = [relay.url], relay.secret


@pytest.fixture
def servers(pair, ada, ines) -> list[list[dict]]:
    return [servers_of(pair, person) for person in (ada, ines)]


def servers_of(pair, person) -> list[dict]:
    """What the door gives to one of the two."""
    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser.get(f"/pair/{pair.code}/ice").json()["iceServers"]


def without_direct_ways(text: str) -> str:
    """What gets through a network that lets no UDP from one to the other."""
    return CANDIDATE.sub(lambda found: found[0] if RELAYED.match(found[0]) else "", text)


@asynccontextmanager
async def browser(servers: list[dict]) -> AsyncIterator[RTCPeerConnection]:
    peer = RTCPeerConnection(RTCConfiguration([RTCIceServer(**server) for server in servers]))
    try:
        yield peer
    finally:
        await peer.close()


async def connected(one: RTCPeerConnection, two: RTCPeerConnection) -> RTCDataChannel:
    """By descriptions that hide every direct way from the other, as a network does."""
    channel = one.createDataChannel("talk")
    is_open = asyncio.Event()
    channel.on("open", is_open.set)
    await one.setLocalDescription(await one.createOffer())
    await two.setRemoteDescription(hidden(one.localDescription))
    await two.setLocalDescription(await two.createAnswer())
    await one.setRemoteDescription(hidden(two.localDescription))
    await asyncio.wait_for(is_open.wait(), PATIENCE)
    return channel


def hidden(description: RTCSessionDescription) -> RTCSessionDescription:
    return RTCSessionDescription(without_direct_ways(description.sdp), description.type)


async def test_with_direct_ways_blocked_two_meet_through_the_relay(servers, ada, ines, relay):
    async with browser(servers[0]) as one, browser(servers[1]) as two:
        heard: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        two.on("datachannel", lambda channel: channel.on("message", heard.set_result))
        channel = await connected(one, two)
        channel.send("Bonjour !")
        assert await asyncio.wait_for(heard, PATIENCE) == "Bonjour !"
        for peer in (one, two):
            assert " typ relay " in peer.localDescription.sdp
            assert "typ host" not in hidden(peer.localDescription).sdp
    for person in (ada, ines):
        assert re.search(rf"user <\d+:{person.pk}>", relay.said)


async def allocated(relay: coturn.Relay, username: str, credential: str) -> None:
    """Asks for a relayed address, and gives it back. Raises stun.TransactionFailed."""
    host, port = relay.url.removeprefix("turn:").split(":")
    line, _ = await turn.create_turn_endpoint(
        asyncio.DatagramProtocol, (host, int(port)), username, credential, lifetime=60
    )
    line.close()


def credentials(person: int, since: float = 0) -> tuple[str, str]:
    """As they were given so many seconds ago."""
    [server] = relays.servers(person, timezone.now().timestamp() - since)
    return server["username"], server["credential"]


async def test_credentials_that_are_still_good_are_taken(relay):
    await allocated(relay, *credentials(7))
    await allocated(relay, *credentials(7, since=relays.LIFE - 60))


def expired(relay) -> tuple[str, str]:
    return credentials(7, since=relays.LIFE + 60)


def prolonged(relay) -> tuple[str, str]:
    """A credential that has run out, under a name that says it has not."""
    return credentials(7)[0], expired(relay)[1]


def of_somebody_else(relay) -> tuple[str, str]:
    return credentials(8)[0], credentials(7)[1]


def guessed(relay) -> tuple[str, str]:
    return credentials(7)[0], "let me in"


REFUSED = [expired, prolonged, of_somebody_else, guessed]


@pytest.mark.parametrize("made", REFUSED, ids=[made.__name__ for made in REFUSED])
async def test_other_credentials_are_refused(relay, made):
    with pytest.raises(stun.TransactionFailed) as refused:
        await allocated(relay, *made(relay))
    assert refused.value.response.attributes["ERROR-CODE"][0] == 401
