"""Who may do what with the shelf."""

from core.toolkit import Rights, Role, Rule, _, own, own_or_unassigned

from .models import Book, Label, Loan, Member

USER = Role("shelf.user", _("Shelf: own documents"))
MANAGER = Role("shelf.manager", _("Shelf: all documents"), "all")

RIGHTS = [
    Rights(Label, {USER: "crud", MANAGER: "crud"}),
    Rights(Member, {USER: "cru", MANAGER: "crud"}),
    Rights(Book, {USER: "cru", MANAGER: "crud"}),
    Rights(Loan, {USER: "cru", MANAGER: "crud"}),
]
RULES = [
    Rule(Member, [USER], own_or_unassigned(Member.owner_id), label=_("Own members and those of nobody.")),
    Rule(Loan, [USER], own(Loan.created_by_id), label=_("Loans one has written oneself.")),
]
