"""The shelf's table of contents."""

from core.toolkit import hookimpl

from . import access, models

heard: list[tuple[str, str]] = []


@hookimpl
def register_models():
    return [models.Label, models.Member, models.Book, models.Loan, models.Card]


@hookimpl
def register_access():
    return access.RIGHTS, access.RULES


@hookimpl
def before_save(ctx, change):
    if change.model is models.Book and change.changes(models.Book.title):
        for place in range(len(change.rows)):
            change.set(models.Book.title, change.value(models.Book.title, place).strip(" ."), place)


@hookimpl
def after_save_committed(ctx, changes):
    heard.extend((change.model.__model__, change.operation) for change in changes)
