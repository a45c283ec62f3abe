import json

import pytest
from django.template import Context, Template
from django.utils import translation

from live import tickets

MANIFEST = {
    "islands/room/main.ts": {
        "file": "built/room-11111111.js", "name": "room", "isEntry": True, "imports": ["_socket.js"],
    },
    "_socket.js": {"file": "built/socket-22222222.js", "css": ["built/socket-33333333.css"]},
}  # fmt: skip


def rendered(text: str) -> str:
    return Template(text).render(Context())


@pytest.fixture
def built(settings, tmp_path):
    settings.FRONTEND = tmp_path
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / "ar-44444444.json").write_text("{}")
    return tmp_path


def test_an_island_brings_its_script_its_imports_and_their_styles(built):
    assert rendered('{% island "room" %}') == (
        '<link rel="stylesheet" href="/static/built/socket-33333333.css">'
        '<link rel="modulepreload" href="/static/built/socket-22222222.js">'
        '<script type="module" src="/static/built/room-11111111.js" data-messages=""></script>'
    )


def test_an_island_knows_where_its_words_are(built):
    with translation.override("ar"):
        assert 'data-messages="/static/locale/ar-44444444.json"' in rendered('{% island "room" %}')


def test_pages_stand_without_a_build(settings, tmp_path):
    settings.FRONTEND = tmp_path
    assert rendered('{% island "room" %}') == ""


def test_icons_are_not_read_aloud_and_turn_with_the_line_of_reading():
    assert rendered('{% icon "star" %}') == '<svg class="icon" aria-hidden="true"><use href="#i-star"/></svg>'
    assert " data-flip>" in rendered('{% icon "arrow" flip=True %}')


def test_every_icon_is_in_the_sprite():
    assert 'id="i-star"' in rendered("{% sprite %}")


@pytest.mark.parametrize(("filled", "taken"), [(0, 0), (1, 1)])
def test_the_hall_is_as_full_as_it_is_said_to_be(filled, taken):
    empty, full = rendered(f"{{% hall {filled} %}}").split('class="on"')
    seats, occupied = empty.count("M") + full.count("M"), full.count("M")
    assert occupied / seats == pytest.approx(taken, abs=0.35)
    assert rendered("{% hall 0.4 %}") == rendered("{% hall 0.4 %}")


@pytest.mark.django_db
def test_a_page_carries_what_its_person_hears_by_and_nothing_for_a_stranger(client, django_user_model):
    assert 'id="mine"' not in client.get("/").content.decode()
    ada = django_user_model.objects.create_user("ada@forum.test", name="Ada")
    client.force_login(ada)
    page = client.get("/").content.decode()
    carried = json.loads(page.split('<script id="mine" type="application/json">')[1].split("</script>")[0])
    assert carried["me"] == ada.pk
    assert tickets.read(carried["ticket"]).person == ada.pk
    assert carried["token"]
