"""`girih demo`: a database filled with the records of a business that never was, or rid of them again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from core.demo import Plan
from core.i18n import LANGUAGES, ngettext
from core.loader import make_demo, remove_demo

from .bars import progress_bar
from .base import Girih, database_option, json_option, pass_girih, say, say_json


@click.command("demo")
@click.option("--seed", type=int, default=7, show_default=True, help="Another number makes other records.")
@click.option("--leads", type=click.IntRange(1, 100_000), default=500, show_default=True, help="How many there are.")
@click.option("--lang", type=click.Choice(list(LANGUAGES)), help="Of names and texts; GIRIH_LANG if not said.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day that dates are counted from; today if none.")
@click.option("--remove", is_flag=True, help="Remove the demonstration data, as if it had never been there.")
@database_option
@json_option
@pass_girih
def demo(girih: Girih, /, seed: int, leads: int, lang: str | None, today: datetime | None, **how: Any) -> None:
    """Fill a database with demonstration data: companies, people, a pipeline with its history.

    The same seed makes the same records each time.

    \b
    Examples:
      girih demo --leads 2000 --lang fa
      girih demo --remove
    """
    database = girih.database(how["database"])
    with progress_bar(quiet=how["as_json"]):
        if how["remove"]:
            gone, kept = remove_demo(database)
        else:
            language = lang or girih.settings.language.partition("-")[0].partition("_")[0]
            plan = Plan(today.date() if today else datetime.now(UTC).date(), seed, leads, language)
            made = make_demo(database, plan)
    if how["as_json"]:
        say_json({"removed": gone, "kept": kept} if how["remove"] else {"made": made})
    elif how["remove"]:
        _tell_removed(gone, kept)
    else:
        say(ngettext("%(n)s record made.", "%(n)s records made.", made))


def _tell_removed(gone: int, kept: int) -> None:
    say(ngettext("%(n)s record removed.", "%(n)s records removed.", gone))
    if kept:
        text = ngettext(
            "%(n)s record stays, because records of your own point to it.",
            "%(n)s records stay, because records of your own point to them.",
            kept,
        )
        say(text)
