"""Telling the organisers what somebody did."""

from typing import Any

from live.refusal import Refused

from .models import Person, Report


def report(by: int, about: int, text: str, evidence: dict[str, Any] | None = None) -> Report:
    """`evidence` is kept as it stands now, whatever is changed or taken back later. Refused("person.unknown")."""
    if by == about or not Person.objects.filter(pk=about).exists():
        raise Refused("person.unknown")
    return Report.objects.create(by_id=by, about_id=about, text=text, evidence=evidence or {})
