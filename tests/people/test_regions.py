"""Every country counts with one regional group, in as many words as there are languages."""

import pytest
from django.utils.translation import override

from people import countries, regions


def listed(*tables: dict[str, str]) -> list[str]:
    return [code for table in tables for codes in table.values() for code in codes.split()]


def test_every_country_has_a_group_but_antarctica():
    assert [code for code in countries.CODES if not regions.of(code)] == ["AQ"]


def test_nothing_is_listed_twice_or_unknown():
    codes = listed(regions.MEMBERS, regions.BESIDE)
    assert len(set(codes)) == len(codes)
    assert set(codes) <= set(countries.CODES)


def test_as_many_members_as_the_united_nations_have():
    assert {region: len(codes.split()) for region, codes in regions.MEMBERS.items()} == {
        "africa": 54,
        "asia_pacific": 54,
        "eastern_europe": 23,
        "latin_america": 33,
        "western_europe": 29,
    }


@pytest.mark.parametrize(
    ("country", "region"),
    [
        ("SN", "africa"), ("JO", "asia_pacific"), ("KI", "asia_pacific"), ("CY", "asia_pacific"),
        ("PS", "asia_pacific"), ("GE", "eastern_europe"), ("HT", "latin_america"), ("TR", "western_europe"),
        ("IL", "western_europe"), ("NZ", "western_europe"), ("VA", "western_europe"), ("", ""), ("XX", ""),
    ],
)  # fmt: skip
def test_where_they_count(country, region):
    assert regions.of(country) == region


def test_a_group_has_a_name():
    with override("en"):
        assert regions.name("africa") == "African States"
        assert regions.name("") == ""
        assert all(regions.name(region) for region in regions.NAMES)
