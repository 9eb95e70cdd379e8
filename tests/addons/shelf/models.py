"""Tables of the shelf."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Mapped

from core.toolkit import Check, Extension, HasActivities, HasArchive, HasChatter, Model, User, _, fields, today


class Label(Model, name="shelf.label"):
    """A coloured word."""

    name = fields.char(_("Name"), required=True)
    color = fields.color(_("Colour"))


class Member(HasArchive, Model, name="shelf.member"):
    """Who borrows."""

    name = fields.char(_("Name"), required=True, search=True)
    city = fields.char(_("City"))
    sponsor_id = fields.parent(_("Sponsor"))
    owner_id = fields.many2one(User, _("Owner"), default=fields.ME)


def lent_out() -> ColumnElement[int]:
    """Count the copies that are out."""
    out = sa.select(sa.func.count(Loan.id)).where(Loan.book_id == Book.id, Loan.returned_on.is_(None))
    return out.correlate(Book).scalar_subquery()


class Book(HasChatter, Model, name="shelf.book"):
    """One title."""

    title = fields.char(_("Title"), required=True, tracked=True, search=True)
    isbn = fields.char(_("ISBN"), unique=True, size=13)
    shelf = fields.selection(_("Bookcase"), {"fiction": _("Fiction"), "science": _("Science")})
    copies = fields.integer(_("Copies"), required=True, default=1, minimum=0)
    price = fields.money(_("Price"))
    labels = fields.tags(Label, _("Labels"))
    loans: Mapped[list[Loan]] = fields.one2many("book_id", _("Loans"))
    out = fields.computed(_("Lent out"), lent_out, kind="integer")


class Loan(HasActivities, HasChatter, Model, name="shelf.loan"):
    """One copy with one member."""

    __checks__ = (Check("due_on >= lent_on", _("A loan cannot be due before it begins."), name="due_after_lent"),)

    book_id = fields.many2one(Book, _("Book"), required=True, tracked=True)
    book = fields.record(book_id)
    member_id = fields.many2one(Member, _("Member"), required=True, tracked=True)
    member = fields.record(member_id)
    lent_on = fields.date(_("Lent on"), required=True, default=date.today)
    due_on = fields.date(_("Due on"), required=True, tracked=True)
    returned_on = fields.date(_("Returned on"), tracked=True)
    handed_at = fields.datetime(_("Handed over at"))
    is_late = fields.computed(_("Late"), sa.and_(returned_on.is_(None), due_on < today()), kind="boolean")
    city = fields.related(_("City"), member_id, Member.city)


class Card(Extension, of=Member):
    """What the shelf's reading club knows of a member."""

    number = fields.char(_("Card"), unique=True, search=True)
    blocked = fields.boolean(_("May not borrow"), tracked=True)
