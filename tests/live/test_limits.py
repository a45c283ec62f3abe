import pytest
from hypothesis import given
from hypothesis import strategies as st

from live import limits
from live.limits import STRIKES, WINDOW, Buckets, Sockets, Strikes, spend
from live.refusal import Refused


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_bucket_gives_its_count_at_once_and_refills_evenly(clock):
    buckets = Buckets(clock)
    assert [buckets.take("ada", 3, 60) for _ in range(4)] == [True, True, True, False]
    clock.now += 19
    assert not buckets.take("ada", 3, 60)
    clock.now += 2
    assert buckets.take("ada", 3, 60)
    assert not buckets.take("ada", 3, 60)


def test_everybody_has_their_own_bucket(clock):
    buckets = Buckets(clock)
    assert buckets.take("ada", 1, 1)
    assert buckets.take("grace", 1, 1)
    assert not buckets.take("ada", 1, 1)


@given(st.lists(st.floats(0, 30), max_size=60))
def test_no_more_than_allowed_in_any_stretch(pauses):
    clock = Clock()
    buckets, taken = Buckets(clock), []
    for pause in pauses:
        clock.now += pause
        if buckets.take("ada", 3, 60):
            taken.append(clock.now)
    assert all(later - earlier > 59.99 for earlier, later in zip(taken, taken[6:], strict=False))


def test_full_buckets_are_thrown_away(clock, monkeypatch):
    monkeypatch.setattr(limits, "MANY", 10)
    buckets = Buckets(clock)
    for person in range(10):
        buckets.take(person, 3, 60)
    clock.now += 61
    buckets.take("one more", 3, 60)
    assert list(buckets.levels) == ["one more"]


def test_spending_too_much_is_refused(settings):
    settings.LIVE_RATES = {"ask": (2, 60)}
    for _ in range(2):
        spend(77, "ask")
    with pytest.raises(Refused, match=r"slow\.down"):
        spend(77, "ask")
    limits.forgive()
    spend(77, "ask")


def test_persistent_haste_strikes_out(clock):
    strikes = Strikes(clock)
    assert [strikes.out() for _ in range(STRIKES)] == [False] * (STRIKES - 1) + [True]


def test_occasional_haste_does_not(clock):
    strikes = Strikes(clock)
    for _ in range(10 * STRIKES):
        clock.now += WINDOW / (STRIKES - 2)
        assert not strikes.out()


def test_sockets_are_counted_by_key():
    sockets = Sockets()
    one = sockets.one_of
    with (
        one("ada", 2),
        one("ada", 2),
        one("grace", 2),
        pytest.raises(Refused, match=r"sockets\.too_many"),
        one("ada", 2),
    ):
        pass
    with sockets.one_of("ada", 1):
        pass
    assert not sockets.open
