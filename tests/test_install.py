"""How a checkout is brought to the point where Plenary can start."""

from pathlib import Path

import pytest

import install


@pytest.fixture
def house(tmp_path, monkeypatch):
    """An empty checkout."""
    for name, place in {"HOUSE": ".", "STAMPS": "stamps", "LOG": "install.log"}.items():
        monkeypatch.setattr(install, name, tmp_path / place)
    return tmp_path


@pytest.fixture
def baking(house):
    """A step that turns flour into bread, and counts how often."""
    flour, bread = house / "flour", house / "bread"
    flour.write_text("wheat")
    baked: list[str] = []

    def bake() -> None:
        baked.append(flour.read_text())
        bread.write_text("bread")

    return install.Step("bake", "Baking", lambda: [flour], [bread], bake), baked


def test_a_step_is_taken_once(baking):
    step, baked = baking
    step.take()
    step.take()
    assert baked == ["wheat"]


def test_a_step_is_taken_again_for_other_contents(baking, house):
    step, baked = baking
    step.take()
    (house / "flour").write_text("rye")
    step.take()
    assert baked == ["wheat", "rye"]


def test_a_later_date_alone_changes_nothing(baking, house):
    step, baked = baking
    step.take()
    (house / "flour").touch()
    step.take()
    assert baked == ["wheat"]


def test_a_step_is_taken_again_when_its_product_is_gone(baking, house):
    step, baked = baking
    step.take()
    (house / "bread").unlink()
    step.take()
    assert baked == ["wheat", "wheat"]


def test_a_failure_names_itself_and_ends_with_what_the_program_said(house):
    with pytest.raises(install.CannotInstall, match=r"^The oven is cold\. The end of install\.log:\n  no gas$"):
        install.call("sh", "-c", "echo no gas; exit 1", otherwise="The oven is cold.", cwd=house)


def test_an_absent_network_is_told_in_one_line(house):
    said = "error sending request for url\n  cause: dns error: failed to lookup address information"
    assert install.reason(said, "Oh.") == (
        "The first start downloads packages, and the network is away. Connect and try again."
    )


def test_what_was_built_is_no_source(house):
    for name in ("page.ts", "islands/room/main.ts", "node_modules/vite/index.js", "dist/page.js"):
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).touch()
    assert {path.relative_to(house) for path in install.files(house)} == {Path("page.ts"), Path("islands/room/main.ts")}
