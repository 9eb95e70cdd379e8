"""The beginning of an addon: files that can be installed at once and say where to go on."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from string import Template

from core.i18n import _
from core.loader import LoaderFault
from core.manifest import NAME

ENDING = ".txt"


def write_skeleton(name: str, folder: Path | None, title: str | None, persian: str | None = None) -> Path:
    """Write the files of a new addon into `folder` (`addons/` if it is there) and return where they are."""
    if not NAME.fullmatch(name):
        raise LoaderFault(_("“%(name)s” cannot be a name: use small letters, digits and underscores.", name=name))
    where = folder or (Path("addons") if Path("addons").is_dir() else Path())
    target = where / name
    if target.exists():
        raise LoaderFault(_("%(folder)s is there already; choose another name.", folder=str(target)))
    called = title or name.replace("_", " ").capitalize()
    words = {"name": name, "title": _quoted(called), "persian": _quoted(persian or called)}
    source = Path(str(files("core.cli") / "templates" / "addon"))
    for template in sorted(source.rglob(f"*{ENDING}")):
        file = target / str(template.relative_to(source)).removesuffix(ENDING)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template(template.read_text(encoding="utf-8")).substitute(words), encoding="utf-8")
    return target


def _quoted(text: str) -> str:
    """A text as it stands between quotation marks, in Python and in a catalogue alike."""
    return " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
