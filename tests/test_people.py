"""Users: log-in names in one spelling, passwords given by administrators."""

from __future__ import annotations

import pytest

from core.errors import Invalid, NotAllowed, Refused
from core.features.people import give_password
from core.models import Role, User
from core.operations import call_verb, commit, create, delete, rollback, update
from core.passwords import verify_password
from tests.shelf_house import make_house


@pytest.fixture
def house(database_url):
    made = make_house(database_url)
    yield made
    made.engine.dispose()


def test_look_alikes_are_one_account(house):
    with house.as_("admin") as ctx:
        create(ctx, User, {"name": "Nika", "email": "Nika@Shelf.Example "})
        for other in ("nika@shelf.example", "ｎｉｋａ@shelf.example"):
            with pytest.raises(Invalid):
                create(ctx, User, {"name": "Somebody", "email": other})
            rollback(ctx)
            create(ctx, User, {"name": "Nika", "email": "NIKA@shelf.example"})


def test_an_administrator_gives_a_password_and_nobody_else(house):
    first = house.people["first"].id
    with house.as_("admin") as ctx:
        with pytest.raises(Refused, match="at least 8"):
            call_verb(ctx, give_password, [first], password="short")
        call_verb(ctx, give_password, [first], password="correct horse battery")
        commit(ctx)
    with house.as_("system") as ctx:
        user = ctx.session.get(User, first)
        assert verify_password(user.password_hash, "correct horse battery")
        assert user.session_key
    with house.as_("manager") as ctx, pytest.raises(NotAllowed):
        call_verb(ctx, give_password, [first], password="another long one")


def test_somebody_stays_administrator(house):
    with house.as_("system") as ctx:
        role = create(ctx, Role, {"code": "core.admin", "name": "Administrator"})
        admin = house.people["admin"].id
        update(ctx, User, admin, {User.roles: [role]})
        commit(ctx)
        for values in ({User.active: False}, {User.roles: []}):
            with pytest.raises(Refused, match="Somebody must be administrator"):
                update(ctx, User, admin, values)
            rollback(ctx)
        with pytest.raises(Refused, match="Somebody must be administrator"):
            delete(ctx, User, admin)
        rollback(ctx)
        update(ctx, User, house.people["first"].id, {User.roles: [role]})
        assert update(ctx, User, admin, {User.active: False}) is True
