from contextlib import suppress
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from people.models import Group, Person, Roster, Theme
from people.roster import plan, table

TABLE = """email,name,job_title,country,stakeholder,languages,groups,interests
Thabo@Joburg.example,Thabo Mokoena,Mayor,South Africa,government,en|isiZulu,Mayors,C7|SDG 6|smart water
"""


@pytest.fixture
def mayors(db) -> Group:
    return Group.objects.create(name="Mayors", slug="mayors")


def rows(*lines: str, header="email,name") -> str:
    return "\n".join([header, *lines]) + "\n"


def problems(text: str) -> list[tuple[int, str]]:
    return [tuple(problem) for problem in plan.report_on(text).problems]


def only_problem(text: str) -> tuple[int, str]:
    [problem] = problems(text)
    return problem


def test_everything_a_table_can_say(mayors):
    report = plan.take_in(TABLE.replace("isiZulu", "French").replace("French", "fr"))
    assert not report.problems
    thabo = Person.objects.get(email="thabo@joburg.example")
    assert (thabo.name, thabo.country, thabo.stakeholder) == ("Thabo Mokoena", "ZA", "government")
    assert [language.code for language in thabo.languages.all()] == ["en", "fr"]
    assert list(thabo.groups_in.all()) == [mayors]
    assert {theme.told for theme in thabo.interests.all()} == {"C7", "SDG6", "smart water"}
    assert not thabo.has_usable_password()


def test_a_known_person_is_changed_and_an_empty_cell_leaves_what_is_there(ada, mayors):
    ada.groups_in.add(mayors)
    report = plan.take_in("email,job_title,organisation,groups\nADA@dakar.example,Chief engineer,,\n")
    assert [entry.changes for entry in report.changed] == [["job_title"]]
    ada.refresh_from_db()
    assert (ada.job_title, ada.organisation, list(ada.groups_in.all())) == ("Chief engineer", "City of Dakar", [mayors])


def test_the_same_table_twice_changes_nothing(mayors):
    once = TABLE.replace("|isiZulu", "")
    assert len(plan.take_in(once).new) == 1
    again = plan.take_in(once)
    assert (again.new, again.changed, again.same) == ([], [], 1)
    assert Theme.objects.filter(kind="tag").count() == 1


def test_one_bad_line_and_nothing_is_written(ada):
    report = plan.take_in(rows("new@x.example,New", "bad,Bad", "ada@dakar.example,Adama"))
    assert [problem.line for problem in report.problems] == [3]
    assert not Person.objects.filter(email="new@x.example").exists()
    ada.refresh_from_db()
    assert ada.name == "Ada Ndiaye"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("header,x@y.example,", "Somebody new needs a name"),
        ("header,,Nobody", "There is no e-mail"),
        ("header,not an address,X", "email: Enter a valid email address"),
        ("header,x@y.example," + "x" * 121, "at most 120 characters"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(db, cells, said):
    line, reason = only_problem(rows(cells.removeprefix("header,")))
    assert line == 2
    assert said in reason


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("country", "Atlantis"),
        ("stakeholder", "wizard"),
        ("languages", "en|xx"),
        ("groups", "Mayers"),
        ("zone", "Mars/Base"),
        ("language", "tlh"),
        ("roles", "king"),
    ],
)
def test_what_is_not_known_is_said(mayors, column, cell):
    line, reason = only_problem(rows(f"x@y.example,X,{cell}", header=f"email,name,{column}"))
    assert line == 2
    assert reason.startswith(f"{column}: ")


def test_the_same_person_twice_is_said(db):
    line, reason = only_problem(rows("x@y.example,X", "X@Y.example,X"))
    assert (line, "line 2" in reason) == (3, True)


def test_lines_are_counted_as_an_editor_counts_them(db):
    text = 'email,name,bio\nx@y.example,X,"two\nlines"\n\nbad,Y,\n'
    assert only_problem(text)[0] == 5


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "no column “email”"),
        ("name\nX\n", 1, "no column “email”"),
        ("email,nam\n", 1, "no column “nam”"),
        ("email,E-Mail\n", 1, "twice"),
        ("email,name\nx@y.example,X,more\n", 2, "more cells"),
        ('email,name\nx@y.example,"X"Y\n', 2, "quotation marks"),
        ('email,name\nx@y.example,"X\n', 2, "quotation marks"),
    ],
)
def test_a_table_that_cannot_be_read_is_one_problem(db, text, line, said):
    where, reason = only_problem(text)
    assert where == line
    assert said in reason


