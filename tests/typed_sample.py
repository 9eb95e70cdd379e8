"""What a type checker knows of declarations; the lines marked `wrong` are mistakes that it must find."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, assert_type

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Mapped

from core.toolkit import Extension, Model, User, _, fields, me, today


def open_lines() -> ColumnElement[int]:
    """Count the lines of an order that are not delivered; further down in the file, hence a function."""
    return select(func.count(Line.id)).where(Line.order_id == Order.id).scalar_subquery()


class Order(Model, name="typed.order"):
    """One of most kinds of field."""

    title = fields.char(_("Title"), required=True, size=40, default="New")
    note = fields.text(_("Note"))
    total = fields.money(_("Total"), required=True, default=Decimal(0))
    day = fields.date(_("Day"))
    sent_at = fields.datetime(_("Sent at"), required=True)
    urgent = fields.boolean(_("Urgent"))
    state = fields.selection(_("State"), {"new": _("New"), "done": _("Done")}, required=True)
    user_id = fields.many2one(User, _("User"), required=True)
    user = fields.record(user_id)
    helper_id = fields.many2one(User, _("Helper"))
    helper = fields.record(helper_id)
    above_id = fields.parent(_("Part of"))
    lines: Mapped[list[Line]] = fields.one2many("order_id", _("Lines"))
    watchers = fields.many2many(User, _("Watchers"))
    is_late = fields.computed(_("Late"), and_(urgent, day < today()))
    open = fields.computed(_("Open lines"), open_lines)
    user_mail = fields.related(_("Mail"), user_id, User.email)


class Line(Model, name="typed.line"):
    """A line of an order."""

    order_id = fields.many2one(Order, _("Order"), required=True)
    order = fields.record(order_id)


class OrderMore(Extension, of=Order):
    """What another addon knows of an order."""

    weight = fields.decimal(_("Weight"))


def types_follow_from_the_declaration(order: Order, line: Line, more: OrderMore) -> None:
    """Say what each attribute is."""
    assert_type(order.id, int)
    assert_type(order.title, str)
    assert_type(order.note, str | None)
    assert_type(order.total, Decimal)
    assert_type(order.day, date | None)
    assert_type(order.sent_at, datetime)
    assert_type(order.urgent, bool)
    assert_type(order.user_id, int)
    assert_type(order.user, User)
    assert_type(order.helper_id, int | None)
    assert_type(order.helper, User | None)
    assert_type(order.above_id, int | None)
    assert_type(order.lines, list[Line])
    assert_type(order.watchers, list[User])
    assert_type(order.is_late, bool)
    assert_type(order.open, int)
    assert_type(order.user_mail, str | None)
    assert_type(line.order.title, str)
    assert_type(more.weight, Decimal | None)
    assert_type(select(Order.id, Order.title, Order.day), Select[int, str, date | None])
    order.title = "another"
    order.helper_id = None
    order.watchers.append(order.user)


def conditions_are_checked() -> list[ColumnElement[bool]]:
    """Say what conditions are."""
    return [
        Order.total > Decimal(1),
        Order.user_id == me.id,
        Order.day < today(),
        Order.is_late.is_(True),
        Order.lines.any(Line.id > 3),
        Order.user.has(User.name == "x"),
        OrderMore.weight.is_(None),
    ]


def mistakes_are_found(order: Order, line: Line) -> list[Any]:
    """Make each mistake that a checker must find."""
    order.title = 5  # wrong
    order.title = None  # wrong
    order.user = None  # wrong
    order.user_id = "7"  # wrong
    order.helper = line  # wrong
    order.lines = [order]  # wrong
    order.total = "12"  # wrong
    more: Literal["x"] = order.state  # wrong
    return [
        order.titel,  # wrong
        order.helper.name,  # wrong
        line.ordr,  # wrong
        Order.totl,  # wrong
        select(Line.oder_id),  # wrong
        order.note.upper(),  # wrong
        more,
    ]


class Mistaken(Model, name="typed.mistaken"):
    """Declarations that cannot be."""

    one = fields.char("a text that is not marked", required=True)  # wrong
    two = fields.integer(_("Two"), default="2")  # wrong
    three = fields.many2one("core.user", _("Three"))  # wrong
    four = fields.char(_("Four"), length=3)  # wrong
    five = fields.selection(_("Five"), {"a": "not marked"})  # wrong
    six = fields.integer(_("Six"))
    seven = fields.record(six)  # wrong
