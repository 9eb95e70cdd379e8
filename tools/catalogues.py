"""The message catalogues of the kernel and of every addon: extract, update, compile, check."""

from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages.catalog import Message

from core.i18n.workshop import (
    Place,
    check,
    compile_catalogue,
    disagreements,
    extract,
    kernel_place,
    places,
    read_catalogue,
    update,
)

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = click.option("--language", "languages", multiple=True, help="Only this language; may be repeated.")
ONLY = click.option("--only", multiple=True, help="Only this place: kernel or an addon's name; may be repeated.")


def languages_of(root: Path) -> tuple[str, ...]:
    """Persian, and every other language the kernel has a catalogue of."""
    found = {file.parents[1].name for file in root.glob("i18n/*/LC_MESSAGES/*.po")}
    return tuple(sorted(found | {"fa"}))


def work(root: Path, only: tuple[str, ...], languages: tuple[str, ...]) -> Iterator[tuple[Place, str, list[Message]]]:
    """Every place and language to work on, with what the kernel already says."""
    kernel_says = [message for message in extract(kernel_place(root)) if message.id]
    for place in places(root):
        if not only or place.name in only:
            for language in languages or languages_of(root):
                yield place, language, [] if place.name == "kernel" else kernel_says


def faults(root: Path, only: tuple[str, ...] = (), languages: tuple[str, ...] = ()) -> list[str]:
    """Everything wrong with the catalogues of a checkout."""
    found = [fault for place, language, known in work(root, only, languages) for fault in check(place, language, known)]
    for language in languages or languages_of(root):
        found += disagreements(places(root), language)
    return found


@click.group(help=__doc__)
def main() -> None:
    """Collect the commands."""


@main.command("extract")
@ONLY
def extract_command(only: tuple[str, ...]) -> None:
    """List every text with the files that say it."""
    for place, _language, known in work(ROOT, only, ("fa",)):
        for message in extract(place, known):
            if message.id:
                files = ", ".join(sorted({file for file, _line in message.locations}))
                click.echo(f"{place.name}: {message.id!r} ({files})")


@main.command("update")
@LANGUAGE
@ONLY
def update_command(languages: tuple[str, ...], only: tuple[str, ...]) -> None:
    """Bring the catalogues up to the texts in the code; translations are kept."""
    memory = {
        language: [read_catalogue(place.file(language), language) for place in places(ROOT)]
        for language in languages or languages_of(ROOT)
    }
    for place, language, known in work(ROOT, only, languages):
        if update(place, language, memory[language], known):
            click.echo(f"{place.name}/{language}: brought up to date")


@main.command("compile")
@LANGUAGE
@ONLY
def compile_command(languages: tuple[str, ...], only: tuple[str, ...]) -> None:
    """Compile the catalogues to the form that is read fastest."""
    for place, language, _known in work(ROOT, only, languages):
        compile_catalogue(place, language)


@main.command("check")
@LANGUAGE
@ONLY
def check_command(languages: tuple[str, ...], only: tuple[str, ...]) -> None:
    """Fail when a text is not translated, or translated with other placeholders, or a translation is left over."""
    found = faults(ROOT, only, languages)
    for fault in found:
        click.echo(fault)
    if found:
        raise click.ClickException(f"{len(found)} faults in the catalogues; `python -m tools.catalogues update` helps.")


if __name__ == "__main__":
    main()
