"""Two people saved one record: what each wants, field by field, and the choice between them."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.context import Context
from core.db.guard import belongs_to
from core.errors import Clash
from core.i18n import Text, _, ngettext
from core.models import Change, ChangeSet, User
from core.operations.history import changed_since
from core.queries import titles
from core.views.history import Reader
from core.web.answers import here

from .forms import RecordForm
from .saving import sent_version


def clash_dialog(form: RecordForm, clash: Clash) -> Response:
    """Answer with the dialog in which the person chooses; everything typed goes along."""
    ctx, page = form.ctx, form.page
    model = page.info.cls
    since = changed_since(ctx, model, clash.record_id, sent_version(form) or 0)
    names = {one.name for one in clash.conflicts}
    mine = {name for name in form.values() if name not in since}
    theirs = [name for name in since if name not in names]
    who, when = _last(ctx, model, clash.record_id)
    shown = {
        "action": here(),
        "version": clash.version,
        "rows": _rows(form, clash),
        "who": who,
        "title": _title(who, page.info.label),
        "text": _text(when, len(clash.conflicts)),
        "joined": _joined(form, sorted(mine), theirs),
        "hidden": form.pairs(names | mine),
        "back": request.full_path,
    }
    return make_response(render_template("clash.html", **shown), 409)


def _rows(form: RecordForm, clash: Clash) -> list[dict[str, Any]]:
    ctx, model = form.ctx, form.page.info.cls
    read = Reader(ctx, model)
    read.look_up({one.name: value} for one in clash.conflicts for value in (one.before, one.theirs, one.mine))
    fields = ctx.registry.fields(model)
    return [
        {
            "name": one.name,
            "label": fields[one.name].label,
            "was": read.text(fields[one.name], one.before),
            "mine": read.text(fields[one.name], one.mine),
            "theirs": read.text(fields[one.name], one.theirs),
        }
        for one in clash.conflicts
    ]


def _last(ctx: Context, model: Any, record_id: int) -> tuple[str, str]:
    """Return who saved last, and when."""
    query = (
        select(ChangeSet.user_id, ChangeSet.at)
        .select_from(Change)
        .join(model, belongs_to(Change, model))
        .join(ChangeSet, ChangeSet.id == Change.set_id)
        .where(model.id == record_id)
        .order_by(Change.id.desc())
        .limit(1)
    )
    row = ctx.session.execute(query).first()
    if row is None:
        return "", ""
    name = titles(ctx, User, [row.user_id]).get(row.user_id, "") if row.user_id else ""
    return name, f"{ctx.locale.relative_day(ctx.locale.day_of(row.at), ctx.today)} {ctx.locale.time(row.at)}"


def _title(who: str, label: Text) -> Text:
    if who:
        return _("%(who)s saved this record while you were editing: %(what)s", who=who, what=label)
    return _("Somebody saved this record while you were editing: %(what)s", what=label)


def _text(when: str, number: int) -> Text:
    return ngettext(
        "%(when)s. One field differs: choose which value stays. Nothing is saved yet.",
        "%(when)s. %(n)s fields differ: choose which values stay. Nothing is saved yet.",
        number,
        when=when,
    )


def _joined(form: RecordForm, mine: list[str], theirs: list[str]) -> Text | None:
    fields = form.ctx.registry.fields(form.page.info.cls)
    comma = "، " if form.ctx.locale.direction == "rtl" else ", "
    names = [str(fields[name].label) for name in (*theirs, *mine) if name in fields]
    if not names:
        return None
    return _("Fields that only one of you changed are joined: %(names)s.", names=comma.join(names))
