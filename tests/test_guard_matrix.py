"""The hole matrix as a whole: how many constructs it holds, and that nothing of one reader reaches another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from core.access import policy_of, user_context
from core.context import NOBODY, Context, Person
from core.db.guard import AccessDenied, GuardError
from core.db.live import me
from core.declarations import PORTAL, PUBLIC, Rights, Rule
from tests import test_guard_follows, test_guard_reads, test_guard_refused, test_guard_writes
from tests.guard_bed import business
from tests.kernel_models import (
    ANNE,
    BEHROUZ,
    BOSS,
    DEALS,
    NOW,
    REGISTRY,
    RIGHTS,
    RULES,
    USER,
    Deal,
    DealScore,
    Follow,
    Partner,
    Stage,
    acting,
    registry_with,
)

engine = business
WITHOUT_SCORES = registry_with(extended=False)
PORTAL_BEHROUZ = Person(2, "portal user", frozenset({PORTAL.code}), kind="portal")
LEAST = 200


def test_the_matrix_holds_its_cases(record_property: Callable[[str, object], None]) -> None:
    modules = (test_guard_reads, test_guard_refused, test_guard_writes, test_guard_follows)
    names = [case.name for module in modules for case in module.CASES]
    print(f"{len(names)} constructs, each on both databases, each for three readings")
    record_property("constructs", len(names))
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
    assert len(names) >= LEAST


def test_readers_in_threads_are_never_mixed_up(engine: sa.Engine) -> None:
    wanted: list[tuple[Any, Any, frozenset[str]]] = [
        (ANNE, REGISTRY, ANNE.deals),
        (BEHROUZ, REGISTRY, BEHROUZ.deals),
        (BEHROUZ, WITHOUT_SCORES, BEHROUZ.deals),
        (BOSS, REGISTRY, frozenset(DEALS)),
        (PORTAL_BEHROUZ, REGISTRY, frozenset({"behrouz", "shared", "stray"})),
        (NOBODY, REGISTRY, frozenset()),
    ]
    wrong: list[Any] = []
    together = threading.Barrier(len(wanted))

    def read(who: Any, registry: Any, deals: frozenset[str]) -> None:
        together.wait()
        for _ in range(40):
            with acting(engine, who, registry) as ctx:
                found = frozenset(ctx.session.scalars(select(Deal.title)))
                if found != deals:
                    wrong.append((who, found))

    threads = [threading.Thread(target=read, args=one) for one in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_two_sessions_of_one_thread_take_turns(engine: sa.Engine) -> None:
    with acting(engine, ANNE) as one, acting(engine, BEHROUZ) as other:
        for _ in range(3):
            assert frozenset(one.session.scalars(select(Deal.title))) == ANNE.deals
            assert frozenset(other.session.scalars(select(Deal.title))) == BEHROUZ.deals


def test_people_with_the_same_roles_share_compiled_statements(engine: sa.Engine) -> None:
    statement = select(Deal.title).where(Deal.title != "shared statement")
    with acting(engine, ANNE) as ctx:
        ctx.session.execute(statement)
        size = len(engine._compiled_cache or ())
    with acting(engine, BEHROUZ) as ctx:
        ctx.session.execute(select(Deal.title).where(Deal.title != "another value"))
    assert len(engine._compiled_cache or ()) == size
    assert policy_of(REGISTRY, ANNE.person.roles) is policy_of(REGISTRY, BEHROUZ.person.roles)


def test_two_registries_on_the_same_classes(engine: sa.Engine) -> None:
    with acting(engine, ANNE, WITHOUT_SCORES) as ctx:
        assert ctx.session.get(Deal, 1) is not None
        with pytest.raises(GuardError, match="tests_deal_score is not a table of an installed addon"):
            ctx.session.scalars(select(DealScore)).all()
    with acting(engine, ANNE) as ctx:
        assert ctx.session.get(DealScore, 1) is not None


def test_a_live_value_is_asked_once_and_may_be_asked_while_flushing(engine: sa.Engine) -> None:
    asked: list[int | None] = []

    def contact(ctx: Context) -> int | None:
        asked.append(ctx.user_id)
        return ctx.session.scalar(select(Partner.id).where(Partner.owner_id == ctx.user_id))

    rights = [Rights(Deal, {PORTAL: "cru"}), *[right for right in RIGHTS if right.model is not Deal]]
    registry = registry_with(rights, RULES)
    registry.live_values = {"contact_id": contact}
    with user_context(engine, registry, PORTAL_BEHROUZ, now=NOW) as ctx:
        deal = Deal(title="new", partner_id=2)
        ctx.session.add(deal)
        ctx.session.flush()
        deal.title = "changed"
        ctx.session.flush()
        assert asked == [2]
        with ctx.session.unguarded():
            assert ctx.session.scalar(select(Deal.title).where(Deal.id == deal.id)) == "changed"
        ctx.session.add(Deal(title="another's", partner_id=1))
        with pytest.raises(AccessDenied, match=r"c on tests\.deal"):
            ctx.session.flush()
    assert asked == [2]


def test_a_live_value_nobody_answers_sees_nothing(engine: sa.Engine) -> None:
    rules = [Rule(Deal, [USER], lambda model: model.partner_id == me.something_nobody_answers)]
    with acting(engine, ANNE, registry_with(rules=rules)) as ctx:
        assert ctx.session.scalars(select(Deal.title)).all() == []


def test_a_rule_is_read_without_rules_even_when_two_read_each_other(engine: sa.Engine) -> None:
    rules = [
        Rule(Deal, [USER], lambda m: m.partner_id.in_(select(Partner.id).where(Partner.name == "P1"))),
        Rule(Partner, [USER], lambda m: m.id.in_(select(Deal.partner_id).where(Deal.title == "nobody"))),
    ]
    with acting(engine, ANNE, registry_with(rules=rules)) as ctx:
        assert set(ctx.session.scalars(select(Deal.title))) == {"anne", "odd"}
        assert ctx.session.scalars(select(Partner.name)).all() == ["P3"]
        assert ctx.session.execute(select(Deal.title, Partner.name).outerjoin(Deal.partner)).all() == [
            ("anne", None),
            ("odd", None),
        ]


def test_a_rule_may_use_the_link_table(engine: sa.Engine) -> None:
    link = Deal.tags.property.secondary  # type: ignore[attr-defined]
    rules = [Rule(Deal, [USER], lambda m: m.id.in_(select(link.c.record_id)))]
    with acting(engine, ANNE, registry_with(rules=rules)) as ctx:
        assert set(ctx.session.scalars(select(Deal.title))) == {"anne", "behrouz", "shared", "nobody"}


def test_the_public_sees_what_it_may(engine: sa.Engine) -> None:
    assert PUBLIC.code in NOBODY.roles
    with acting(engine, NOBODY) as ctx:
        assert ctx.session.scalars(select(Stage.name)).all() == ["Stage"]
        assert ctx.session.scalars(select(Follow)).all() == []


def test_after_a_refused_flush_the_session_is_guarded_as_before(engine: sa.Engine) -> None:
    with acting(engine, ANNE) as ctx:
        ctx.session.add(Deal(title="for another", user_id=3))
        with pytest.raises(AccessDenied):
            ctx.session.flush()
        ctx.session.rollback()
        ctx.session.add(Follow(deal_id=99, user_id=1))
        with pytest.raises(sa.exc.IntegrityError):
            ctx.session.flush()
        ctx.session.rollback()
        assert frozenset(ctx.session.scalars(select(Deal.title))) == ANNE.deals
        with pytest.raises(GuardError):
            ctx.session.connection()


def test_sudo_writes_in_the_same_transaction_and_loses_no_pending_change(engine: sa.Engine) -> None:
    with acting(engine, ANNE) as ctx:
        deal = ctx.session.get(Deal, 1)
        assert deal is not None
        deal.title = "pending"
        with ctx.sudo("a test") as system:
            assert system.is_sudo
            assert system.user_id == 1
            assert system.session.scalars(select(Deal.title).where(Deal.id == 1)).one() == "pending"
        assert deal.title == "pending"
        with pytest.raises(ZeroDivisionError), ctx.sudo("a fault in it undoes it") as system:
            system.session.execute(sa.update(Deal).values(title="gone"))
            _ = 1 / 0
        assert deal.title == "pending"
