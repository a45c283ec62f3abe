"""What every template may use: the built islands, icons, and the forum's two drawings."""

import json
import math
import random
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from live.tickets import ticket

register = template.Library()
SPRITE = settings.HOUSE / "frontend" / "icons.svg"
MARK = (
    "M2 18h0M3.2 11.5h0M7 6h0M12.5 2.6h0M19.5 2.6h0M25 6h0M28.8 11.5h0M30 18h0M8.2 18h0M9.8 12.6h0"
    "M13.6 9.2h0M18.4 9.2h0M22.2 12.6h0M23.8 18h0M16 18h0"
)
HALL = (
    '<svg class="hall" viewBox="0 0 220 110" aria-hidden="true">'
    '<path class="off" d="{}"/><path class="on" d="{}"/></svg>'
)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: float) -> dict:
    return json.loads(path.read_text())


def _manifest() -> dict:
    """Vite's manifest, or nothing before the front end is built: pages work without scripts."""
    path = settings.FRONTEND / "manifest.json"
    return _read(path, path.stat().st_mtime) if path.exists() else {}


def _entry(manifest: dict, name: str) -> str | None:
    return next((key for key, chunk in manifest.items() if chunk.get("isEntry") and chunk["name"] == name), None)


def _chunks(manifest: dict, key: str, found: dict[str, dict]) -> dict[str, dict]:
    if key not in found:
        found[key] = manifest[key]
        for imported in manifest[key].get("imports", ()):
            _chunks(manifest, imported, found)
    return found


def _catalogue() -> str:
    """Address of the islands' words in the page's language; empty for the source language."""
    found = sorted((settings.FRONTEND / "locale").glob(f"{get_language()}-*.json"))
    return static(f"locale/{found[-1].name}") if found else ""


@register.simple_tag
def island(name: str) -> SafeString:
    """Tags that load one entry of the front end (`page`, `room`, …): its styles, its script, what that imports."""
    manifest = _manifest()
    key = _entry(manifest, name)
    if key is None:
        return mark_safe("")
    chunks = _chunks(manifest, key, {})
    styles = dict.fromkeys(css for chunk in chunks.values() for css in chunk.get("css", ()))
    preloads = [chunk["file"] for other, chunk in chunks.items() if other != key]
    return format_html(
        '{}{}<script type="module" src="{}" data-messages="{}"></script>',
        format_html_join("", '<link rel="stylesheet" href="{}">', ((static(css),) for css in styles)),
        format_html_join("", '<link rel="modulepreload" href="{}">', ((static(file),) for file in preloads)),
        static(chunks[key]["file"]),
        _catalogue(),
    )


@register.simple_tag(takes_context=True)
def mine(context) -> SafeString:
    """What every page of somebody who is signed in needs to hear what concerns them: {"me", "ticket", "token"}."""
    request = context.get("request")
    me = getattr(getattr(request, "user", None), "pk", None)  # early failures have no user yet
    if me is None:
        return mark_safe("")
    return json_script({"me": me, "ticket": ticket(me, get_language()), "token": get_token(request)}, "mine")


@register.simple_tag
def sprite() -> SafeString:
    """Every icon once, to be written at the top of `<body>`."""
    return mark_safe(SPRITE.read_text())


@register.simple_tag
def icon(name: str, flip: bool = False) -> SafeString:
    """An icon of the sprite; `flip` for those that point along the line of reading."""
    attribute = mark_safe(" data-flip") if flip else ""
    return format_html('<svg class="icon" aria-hidden="true"{}><use href="#i-{}"/></svg>', attribute, name)


@register.simple_tag
def mark() -> SafeString:
    return format_html('<svg class="mark" viewBox="0 0 32 20" aria-hidden="true"><path d="{}"/></svg>', MARK)


def _seats(rows: int) -> list[tuple[float, float, float]]:
    """Radius and place of every seat of a half circle, in a box of 220 by 110."""
    return [seat for row in range(rows) for seat in _row(38 + row * 62 / max(rows - 1, 1))]


def _row(radius: float) -> Iterator[tuple[float, float, float]]:
    count = round(math.pi * radius / 8.6)
    for turn in (math.pi * seat / count for seat in range(count + 1)):
        yield radius, 110 - radius * math.cos(turn), 104 - radius * math.sin(turn)


@lru_cache(maxsize=128)
def _hall(percent: int, rows: int) -> SafeString:
    # The same hall on every page: who sits where must not jump from load to load.
    chance = random.Random(3)
    paths: dict[bool, list[str]] = {True: [], False: []}
    for radius, x, y in _seats(rows):
        taken = chance.random() < percent / 100 * (1.5 - (radius - 38) / 62)
        paths[taken].append(f"M{x:.1f} {y:.1f}h0")
    return format_html(HALL, "".join(paths[False]), "".join(paths[True]))


@register.simple_tag
def hall(filled: float, rows: int = 7) -> SafeString:
    """The forum's hall as dots; `filled`, 0 to 1, is the share of seats taken."""
    return _hall(round(100 * filled), rows)
