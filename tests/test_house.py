"""The rules of the house that no linter knows."""

import ast
import platform
import re
import sysconfig
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
OURS = ["platform", "rooms", "chat", "bench", "tests"]
APPS = ["live", "people", "programme", "chat", "rooms", "exhibition", "insights", "config"]
VAGUE = {"utils", "util", "common", "core", "services", "helpers", "misc", "lib"}
READERS_OF_THE_ENVIRONMENT = {
    "platform/config/settings.py",
    "rooms/media/settings.py",
    # These run before Django, around it or beside it, and hand the environment on to the processes they start.
    "platform/run.py",
    "platform/install.py",
    "platform/serve.py",
    "platform/manage.py",
    "platform/config/asgi.py",
    "rooms/lounge/worker.py",
}
DOORS = re.compile(r"(^|/)(views|consumers|urls|admin|forms)(\.py|/)")
UNSAFE_IN_TEMPLATES = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script: address": re.compile(r"javascript:", re.IGNORECASE),
    "a script or style without a nonce": re.compile(
        r"<(?:style|script)\b(?![^>]*(?:nonce=|\bsrc=|type=.application/json))[^>]*>", re.IGNORECASE
    ),
}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in (HOUSE / folder).rglob("*.py") if "__pycache__" not in path.parts)


def templates() -> Iterator[Path]:
    for folder in ["platform", "rooms", "chat"]:
        yield from (HOUSE / folder).rglob("templates/**/*.html")


def name(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def imports(path: Path) -> Iterator[str]:
    """Dotted names that a file imports, `from a.b import c` as `a.b.c`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def reads_environment(path: Path) -> bool:
    return any(imported.startswith("os.environ") or imported == "os.getenv" for imported in imports(path)) or bool(
        re.search(r"\bos\.(environ|getenv)\b", path.read_text())
    )


def test_platform_is_a_folder_and_not_a_package():
    assert not (HOUSE / "platform" / "__init__.py").exists()


def test_import_platform_is_the_standard_librarys():
    assert Path(platform.__file__).parent == Path(sysconfig.get_path("stdlib"))


def test_no_folder_or_module_has_a_vague_name():
    vague = [name(path) for path in sources(*OURS) if {path.stem, path.parent.name} & VAGUE]
    assert vague == []


def test_only_the_settings_read_the_environment():
    readers = {name(path) for path in sources("platform", "rooms", "chat") if reads_environment(path)}
    assert readers <= READERS_OF_THE_ENVIRONMENT


def test_doors_do_not_publish():
    publishers = [
        name(path)
        for path in sources("platform", "rooms", "chat")
        if DOORS.search(name(path)) and {"live.log.publish", "live.log.whisper"} & set(imports(path))
    ]
    assert publishers == []


def test_the_media_process_knows_neither_django_nor_the_kernel():
    """Of the kernel only how whispers are written and how tasks are ended, neither of which knows a kernel."""
    known = {imported for path in (HOUSE / "rooms" / "media").rglob("*.py") for imported in imports(path)}
    foreign = {imported for imported in known if imported.split(".")[0] in {"django", "channels", "live"}}
    assert foreign <= {"live.frames", "live.frames.Frame", "live.batches.ended"}


def test_private_names_of_aiortc_are_in_one_file():
    """What of it and of pylibsrtp is written with an underscore, or may be reached only through private modules."""
    private = re.compile(r"pylibsrtp\._|aiortc\.rtc\w+|\._(?:srtp|tx_srtp|rx_srtp|set_role)\b")
    users = {name(path) for path in (HOUSE / "rooms" / "media").rglob("*.py") if private.search(path.read_text())}
    assert users <= {"rooms/media/aiortc_seam.py"}


def test_nobody_sends_django_signals():
    users = [
        name(path)
        for path in sources("platform", "rooms", "chat")
        if any(imported.startswith(("django.dispatch", "django.db.models.signals")) for imported in imports(path))
    ]
    assert users == []


def test_whoever_catches_everything_says_why():
    silent = [
        f"{name(path)}: {line.strip()}"
        for path in sources("platform", "rooms", "chat")
        for line in path.read_text().splitlines()
        if re.search(r"noqa: BLE001(?! -- \w+)", line)
    ]
    assert silent == []


def test_templates_hold_nothing_that_the_content_policy_forbids():
    found = [
        (name(path), what)
        for path in templates()
        for what, pattern in UNSAFE_IN_TEMPLATES.items()
        if pattern.search(path.read_text())
    ]
    assert found == []


def test_apps_are_where_the_house_has_them():
    homes = {
        app: [where for where in (f"platform/{app}", app) if (HOUSE / where / "__init__.py").exists()] for app in APPS
    }
    assert all(len(places) <= 1 for places in homes.values()), homes


def test_templates_translate_what_they_say():
    """A template with words in it loads the translations."""
    silent = [
        name(path)
        for path in templates()
        if re.search(r">\s*[A-Za-z]{3,}[^<{]*<", without_translations(path.read_text()))
    ]
    assert silent == []


def without_translations(text: str) -> str:
    """Only what stays the same in every language: no translated blocks, tags, comments, scripts or code."""
    for gone in (
        r"{% blocktrans.*?{% endblocktrans\w* %}",
        r"{% comment.*?{% endcomment %}",
        r"{#.*?#}",
        r"<(script|style|title)\b.*?</\1>",
        r"{%.*?%}",
        r"{{.*?}}",
    ):
        text = re.sub(gone, "", text, flags=re.DOTALL)
    return text
