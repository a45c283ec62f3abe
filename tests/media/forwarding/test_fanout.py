"""Rows of a matrix against packets built alone, through real SRTP and real sockets."""

import os
import socket
from collections import Counter

import pytest
from pylibsrtp import Policy, Session

from rooms.media import aiortc_seam, fanout, ice
from rooms.media.fanout import Fanout, Packet, Seat
from rooms.media.packets import header
from rooms.media.packets.sequence import Mapping

FAMILIES = {"v4": (socket.AF_INET, "127.0.0.1"), "v6": (socket.AF_INET6, "::1")}


class Watcher:
    """A viewer with a socket and keys of its own."""

    def __init__(self, out: socket.socket, family: int = socket.AF_INET, host: str = "127.0.0.1"):
        key = os.urandom(30)
        self.ears = socket.socket(family, socket.SOCK_DGRAM)
        self.ears.bind((host, 0))
        self.ears.settimeout(0.5)
        self.fileno, self.sockaddr = out.fileno(), ice.sockaddr(self.ears.getsockname())
        self.session = Session(Policy(key, Policy.SSRC_ANY_OUTBOUND))
        self.outbound = aiortc_seam.OutboundSrtp.of(self.session, 10)
        self.inbound = Session(Policy(key, Policy.SSRC_ANY_INBOUND))
        self.alone: list[bytes] = []

    def send_rtp(self, data: bytes) -> None:
        self.alone.append(data)

    def heard(self) -> bytes:
        return self.alone.pop(0) if self.alone else self.inbound.unprotect(self.ears.recv(2000))


@pytest.fixture
def out():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as v4:
        yield v4


@pytest.fixture
def fan():
    return Fanout(84, Counter())


def seat_of(watcher: Watcher, number: int, mid: str = "0") -> Seat:
    layout = header.lay_out(96, 1000 + number, mid, header.Ids(mid=4, abs_send_time=2))
    return Seat(watcher, layout, Mapping(0, None, 65530 + number, (1 << 32) - 5 + number, 32767, 254))


def packet(number: int, payload: bytes = b"some frame data") -> Packet:
    return Packet(number, 3000 * number, True, b"\x90\xe0\x80\x01\x05\x00" + payload, True, 1, 5)


def expected(seat: Seat, packet: Packet, now: float = 7.25) -> bytes:
    return fanout.packet_for(seat.layout, seat.mapping, packet, 84, now)


def test_every_seat_gets_its_own_numbers(fan, out):
    seats = [seat_of(Watcher(out), number, "0" if number % 2 else "twelve") for number in range(9)]
    for seat in seats:
        fan.add(seat)
    for number in (3, 4, 5):
        fan.send(packet(number, bytes(number)), 7.25)
        assert [seat.viewer.heard() for seat in seats] == [
            expected(seat, packet(number, bytes(number))) for seat in seats
        ]
    assert fan.counters["packets_out"] == 27


@pytest.mark.parametrize("leave", [fanout.together, fanout.singly], ids=lambda leave: leave.__name__)
def test_each_way_of_leaving_brings_the_same(leave):
    assert fanout.works(leave)


@pytest.mark.parametrize("family", FAMILIES)
def test_addresses_of_both_families(fan, family):
    kind, host = FAMILIES[family]
    with socket.socket(kind, socket.SOCK_DGRAM) as out:
        seats = [seat_of(Watcher(out, kind, host), number) for number in range(4)]
        for seat in seats:
            fan.add(seat)
        fan.send(packet(1), 7.25)
        assert [seat.viewer.heard() for seat in seats] == [expected(seat, packet(1)) for seat in seats]


def test_the_last_row_closes_the_gap(fan, out):
    seats = [seat_of(Watcher(out), number) for number in range(6)]
    for seat in seats:
        fan.add(seat)
    fan.discard(seats[1])
    fan.discard(seats[5])
    fan.send(packet(1), 7.25)
    staying = [seat for seat in seats if seat in fan]
    assert [seat.viewer.heard() for seat in staying] == [expected(seat, packet(1)) for seat in staying]
    for gone in (seats[1], seats[5]):
        with pytest.raises(TimeoutError):
            gone.viewer.heard()


def test_a_few_seats_go_one_by_one(fan, out):
    seat = seat_of(Watcher(out), 0)
    fan.add(seat)
    fan.send(packet(1), 7.25)
    assert seat.viewer.alone == [expected(seat, packet(1))]


def test_those_out_of_reach_are_counted(out):
    matrix = fanout.Matrix(fanout.together, -1, seat_of(Watcher(out), 0).layout, 84, Counter())
    for number in range(4):
        matrix.add(seat_of(Watcher(out), number))
    matrix.send(packet(1), 7.25)
    assert matrix.counters == {"dropped_out_unreachable": 4, "packets_out": 0, "bytes_out": 0}


def test_what_cannot_be_protected_does_not_leave_readable(fan, out):
    seats = [seat_of(Watcher(out), number) for number in range(4)]
    for seat in seats:
        fan.add(seat)
    fan.send(packet(1), 7.25)
    fan.send(packet(1), 7.25)  # a replay: libsrtp refuses
    assert fan.counters["dropped_out_protect"] == 4
    for seat in seats:
        assert seat.viewer.heard() == expected(seat, packet(1))
        assert seat.viewer.ears.recv(2000) == b""


def test_oversized_packets_are_dropped(fan, out):
    for number in range(4):
        fan.add(seat_of(Watcher(out), number))
    fan.send(packet(1, bytes(1600)), 7.25)
    assert fan.counters == {"dropped_out_oversized": 4}


def test_a_viewer_that_moved_gets_the_next_packet_there(fan, out):
    seats = [seat_of(Watcher(out), number) for number in range(4)]
    for seat in seats:
        fan.add(seat)
    moved = seats[2].viewer
    moved.ears = Watcher(out).ears
    moved.sockaddr = ice.sockaddr(moved.ears.getsockname())
    fan.refresh(seats[2])
    fan.send(packet(1), 7.25)
    assert moved.heard() == expected(seats[2], packet(1))
