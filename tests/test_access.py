"""Who may do what: denied unless given, roles added up, rules of a role all holding, and the explainer telling why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from core.access import explain, may, require, system_context
from core.context import NOBODY, Person
from core.db.guard import GuardError
from core.db.live import among_rows, me, today
from core.declarations import PORTAL, PUBLIC, Rights, Role, Rule, own, own_or_unassigned
from core.errors import NotAllowed
from core.i18n import Text
from core.models import File, User
from core.registry import Registry
from tests.guard_bed import business
from tests.kernel_models import (
    ADMINISTRATOR,
    ANNE,
    BEHROUZ,
    DEALS,
    REGISTRY,
    Deal,
    DealScore,
    Elsewhere,
    Follow,
    Note,
    Partner,
    Secret,
    Stage,
    acting,
    registry_with,
)

engine = business
ONE, TWO, THREE = (Role(f"tests.{name}", Text(name)) for name in ("one", "two", "three"))


def person(*roles: Role, id: int = 1) -> Person:
    return Person(id, "somebody", frozenset(role.code for role in roles))


def titles(engine: sa.Engine, registry: Registry, who: Person) -> set[str]:
    with acting(engine, who, registry) as ctx:
        return set(ctx.session.scalars(select(Deal.title)))


def deals_of(user: int) -> set[str]:
    return {title for title, (owner, _partner, _tagged) in DEALS.items() if owner == user}


MINE = Rule(Deal, [ONE], own(Deal.user_id))
OF_P2 = Rule(Deal, [ONE], lambda model: model.partner_id == 2)
TAGGED = Rule(Deal, [TWO], lambda model: model.due_on < today())
READ = [Rights(Deal, {ONE: "r", TWO: "r"})]


def test_what_is_not_said_is_denied(engine: sa.Engine) -> None:
    nobody = person(THREE)
    assert titles(engine, registry_with(READ, [MINE]), nobody) == set()
    with acting(engine, nobody) as ctx:
        assert not any(may(ctx, model, letter) for model in REGISTRY.models for letter in "crud")
        for model in REGISTRY.models:
            assert ctx.session.scalars(select(model.id)).all() == []


def test_a_right_without_a_rule_is_for_every_record(engine: sa.Engine) -> None:
    assert titles(engine, registry_with(READ, []), person(ONE)) == set(DEALS)


def test_all_rules_of_one_role_must_hold(engine: sa.Engine) -> None:
    assert titles(engine, registry_with(READ, [MINE, OF_P2]), person(ONE)) == {"stray"}


def test_several_roles_see_what_any_of_them_sees(engine: sa.Engine) -> None:
    registry = registry_with(READ, [MINE, OF_P2, TAGGED])
    tagged = {title for title, (_user, _partner, has) in DEALS.items() if has}
    assert titles(engine, registry, person(TWO)) == tagged
    assert titles(engine, registry, person(ONE, TWO)) == tagged | {"stray"}
    assert titles(engine, registry, person(ONE, THREE)) == {"stray"}


def test_a_role_without_a_rule_lifts_the_rules_of_the_others(engine: sa.Engine) -> None:
    assert titles(engine, registry_with(READ, [MINE]), person(ONE, TWO)) == set(DEALS)


def test_own_or_unassigned(engine: sa.Engine) -> None:
    registry = registry_with(READ, [Rule(Deal, [ONE], own_or_unassigned(Deal.user_id))])
    with acting(engine, person(ONE), registry) as ctx:
        with ctx.session.unguarded() as connection:
            connection.execute(sa.text("UPDATE tests_deal SET user_id = NULL WHERE title = 'nobody'"))
        assert set(ctx.session.scalars(select(Deal.title))) == deals_of(1) | {"nobody"}


def test_an_administrator_may_do_everything_with_what_is_installed(engine: sa.Engine) -> None:
    with acting(engine, ADMINISTRATOR) as ctx:
        assert all(may(ctx, model, letter) for model in REGISTRY.models for letter in "crud")
        assert ctx.session.scalars(select(Secret.name)).all() == ["secret"]
        assert ctx.session.scalar(select(func.count(Note.id))) == 12
        assert not may(ctx, Elsewhere, "r")
        with pytest.raises(GuardError, match="tests_elsewhere is not a table of an installed addon"):
            ctx.session.scalars(select(Elsewhere)).all()


def test_somebody_not_logged_in_has_the_rights_of_the_public(engine: sa.Engine) -> None:
    registry = registry_with([Rights(Deal, {PUBLIC: "r"})], [Rule(Deal, [PUBLIC], lambda m: m.partner_id == 3)])
    assert titles(engine, registry, NOBODY) == {"nobody"}
    nothing_own = registry_with([Rights(Deal, {PUBLIC: "r"})], [Rule(Deal, [PUBLIC], own(Deal.user_id))])
    assert titles(engine, nothing_own, NOBODY) == set()
    assert titles(engine, registry, person(PORTAL)) == set()


def test_reading_and_changing_may_have_different_rules(engine: sa.Engine) -> None:
    rights = [Rights(Deal, {ONE: "crud"})]
    registry = registry_with(rights, [Rule(Deal, [ONE], own(Deal.user_id), operations="ud")])
    with acting(engine, person(ONE), registry) as ctx:
        assert set(ctx.session.scalars(select(Deal.title))) == set(DEALS)
        changed = update(Deal).values(amount=1).returning(Deal.title)
        assert set(ctx.session.scalars(changed)) == deals_of(1)
        assert ctx.session.execute(update(Deal).where(Deal.partner_id == 2).values(user_id=1)).rowcount == 1


def test_nobody_changes_or_deletes_what_he_may_not_see(engine: sa.Engine) -> None:
    rights = [Rights(Deal, {ONE: "crud", TWO: "ud"})]
    registry = registry_with(rights, [Rule(Deal, [ONE], own(Deal.user_id), operations="r")])
    for who, seen in ((person(ONE), deals_of(1)), (person(TWO), set[str]()), (person(ONE, TWO), deals_of(1))):
        with acting(engine, who, registry) as ctx:
            assert set(ctx.session.scalars(update(Deal).values(amount=1).returning(Deal.title))) == seen
            assert set(ctx.session.scalars(delete(Deal).returning(Deal.title))) == seen
            told = explain(ctx, "u", Deal, 5)
            assert not told.allowed
            assert str(told.reasons[-1].text) == "Only what one may see can be changed or deleted."


def test_an_extension_follows_its_record_in_every_operation(engine: sa.Engine) -> None:
    registry = registry_with([Rights(Deal, {ONE: "ru", TWO: "r"})], [MINE])
    with acting(engine, person(ONE), registry) as ctx:
        assert [may(ctx, DealScore, letter) for letter in "crud"] == [True, True, True, True]
        assert ctx.session.scalar(select(func.count(DealScore.id))) == 2
        assert ctx.session.execute(delete(DealScore)).rowcount == 2
    with acting(engine, person(TWO), registry) as ctx:
        assert [may(ctx, DealScore, letter) for letter in "crud"] == [False, True, False, False]
        assert ctx.session.scalar(select(func.count(DealScore.id))) == len(DEALS)
        assert ctx.session.execute(delete(DealScore)).rowcount == 0


def test_notes_need_a_right_of_their_own_and_the_record_s(engine: sa.Engine) -> None:
    registry = registry_with([Rights(Deal, {ONE: "r", TWO: "ru"}), Rights(Note, {ONE: "crud", TWO: "r"})], [])
    everything = {f"on {title}" for title in DEALS}
    for roles, changeable in (((ONE,), 0), ((TWO,), 0), ((ONE, TWO), len(DEALS))):
        with acting(engine, person(*roles), registry) as ctx:
            assert set(ctx.session.scalars(select(Note.body))) == everything
            assert ctx.session.execute(update(Note).values(body="x")).rowcount == changeable


def test_a_rule_on_notes_holds_beside_that_of_their_record(engine: sa.Engine) -> None:
    rights = [Rights(Deal, {ONE: "crud"}), Rights(Note, {ONE: "crud"})]
    registry = registry_with(rights, [MINE, Rule(Note, [ONE], lambda model: model.body != "on anne")])
    with acting(engine, person(ONE), registry) as ctx:
        assert ctx.session.scalars(select(Note.body)).all() == ["on stray"]
        joined = select(Note.body).join(Deal, sa.and_(Note.model == "tests.deal", Note.record_id == Deal.id))
        assert ctx.session.scalars(joined).all() == ["on stray"]


def test_files_follow_their_record_or_belong_to_who_brought_them(engine: sa.Engine) -> None:
    for who in (ANNE, BEHROUZ):
        with acting(engine, who) as ctx:
            wanted = {*(f"of {title}" for title in who.deals), f"loose {who.id}"}
            assert set(ctx.session.scalars(select(File.name))) == wanted
            assert explain(ctx, "r", File, who.hidden_id).allowed is False
            assert explain(ctx, "r", File, 20 + who.id).allowed is True
    with acting(engine, person(PORTAL, id=2)) as ctx:
        assert set(ctx.session.scalars(select(File.name))) == {"of behrouz", "of shared", "of stray", "loose 2"}
        assert ctx.session.execute(delete(File)).rowcount == 0


def test_what_a_rule_reads_needs_no_right_wherever_the_rule_stands(engine: sa.Engine) -> None:
    followed = Rule(Deal, [ONE], lambda m: among_rows(m.id, select(Follow.deal_id).where(Follow.user_id == me.id)))
    with acting(engine, person(ONE), registry_with([Rights(Deal, {ONE: "ru"})], [followed])) as ctx:
        rule = ctx.session.rule(Deal, "u")
        assert rule is not None
        assert ctx.session.scalars(select(Follow.id)).all() == []
        assert ctx.session.scalars(select(Deal.title).where(rule)).all() == ["shared"]
        assert ctx.session.allowed(Deal, "u", [1, 3]) == {3}


def test_require_tells_a_person_what_is_missing(engine: sa.Engine) -> None:
    with acting(engine, ANNE) as ctx:
        require(ctx, Deal, "c")
        with pytest.raises(NotAllowed, match=r"You may not create Stages\. Ask an administrator for the right\."):
            require(ctx, Stage, "c")
        with pytest.raises(NotAllowed, match=r"You may not see Secrets\. "):
            require(ctx, Secret, "r")
    with system_context(engine, REGISTRY) as ctx:
        require(ctx, Secret, "d")


def test_an_explanation_names_the_role_and_the_rule(engine: sa.Engine) -> None:
    with acting(engine, ANNE) as ctx:
        mine, other = explain(ctx, "r", Deal, 1), explain(ctx, "r", Deal, 2)
        assert [(str(reason.text), reason.holds) for reason in mine.reasons] == [
            ("Deals: own: Own or followed deals.", True)
        ]
        assert [(str(reason.text), reason.holds) for reason in other.reasons] == [
            ("Deals: own: Own or followed deals.", False)
        ]
        stage, score = explain(ctx, "r", Stage, 1), explain(ctx, "d", DealScore, 2)
        assert str(stage.reasons[0].text) == "The role “Deals: own” has this right on every record."
        assert (stage.allowed, score.allowed) == (True, False)
        assert str(explain(ctx, "u", Stage, 1).reasons[0].text) == "None of your roles has this right (change)."
    with acting(engine, ADMINISTRATOR) as ctx:
        assert str(explain(ctx, "d", Deal, 1).reasons[0].text) == "Administrators may do everything."


Row = Mapping[str, Any]
POOL: dict[str, tuple[Callable[[Any], Any], Callable[[Row], bool]]] = {
    "mine": (lambda m: m.user_id == me.id, lambda row: row["user"] == 1),
    "not mine": (lambda m: m.user_id != me.id, lambda row: row["user"] != 1),
    "of P2": (lambda m: m.partner_id == 2, lambda row: row["partner"] == 2),
    "late": (lambda m: m.due_on < today(), lambda row: row["tagged"]),
    "big": (lambda m: m.amount >= 100, lambda row: row["amount"] >= 100),
    "followed": (
        lambda m: among_rows(m.id, select(Follow.deal_id).where(Follow.user_id == me.id)),
        lambda row: row["title"] == "shared",
    ),
    "mine or of P1": (lambda m: sa.or_(m.user_id == me.id, m.partner_id == 1),
                      lambda row: row["user"] == 1 or row["partner"] == 1),
    "partner owned": (lambda m: m.partner_id.in_(select(Partner.id).where(Partner.owner_id == me.id)),
                      lambda row: row["partner"] == 1),
}  # fmt: skip
ROWS: dict[int, Row] = {
    number: {"title": title, "user": user, "partner": partner, "tagged": tagged, "amount": 10 ** (number - 1)}
    for number, (title, (user, partner, tagged)) in enumerate(DEALS.items(), 1)
}
LETTERS = st.sets(st.sampled_from("rud")).map(lambda found: "".join(sorted(found)))
ROLES = st.sampled_from([ONE, TWO, THREE])
SOME_RULES = st.lists(st.tuples(ROLES, st.sampled_from(sorted(POOL)), LETTERS.filter(bool)), max_size=5)
SOME_RIGHTS = st.dictionaries(ROLES, LETTERS, max_size=3)


def right(letter: str, held: set[Role], rights: Mapping[Role, str], rules: list[Any], row: Row) -> bool:
    """Decide in Python what the guard decides in SQL."""
    granted = any(
        letter in rights.get(role, "")
        and all(POOL[name][1](row) for other, name, letters in rules if other == role and letter in letters)
        for role in held
    )
    return granted and (letter == "r" or right("r", held, rights, rules, row))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rights=SOME_RIGHTS, rules=SOME_RULES, held=st.sets(ROLES))
def test_select_update_delete_and_the_explainer_agree(
    engine: sa.Engine, rights: dict[Role, str], rules: list[Any], held: set[Role]
) -> None:
    declared = [Rule(Deal, [role], POOL[name][0], operations=letters) for role, name, letters in rules]
    registry = registry_with([Rights(Deal, rights), Rights(User, {})], declared)
    statements: dict[str, Any] = {
        "r": select(Deal.id),
        "u": update(Deal).values(title="x").returning(Deal.id),
        "d": delete(Deal).returning(Deal.id),
    }
    with acting(engine, person(*held), registry) as ctx:
        for letter, statement in statements.items():
            wanted = {number for number, row in ROWS.items() if right(letter, held, rights, rules, row)}
            assert {number for number in ROWS if explain(ctx, letter, Deal, number).allowed} == wanted
            assert ctx.session.allowed(Deal, letter, ROWS) == wanted
            assert set(ctx.session.scalars(statement)) == wanted
