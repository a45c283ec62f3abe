import io
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from people import photos
from people.models import Language, Person, Theme


def picture(kind="JPEG", size=(900, 600), colour="teal", exif=None, mode="RGB") -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, colour).save(written, kind, **({"exif": exif} if exif else {}))
    return written.getvalue()


def upload(content: bytes, name="me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def profile(**given) -> dict:
    return {"name": "Ada Ndiaye", "shown_to": "everybody"} | given


@pytest.fixture
def signed_in(client, ada):
    client.force_login(ada)
    return client


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def kept(media) -> list:
    return list(media.glob("photos/*"))


def test_everything_in_the_profile_is_kept(signed_in, ada):
    lines = Theme.objects.filter(kind="action_line", code="C7")
    goals = Theme.objects.filter(kind="goal", code__in=["SDG6", "SDG11"])
    answer = signed_in.post(
        "/me/",
        profile(
            name="أدا نداي",
            honorific="Dr",
            job_title="Engineer",
            organisation="Dakar",
            country="SN",
            stakeholder="academia",
            bio="I count water.",
            languages=["fr", "wo"],
            action_lines=[t.pk for t in lines],
            goals=[t.pk for t in goals],
            tags="smart water, Open data، smart  water",
            pronouns="she",
            gender="woman",
            shown_to="nobody",
            zone="Africa/Dakar",
            language="ar",
        ),
    )
    assert answer.status_code == 302, answer.context["form"].errors
    ada.refresh_from_db()
    assert (ada.name, ada.country, ada.stakeholder, ada.zone, ada.language) == (
        "أدا نداي",
        "SN",
        "academia",
        "Africa/Dakar",
        "ar",
    )
    assert (ada.pronouns, ada.gender, ada.shown_to) == ("she", "woman", "nobody")
    assert set(ada.languages.values_list("code", flat=True)) == {"fr", "wo"}
    assert {theme.told for theme in ada.interests.all()} == {"C7", "SDG6", "SDG11", "smart  water", "Open data"}


def test_the_form_shows_what_is_there(signed_in, ada):
    ada.interests.add(Theme.objects.get(code="C7"), Theme.objects.tag("smart water"))
    ada.languages.add(Language.objects.get(code="wo"))
    form = signed_in.get("/me/").context["form"]
    assert [theme.code for theme in form["action_lines"].initial] == ["C7"]
    assert 'value="smart water"' in str(form["tags"])
    assert str(form["languages"]).count("checked") == 1


def test_a_tag_is_one_however_it_is_written(ada, grace):
    assert Theme.objects.tag("Smart Water") == Theme.objects.tag("smart  water")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"bio": "x" * 2001}, "bio"),
        ({"country": "XX"}, "country"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"language": "tlh"}, "language"),
        ({"shown_to": "friends"}, "shown_to"),
        ({"languages": ["xx"]}, "languages"),
        ({"goals": ["0"]}, "goals"),
        ({"tags": ",".join(f"tag{n}" for n in range(13))}, "tags"),
        ({"tags": "x" * 41}, "tags"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(signed_in, ada, given, field):
    page = signed_in.post("/me/", profile(job_title="Changed") | given)
    assert list(page.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in page.content.decode()
    ada.refresh_from_db()
    assert ada.job_title == "City engineer"


def test_nobody_gives_themselves_rights(signed_in, ada):
    signed_in.post("/me/", profile(is_staff="1", is_superuser="1", email="x@y.example", groups_in="1"))
    ada.refresh_from_db()
    assert (ada.is_staff, ada.is_superuser, ada.email) == (False, False, "ada@dakar.example")


def test_a_language_chosen_in_the_profile_counts_from_the_next_page(signed_in, ada):
    signed_in.post("/language", {"language": "en"})
    signed_in.post("/me/", profile(language="ar"))
    assert 'dir="rtl"' in signed_in.get("/me/").content.decode()


def test_countries_and_cities_are_named_in_the_readers_language(client, layla):
    client.force_login(layla)
    page = client.get("/me/").content.decode()
    assert "السنغال" in page
    assert "داكار" in page


def test_signing_in_comes_first(client):
    assert client.get("/me/").url == "/sign-in/?next=/me/"


def test_tags_and_names_never_become_markup(signed_in, ada):
    signed_in.post("/me/", profile(name="<script>x</script>", tags="<b>x"))
    page = signed_in.get("/me/").content.decode()
    assert "<script>x" not in page
    assert "<b>x" not in page


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_small_square(signed_in, ada, media, kind):
    signed_in.post("/me/", profile(photo=upload(picture(kind))))
    [file] = kept(media)
    with Image.open(file) as made:
        assert (made.format, made.size, made.mode) == ("JPEG", (photos.SIDE, photos.SIDE), "RGB")


def test_a_photo_carries_no_word_of_where_it_was_taken(signed_in, ada, media):
    exif = Image.Exif()
    exif[0x010F] = "camera"
    exif[0x8825] = {1: "N", 2: (14.0, 41.0, 0.0)}
    content = picture(exif=exif)
    assert b"camera" in content
    signed_in.post("/me/", profile(photo=upload(content)))
    [file] = kept(media)
    assert b"camera" not in file.read_bytes()
    with Image.open(file) as made:
        assert not made.getexif()


def test_a_photo_stands_upright(media):
    exif = Image.Exif()
    exif[0x0112] = 6
    flag = Image.new("RGB", (800, 400), "white")
    flag.paste("black", (0, 0, 400, 400))
    written = io.BytesIO()
    flag.save(written, "JPEG", exif=exif)
    with Image.open(photos.portrait(upload(written.getvalue()))) as made:
        assert made.getpixel((256, 10))[0] < 40 < 200 < made.getpixel((256, 500))[0]


def test_see_through_becomes_white(media):
    with Image.open(photos.portrait(upload(picture("PNG", colour=(0, 0, 0, 0), mode="RGBA")))) as made:
        assert made.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not a picture we can read"),
        (b"GIF89a" + b"\0" * 40, "not a picture we can read"),
        (picture()[:800], "damaged"),
        (b"x" * (photos.BYTES + 1), "larger than 5 MB"),
    ],
)
def test_what_is_no_photo_is_refused(signed_in, ada, media, content, said):
    page = signed_in.post("/me/", profile(photo=upload(content)))
    assert said in str(page.context["form"].errors["photo"])
    assert not kept(media)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(signed_in, ada, media, monkeypatch):
    monkeypatch.setattr(photos, "PIXELS", 900 * 600 - 1)
    page = signed_in.post("/me/", profile(photo=upload(picture())))
    assert "too many pixels" in str(page.context["form"].errors["photo"])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_broken_pictures_are_taken_or_refused_with_a_sentence(data):
    content = bytearray(BROKEN)
    for _time in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(photos.ValidationError):
        photos.portrait(upload(bytes(content)))


