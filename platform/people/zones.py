"""Time zones to choose from, by region, with their cities in the reader's language."""

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.dates import get_timezone_location
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .countries import in_order

REGIONS = {
    "Africa": _("Africa"),
    "America": _("The Americas"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic Ocean"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific Ocean"),
}


@lru_cache(maxsize=16)
def _cities(language: str) -> dict[str, list[tuple[str, str]]]:
    locale = Locale.parse(language, sep="-")
    found: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for zone in available_timezones():
        region, _slash, city = zone.partition("/")
        if city and region in found:
            found[region].append((zone, get_timezone_location(zone, locale=locale, return_city=True)))
    return {region: sorted(cities, key=lambda city: in_order(city[1])) for region, cities in found.items()}


def choices() -> list:
    """Groups of (zone, city) by region, after UTC."""
    cities = _cities(get_language() or "en")
    return [("UTC", "UTC"), *((name, cities[region]) for region, name in REGIONS.items())]
