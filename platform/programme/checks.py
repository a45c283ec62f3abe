"""What organisers may enter: time zones that exist, files that are safe to hand to everybody."""

from functools import lru_cache
from pathlib import PurePath
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
LARGEST_FILE = 25 * MEGABYTE
# What a browser may show by itself; everything else is handed over as a download.
SHOWN = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
HANDED_OVER = {".docx", ".pptx", ".xlsx", ".odt", ".odp", ".ods", ".txt", ".csv", ".zip", ".epub"}


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


def known_zone(name: str) -> None:
    if name not in zones():
        raise ValidationError(_("There is no time zone “%(name)s”."), params={"name": name})


def ending(name: str) -> str:
    return PurePath(name).suffix.lower()


def safe_file(file) -> None:
    if ending(file.name) not in {*SHOWN, *HANDED_OVER}:
        kinds = ", ".join(sorted(kind[1:] for kind in {*SHOWN, *HANDED_OVER}))
        raise ValidationError(_("Only these kinds of files are accepted: %(kinds)s."), params={"kinds": kinds})
    if file.size > LARGEST_FILE:
        raise ValidationError(_("The file is larger than %(count)s MB."), params={"count": LARGEST_FILE // MEGABYTE})
