"""Addons are found where they lie; one that cannot be used says why and leaves the others alone."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from core.loader import Catalogue, LoaderFault, discover, discovery, load
from core.loader.versions import fits, version_key
from core.settings import Settings
from tests.loader_bed import a_name, forgetting, settings_of, write, write_library


@pytest.fixture
def addons(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "addons"
    folder.mkdir()
    with forgetting(folder):
        yield folder


def found_in(addons: Path) -> Catalogue:
    return discover(settings_of("sqlite:///unused.db", addons.parent))


def fault_of(addons: Path, name: str) -> str:
    found = found_in(addons)[name]
    assert found.fault is not None
    with pytest.raises(LoaderFault) as refusal:
        found_in(addons).order([name])
    assert str(refusal.value) == str(found.fault)
    return str(found.fault)


def test_an_addon_of_a_named_folder_is_found_beside_those_of_the_project(addons: Path) -> None:
    name = write_library(addons)
    catalogue = found_in(addons)
    assert {"core", "contacts", name} <= set(catalogue)
    found = catalogue[name]
    assert (found.package, found.folder, found.version, found.fault) == (name, addons / name, "1.0", None)
    assert catalogue["contacts"].package == "addons.contacts"


def test_only_the_manifest_is_imported(addons: Path) -> None:
    name = a_name("lazy")
    write(addons, name, plugin="raise RuntimeError('imported too early')")
    assert found_in(addons)[name].fault is None


def test_a_folder_without_a_manifest_is_no_addon(addons: Path) -> None:
    (addons / "helpers").mkdir()
    (addons / "helpers" / "__init__.py").write_text('raise RuntimeError("no addon")\n')
    assert "helpers" not in found_in(addons)


def test_an_installed_package_is_found_by_its_entry_point(addons: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = write_library(addons)
    monkeypatch.syspath_prepend(str(addons))
    point = EntryPoint(name, name, "girih.addons")
    monkeypatch.setattr(discovery, "entry_points", lambda group: [point] if group == "girih.addons" else [])
    catalogue = discover(Settings(addons.parent, "sqlite:///unused.db", "a secret for tests"))
    assert (catalogue[name].fault, catalogue[name].folder) == (None, addons / name)


def test_a_broken_manifest_is_told_with_file_and_line(addons: Path) -> None:
    name = a_name("broken")
    write(addons, name, __init__="MANIFEST = None\n\nraise RuntimeError('out of paper')\n")
    file = addons / name / "__init__.py"
    assert fault_of(addons, name) == f"The addon {name} cannot be loaded. {file}:3: RuntimeError: out of paper"


def test_a_manifest_that_cannot_be_read_is_told_with_file_and_line(addons: Path) -> None:
    name = a_name("unreadable")
    write(addons, name, __init__="MANIFEST = Manifest(\n")
    file = addons / name / "__init__.py"
    assert fault_of(addons, name) == f"The addon {name} cannot be loaded. {file}:1: '(' was never closed"


def test_a_manifest_of_another_kind_is_told(addons: Path) -> None:
    name = a_name("odd")
    write(addons, name, __init__="MANIFEST = {}\n")
    assert fault_of(addons, name) == f"The addon {name} has no MANIFEST = Manifest(...)."


def test_an_addon_has_the_name_of_its_folder(addons: Path) -> None:
    name = a_name("folder")
    write(addons, "other", version="1")
    (addons / "other").rename(addons / name)
    assert fault_of(addons, name) == (
        f"The addon in the folder {name} calls itself other; both names must be the same."
    )


def test_an_addon_for_another_kernel_is_told(addons: Path) -> None:
    name = a_name("future")
    manifest = f"Manifest(name={name!r}, title='F', version='1', core='>=9')"
    write(addons, name, __init__=f"from core.manifest import Manifest\nMANIFEST = {manifest}\n")
    assert fault_of(addons, name) == f"{name} needs Girih >=9, and this is 0.1.0."


def test_a_version_that_is_none_is_told(addons: Path) -> None:
    name = a_name("versionless")
    write(addons, name, version="one")
    assert fault_of(addons, name) == (
        f"The manifest of {name} cannot be used: a version is numbers with dots between them, not 'one'."
    )


def test_an_addon_may_not_have_the_name_of_another_package(addons: Path) -> None:
    write(addons, "json")
    told = fault_of(addons, "json")
    assert told.startswith(f"{addons / 'json'} cannot be loaded: json is also the name of /")


def test_two_addons_of_one_name_are_told(addons: Path) -> None:
    write(addons, "contacts")
    told = fault_of(addons, "contacts")
    assert told.startswith("There are two addons called contacts: ")
    assert told.endswith(f" and {addons / 'contacts'}. Remove one of them.")


def test_dependencies_come_first(addons: Path) -> None:
    top, middle, low = a_name("top"), a_name("middle"), a_name("low")
    write(addons, top, depends=(middle, low))
    write(addons, middle, depends=(low,))
    write(addons, low)
    catalogue = found_in(addons)
    assert [found.name for found in catalogue.order([top, "core"])] == ["core", low, middle, top]
    assert catalogue.dependants(low, [top, middle, low, "contacts"]) == tuple(sorted((middle, top)))
    assert catalogue.dependants(top, catalogue) == ()


def test_a_circle_is_told_with_all_its_members(addons: Path) -> None:
    one, two, three = a_name("one"), a_name("two"), a_name("three")
    write(addons, one, depends=(two,))
    write(addons, two, depends=(three,))
    write(addons, three, depends=(two,))
    with pytest.raises(LoaderFault) as fault:
        found_in(addons).order([one])
    assert str(fault.value) == f"These addons need each other in a circle: {two} → {three} → {two}."


def test_a_missing_dependency_is_told(addons: Path) -> None:
    name = a_name("lonely")
    write(addons, name, depends=("nowhere",))
    with pytest.raises(LoaderFault) as fault:
        found_in(addons).order([name])
    assert str(fault.value) == f"{name} needs the addon nowhere, which is not here."


def test_an_unknown_addon_is_told_with_those_there_are(addons: Path) -> None:
    with pytest.raises(LoaderFault, match=r"^There is no addon called nowhere\. There are: contacts, "):
        found_in(addons).order(["nowhere"])


def test_code_that_fails_is_told_and_can_be_repaired_in_the_same_process(addons: Path) -> None:
    name = write_library(addons)
    plugin = addons / name / "plugin.py"
    good = plugin.read_text()
    plugin.write_text("from . import models\n\nmodels.Bok\n")
    with pytest.raises(LoaderFault) as fault:
        load(found_in(addons)[name])
    told = (
        f"The addon {name} cannot be loaded. {plugin}:3: AttributeError: module '{name}.models' has no attribute 'Bok'"
    )
    assert str(fault.value) == told
    plugin.write_text(good + "\n# repaired\n")
    assert load(found_in(addons)[name]).name == name


@pytest.mark.parametrize(
    ("version", "conditions", "answer"),
    [
        ("0.1.0", ">=0.1", True),
        ("0.9", ">=0.10", False),
        ("1.10", ">1.9,<2", True),
        ("2.0", "<2", False),
        ("1.0", "==1", True),
        ("1.0", "!=1.0.0", False),
        ("1.4.5", "~=1.4", True),
        ("2.0", "~=1.4", False),
        ("1.5", "~=1.4.2", False),
        ("1", "", True),
    ],
)
def test_versions_are_compared_as_numbers(version: str, conditions: str, answer: bool) -> None:
    assert fits(version, conditions) is answer


def test_what_is_no_version_or_condition_is_refused() -> None:
    with pytest.raises(ValueError, match=r"numbers with dots between them, not '1.0b2'"):
        version_key("1.0b2")
    with pytest.raises(ValueError, match=r"written like >=0.1, not 'new'"):
        fits("1.0", "new")
