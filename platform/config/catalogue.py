"""Plenary's words: one catalogue a language, locale/<language>/LC_MESSAGES/django.po, for pages and islands alike."""

import io
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

HOUSE: Path = settings.HOUSE
PYTHON = ("platform", "rooms", "chat")
KEYWORDS: dict = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}
HEADER = """# Plenary's words. Written by `manage.py messages`; translations are kept.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


class Said(NamedTuple):
    """A sentence and where it is said. `many` is its plural."""

    one: str
    many: str | None
    context: str | None
    file: str


def languages() -> list[str]:
    """Those the source is translated into."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def path(language: str) -> Path:
    return HOUSE / "locale" / language / "LC_MESSAGES" / "django.po"


# what is said


def extracted() -> Catalog:
    """Everything a person can read, without translations."""
    catalog = Catalog()
    for said in sorted({*in_python(), *in_templates(), *in_islands()}, key=lambda said: (said.file, said.one)):
        catalog.add((said.one, said.many) if said.many else said.one, None, [(said.file, 0)], context=said.context)
    return catalog


def in_python() -> Iterator[Said]:
    for file in sources("*.py"):
        with file.open("rb") as source:
            yield from calls(file, source)


def in_templates() -> Iterator[Said]:
    for file in sources("*.html", "*.txt"):
        if "templates" not in file.parts:
            continue
        # Indentation means something to Python's tokenizer, and nothing here.
        plain = "\n".join(line.lstrip() for line in templatize(file.read_text(), origin=str(file)).splitlines())
        yield from calls(file, io.BytesIO(plain.encode()))


def in_islands() -> Iterator[Said]:
    """Read by Svelte's own compiler."""
    told = subprocess.run(["node", "frontend/messages.mjs"], cwd=HOUSE, check=True, stdout=subprocess.PIPE, text=True)
    for said in json.loads(told.stdout):
        yield Said(said["one"], said.get("many"), None, f"frontend/{said['file']}")


def sources(*patterns: str) -> list[Path]:
    found = (file for folder in PYTHON for pattern in patterns for file in (HOUSE / folder).rglob(pattern))
    return sorted(file for file in found if "migrations" not in file.parts)


def calls(file: Path, source: IO[bytes]) -> Iterator[Said]:
    name = str(file.relative_to(HOUSE))
    for _, words, _, context in extract("python", source, keywords=KEYWORDS, options={"encoding": "utf-8"}):
        one, many = words if isinstance(words, tuple) else (words, None)
        yield Said(one, many, context, name)


# what is kept


def read(language: str) -> Catalog:
    kept = path(language).read_text() if path(language).exists() else header(language)
    return parse(kept, language)


def parse(text: str, language: str) -> Catalog:
    return read_po(io.BytesIO(text.encode()), locale=language)


def renew(catalog: Catalog, template: Catalog) -> Catalog:
    """The catalogue with exactly the template's sentences; those it had keep their translation."""
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def save(language: str, catalog: Catalog) -> None:
    path(language).parent.mkdir(parents=True, exist_ok=True)
    with path(language).open("wb") as file:
        file.write(header(language).encode())
        write_po(file, catalog, width=120, omit_header=True, sort_by_file=True, include_lineno=False)


def header(language: str) -> str:
    return HEADER.format(language=language, plurals=PLURALS[language])


def compile_words(language: str) -> None:
    """Writes what Django reads, `django.mo`."""
    with path(language).with_suffix(".mo").open("wb") as file:
        write_mo(file, read(language))


# what is wrong with it


def faults(catalog: Catalog, template: Catalog) -> list[str]:
    """A line for each thing that keeps the catalogue from being complete and true."""
    return [*out_of_date(catalog, template), *(fault for it in catalog if it.id for fault in faults_of(it))]


def out_of_date(catalog: Catalog, template: Catalog) -> list[str]:
    had, needed = told(catalog), told(template)
    new = [f"is not in the catalogue: {key[0]!r}" for key in needed.keys() - had.keys()]
    old = [f"is not said any more: {key[0]!r}" for key in had.keys() - needed.keys()]
    moved = [f"is said elsewhere now: {key[0]!r}" for key in had.keys() & needed.keys() if had[key] != needed[key]]
    return sorted([*new, *old, *moved])


def told(catalog: Catalog) -> dict[tuple, set[str]]:
    """Where each sentence is said."""
    return {(it.id, it.context): {file for file, _ in it.locations} for it in catalog if it.id}


def faults_of(it: Message) -> Iterator[str]:
    translations = several(it.string)
    if it.fuzzy:
        yield f"is fuzzy: {it.id!r}"
    elif not all(translations):
        yield f"is not translated: {it.id!r}"
    else:
        yield from misplaced(it, translations)


def misplaced(it: Message, translations: list[str]) -> Iterator[str]:
    """Forms for one certain number may leave it out; the last form, for any number, needs every place."""
    sentences = several(it.id)
    allowed = set[str]().union(*(places(sentence) for sentence in sentences))
    for translation in translations:
        if strange := places(translation) - allowed:
            yield f"has places its source lacks, {sorted(strange)}: {it.id!r}"
    if lost := places(sentences[-1]) - places(translations[-1]):
        yield f"lacks {sorted(lost)}: {it.id!r}"


def several(words: Any) -> list[str]:
    return list(words) if isinstance(words, (tuple, list)) else [words]


def places(sentence: str) -> set[str]:
    return set(PLACE.findall(sentence))