@pytest.mark.parametrize("divider", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_tables_as_spreadsheets_save_them(db, divider, mark, end):
    text = mark + end.join([divider.join(["E-mail", "Name"]), divider.join(["x@y.example", "Œuvre"])])
    report = plan.of_file(text.encode(), plan.report_on)
    assert (len(report.new), report.problems) == (1, [])


def test_what_is_not_utf8_is_refused_with_its_line(db):
    report = plan.of_file("email,name\nx@y.example,Œ\ny@y.example,é".encode("cp1252"), plan.report_on)
    assert report.problems[0].line == 2
    assert "UTF-8" in report.problems[0].reason


def test_too_large_a_file_and_too_many_lines_are_refused(db, monkeypatch):
    report = plan.of_file(b"x" * (table.BYTES + 1), plan.report_on)
    assert "larger than 5 MB" in report.problems[0].reason
    monkeypatch.setattr(table, "LINES", 1)
    assert "more than 1 people" in only_problem(rows("x@y.example,X", "z@y.example,X"))[1]


@given(st.text(max_size=300))
def test_no_text_is_too_strange_to_be_read(text):
    with suppress(table.Unreadable):
        for line in table.lines("email,name\n" + text, {"email", "name"}):
            assert set(line.cells) <= {"email", "name"}


def test_thousands_come_in_at_once(db, django_assert_max_num_queries):
    text = rows(*(f"{n}@y.example,P{n},en" for n in range(3000)), header="email,name,languages")
    with django_assert_max_num_queries(160):  # a row of a person is wide, and SQLite takes 999 values at a time
        plan.take_in(text)
    assert Person.objects.filter(languages="en").count() == 3000


def command(tmp_path, text: str, *options: str) -> tuple[str, str, bool]:
    file = tmp_path / "people.csv"
    file.write_text(text)
    out, err = StringIO(), StringIO()
    try:
        call_command("import_people", str(file), *options, stdout=out, stderr=err)
    except CommandError:
        return out.getvalue(), err.getvalue(), False
    return out.getvalue(), err.getvalue(), True


def test_the_command_imports(db, tmp_path):
    out, _err, done = command(tmp_path, rows("x@y.example,X"))
    assert done
    assert "2: x@y.example: new" in out
    assert Person.objects.get().name == "X"


def test_the_commands_dry_run_writes_nothing(db, tmp_path):
    out, _err, done = command(tmp_path, rows("x@y.example,X"), "--dry-run")
    assert done
    assert "1 new" in out
    assert not Person.objects.exists()


def test_the_command_says_each_line_and_fails(db, tmp_path):
    _out, err, done = command(tmp_path, rows("x@y.example,X", "bad,Y"))
    assert not done
    assert err.startswith("3: ")
    assert not Person.objects.exists()


def test_a_missing_file_is_said(db, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_people", str(tmp_path / "nothing.csv"))


def upload(client, text: str):
    file = SimpleUploadedFile("people.csv", text.encode(), "text/csv")
    return client.post("/admin/people/person/import/", {"table": file})


def test_an_organiser_uploads_looks_and_confirms(client, organiser):
    client.force_login(organiser)
    report = upload(client, rows("x@y.example,X"))
    page = client.get(report.url).content.decode()
    assert "x@y.example" in page
    assert "Nothing is written yet" in page
    assert not Person.objects.filter(email="x@y.example").exists()
    client.post(report.url)
    assert Person.objects.filter(email="x@y.example").exists()
    assert not Roster.objects.exists()


def test_a_bad_table_is_reported_and_not_kept(client, organiser):
    client.force_login(organiser)
    page = upload(client, rows("bad,X")).content.decode()
    assert "Nothing was imported: 1 place" in page
    assert not Roster.objects.exists()


def test_what_became_wrong_since_the_report_is_not_imported(client, organiser, mayors):
    client.force_login(organiser)
    report = upload(client, rows("x@y.example,X,Mayors", header="email,name,groups"))
    mayors.delete()
    assert "Mayors" in client.post(report.url).content.decode()
    assert not Person.objects.filter(email="x@y.example").exists()


def test_nobody_else_imports(client, ada, organiser):
    client.force_login(organiser)
    report = upload(client, rows("x@y.example,X")).url
    client.force_login(ada)
    assert upload(client, rows("x@y.example,X")).status_code == 302
    assert client.post(report).status_code == 302
    other = Person.objects.create_user("other@forum.example", name="Other", is_staff=True)
    client.force_login(other)
    assert client.post(report).status_code == 404
    assert not Person.objects.filter(email="x@y.example").exists()
