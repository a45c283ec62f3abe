"""Connectivity checks against aioice's STUN, which is another's."""

import socket

import pytest
from aioice import stun
from hypothesis import given
from hypothesis import strategies as st

from rooms.media import ice

PASSWORD = "thepasswordofthissession"
ADDRESSES = [("192.0.2.7", 40123), ("2001:db8::7", 40123, 0, 0)]


def request(password: str = PASSWORD, **attributes) -> bytes:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes.update({"USERNAME": "ours:theirs", "PRIORITY": 7, "ICE-CONTROLLING": 8} | attributes)
    message.add_message_integrity(password.encode())
    return bytes(message)


def test_a_check_is_read_and_authentic():
    check = ice.read(request())
    assert check.ufrag == "ours"
    assert not check.nominates
    assert ice.is_authentic(check, PASSWORD.encode())
    assert not ice.is_authentic(check, b"another")


def test_a_check_may_nominate():
    assert ice.read(request(**{"USE-CANDIDATE": None})).nominates


@pytest.mark.parametrize("address", ADDRESSES, ids=["v4", "v6"])
def test_an_answer_tells_who_asked_and_from_where(address):
    check = ice.read(request())
    answer = stun.parse_message(ice.answer(check, PASSWORD.encode(), address))
    assert answer.message_class == stun.Class.RESPONSE
    assert answer.transaction_id == check.transaction
    assert answer.check_message_integrity(PASSWORD.encode())
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == address[:2]
    assert "FINGERPRINT" in answer.attributes


def without_fingerprint() -> bytes:
    whole = request()
    return whole[:2] + (len(whole) - 28).to_bytes(2, "big") + whole[4:-8]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(request()[:19], id="half a header"),
        pytest.param(request()[:-4], id="truncated"),
        pytest.param(request() + bytes(4), id="more than it says"),
        pytest.param(without_fingerprint(), id="no fingerprint"),
        pytest.param(request()[:-1] + b"x", id="wrong fingerprint"),
        pytest.param(b"\x01\x01" + request()[2:], id="a response"),
        pytest.param(request()[:4] + b"abcd" + request()[8:], id="wrong cookie"),
        pytest.param(bytes(stun.Message(stun.Method.ALLOCATE, stun.Class.REQUEST)), id="another method"),
        pytest.param(request(SOFTWARE="x" * 600), id="oversized"),
    ],
)
def test_what_is_no_check_is_not_read(data):
    assert ice.read(data) is None


def test_unsigned_attributes_do_not_count():
    """USE-CANDIDATE behind the signature could be anybody's."""
    signed = request()[:-8]
    forged = signed + b"\x00\x25\x00\x00"
    forged = forged[:2] + (len(forged) - 20).to_bytes(2, "big") + forged[4:]
    message = ice._sized(forged + ice._attribute(ice.FINGERPRINT, ice.UNSIGNED.pack(ice._fingerprint(forged))))
    assert not ice.read(message).nominates


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_not(data):
    ice.read(data)


@given(st.integers(0, len(request()) - 1), st.integers(1, 255))
def test_a_changed_byte_is_noticed(at, by):
    changed = bytearray(request())
    changed[at] ^= by
    check = ice.read(bytes(changed))
    assert check is None or not ice.is_authentic(check, PASSWORD.encode())


def test_credentials_are_long_enough_to_be_unguessable():
    one, other = ice.Credentials(), ice.Credentials()
    assert one != other
    assert len(one.ufrag) >= 4
    assert len(one.password) >= 22


def test_the_first_candidate_is_preferred():
    first, second = ice.candidates([("192.0.2.1", 9), ("2001:db8::1", 9)])
    assert first == "candidate:1 1 udp 2130706431 192.0.2.1 9 typ host"
    assert int(first.split()[3]) > int(second.split()[3])


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"], ids=["v4", "v6"])
def test_the_kernel_understands_our_addresses(host):
    """Sent by sendmsg with our bytes, a datagram arrives."""
    import ctypes

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as there, socket.socket(family, socket.SOCK_DGRAM) as here:
        there.bind((host, 0))
        there.settimeout(5)
        raw = ice.sockaddr(there.getsockname())
        libc = ctypes.CDLL(None, use_errno=True)
        assert libc.sendto(here.fileno(), b"hello", 5, 0, raw, len(raw)) == 5
        assert there.recv(10) == b"hello"