_exif = Image.Exif()
_exif[0x0112] = 6
BROKEN = picture(size=(60, 40), exif=_exif)


def test_a_new_photo_takes_the_old_ones_place(signed_in, ada, media, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        signed_in.post("/me/", profile(photo=upload(picture())))
        [first] = kept(media)
        signed_in.post("/me/", profile(photo=upload(picture(colour="red"))))
    [second] = kept(media)
    assert first != second


def test_saving_without_a_photo_keeps_it_and_a_tick_takes_it_away(
    signed_in, ada, media, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        signed_in.post("/me/", profile(photo=upload(picture())))
        signed_in.post("/me/", profile(job_title="Other"))
        assert len(kept(media)) == 1
        signed_in.post("/me/", profile(**{"photo-clear": "on"}))
    assert not kept(media)
    ada.refresh_from_db()
    assert not ada.photo


def test_a_photo_is_served_as_nothing_but_a_picture(signed_in, client, ada, media):
    signed_in.post("/me/", profile(photo=upload(picture(), name="../../evil.html")))
    ada.refresh_from_db()
    answer = client.get(ada.photo.url)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["0" * 32 + ".jpg", "../plenary.sqlite3", "..%2fplenary.sqlite3", "x.jpg"])
def test_nothing_else_is_served(client, db, media, path):
    assert client.get(f"/media/photos/{path}").status_code == 404


def test_who_sees_whom(ada, grace, organiser):
    from django.contrib.auth.models import AnonymousUser

    def seen(viewer):
        return set(Person.objects.visible_to(viewer)) & {ada, grace}

    assert seen(ada) == {ada, grace}
    Person.objects.filter(pk=grace.pk).update(shown_to="connections")
    assert seen(ada) == {ada}
    Person.objects.filter(pk=grace.pk).update(shown_to="nobody")
    assert (seen(ada), seen(grace), seen(organiser)) == ({ada}, {ada, grace}, {ada, grace})
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    assert seen(grace) == {grace}
    assert seen(AnonymousUser()) == seen(None) == set()


def test_initials_are_the_first_and_the_last(ada):
    assert [
        Person(name=name).initials for name in ("Ada Ndiaye", "د. ليلى حدّاد", "森 愛子", "Madonna", "J. R. R. Tolkien")
    ] == [
        "AN",
        "دح",
        "森愛",
        "M",
        "JT",
    ]


@given(st.text(max_size=120))
def test_every_name_has_initials(name):
    assert len(Person(name=name).initials) <= 6
