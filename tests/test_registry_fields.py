"""What a registry knows of models and fields, for each set of addons on the same classes."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from core.db.live import me
from core.declarations import Entry, Menu, Rights, Rule
from core.hookspecs import hookimpl
from core.i18n import Text
from core.models import File, User
from core.registry import Registry
from tests.kernel_models import (
    PORTAL,
    REGISTRY,
    USER,
    Deal,
    DealScore,
    Elsewhere,
    Follow,
    Note,
    Partner,
    Stage,
    Tag,
    plugin,
    registry_with,
)
from tests.registry_bed import KERNEL, Workshop, build, making_addons

workshop = making_addons
WITHOUT = registry_with(extended=False)


def test_fields_come_in_the_order_they_are_written_those_of_the_kernel_and_of_extensions_after() -> None:
    assert list(REGISTRY.fields(Deal)) == [
        "title", "user", "partner", "stage", "amount", "due_on", "tags", "city", "is_late",
        "created_at", "created_by", "updated_at", "updated_by", "tests.score",
    ]  # fmt: skip
    assert list(REGISTRY.fields(Partner))[:7] == ["name", "city", "owner", "head", "deals", "deal_count", "active"]


def test_a_field_is_found_by_every_attribute_that_means_it() -> None:
    stage = REGISTRY.field(Deal.stage_id)
    assert REGISTRY.field(Deal.stage) is stage
    assert REGISTRY.field("stage", Deal) is stage
    assert (stage.name, stage.key, stage.target, stage.is_link, stage.is_stored) == (
        "stage",
        "stage_id",
        Stage,
        True,
        True,
    )
    assert REGISTRY.field(Partner.head_id).target is Partner
    assert REGISTRY.field(Deal.tags).target is Tag
    assert (REGISTRY.field(Deal.tags).is_many, REGISTRY.field(Deal.tags).is_stored) == (True, False)
    assert (REGISTRY.field(Partner.deals).target, REGISTRY.field(Partner.deals).meta.by) == (Deal, "partner_id")
    assert REGISTRY.field(Deal.created_by_id).target is User
    assert REGISTRY.find(Elsewhere.name) is None
    with pytest.raises(KeyError, match="name"):
        REGISTRY.field(Elsewhere.name)
    with pytest.raises(KeyError):
        REGISTRY.field("nothing", Deal)


def test_computed_fields_are_told_from_each_other_and_cannot_be_written() -> None:
    count, late, city = (REGISTRY.field(attr) for attr in (Partner.deal_count, Deal.is_late, Deal.city))
    assert (count.name, late.name, city.name) == ("deal_count", "is_late", "city")
    assert [field.computed for field in (count, late, city)] == [True, True, True]
    assert [field.is_stored for field in (count, late, city)] == [False, False, False]
    assert (city.kind, str(city.label)) == ("char", "City")


def test_an_extension_s_field_is_one_of_its_record() -> None:
    score = REGISTRY.field(DealScore.score)
    assert (score.name, score.model, score.extension) == ("tests.score", Deal, DealScore)
    assert REGISTRY.info(Deal).extensions == (DealScore,)
    assert DealScore not in REGISTRY.infos
    assert "tests.deal_score" not in REGISTRY.by_name


def test_two_sets_of_addons_share_the_classes_and_nothing_else() -> None:
    assert "tests.score" not in WITHOUT.fields(Deal)
    assert WITHOUT.info(Deal).extensions == ()
    assert WITHOUT.find(DealScore.score) is None
    assert REGISTRY.find(DealScore.score) is not None
    assert set(WITHOUT.infos) == set(REGISTRY.infos)


def test_a_record_is_called_by_its_title() -> None:
    assert [_title(model) for model in (Deal, Partner, File, Note, Follow)] == ["title", "name", "name", "body", None]


def _title(model: Any) -> str | None:
    title = REGISTRY.info(model).title
    return title and title.name


def test_a_class_may_say_what_its_records_are_called_by(workshop: Workshop) -> None:
    cards = workshop.addon(
        "probe_cards",
        """
        class Card(Model, name="probe_cards.card"):
            __title__ = "number"
            name = fields.char(_("Name"))
            number = fields.char(_("Number"))
            double = fields.computed(_("Twice"), number + number, kind="char")

        class Sheet(Model, name="probe_cards.sheet", label=_("One sheet"), plural=_("All sheets")):
            double = fields.computed(_("Twice"), lambda: func.upper(Sheet.words), kind="char")
            size = fields.integer(_("Size"))
            words = fields.char(_("Words"))

        @hookimpl
        def register_models():
            return [Card, Sheet]
        """,
    )
    registry = build(cards)
    card, sheet = registry.info(cards.module.Card), registry.info(cards.module.Sheet)
    assert card.title is not None
    assert sheet.title is not None
    assert (card.title.name, sheet.title.name) == ("number", "words")
    assert (card.name, str(card.label), str(card.plural)) == ("probe_cards.card", "Card", "Cards")
    assert (str(sheet.label), str(sheet.plural)) == ("One sheet", "All sheets")
    assert list(sheet.fields)[:3] == ["double", "size", "words"]


def test_what_is_known_of_a_model() -> None:
    deal, partner, note = REGISTRY.info(Deal), REGISTRY.info(Partner), REGISTRY.info(Note)
    assert (deal.name, str(deal.label), str(deal.plural)) == ("tests.deal", "Deal", "Deals")
    assert (deal.archives, partner.archives) == (False, True)
    assert (deal.is_attached, note.is_attached, REGISTRY.info(File).is_attached) == (False, True, True)
    assert REGISTRY.model("tests.deal") is Deal
    with pytest.raises(KeyError):
        REGISTRY.model("tests.elsewhere")
    with pytest.raises(KeyError):
        REGISTRY.info(Elsewhere)


def test_what_was_built_cannot_be_changed() -> None:
    for frozen in (
        REGISTRY.infos,
        REGISTRY.fields(Deal),
        REGISTRY.rights,
        REGISTRY.views,
        REGISTRY.roles,
        REGISTRY.jobs,
    ):
        with pytest.raises(TypeError):
            frozen["x"] = 1  # type: ignore[index]


def test_roles_are_those_of_the_kernel_and_of_the_addons() -> None:
    assert list(REGISTRY.roles)[:4] == ["core.admin", "core.staff", "core.portal", "core.public"]
    assert REGISTRY.roles["tests.user"] is USER
    assert REGISTRY.rights[Deal]["tests.user"] == frozenset("crud")
    assert [str(rule.label) for rule, _sql in REGISTRY.rules if rule.model is Deal] == [
        "Own or followed deals.", "Deals of one's company."
    ]  # fmt: skip


def test_rights_of_several_addons_are_added_up() -> None:
    one, other = ([Rights(Stage, {PORTAL: letters})] for letters in "ru")
    plugins = registry_with(rights=one, rules=[]).plugins
    registry = Registry.build([*plugins, plugin("more", register_access=(other, []))])
    assert registry.rights[Stage] == {"core.portal": frozenset("ru")}


def test_rules_are_evaluated_once_when_the_registry_is_built() -> None:
    asked: list[Any] = []

    def rule(model: Any) -> Any:
        asked.append(model)
        return model.user_id == me.id

    registry = registry_with(rules=[Rule(Deal, [USER], rule)])
    assert asked == [Deal]
    assert [str(expression) for _rule, expression in registry.rules] == ["tests_deal.user_id = :girih_me"]


def test_menus_stand_in_their_order() -> None:
    late, early = (Menu(Text(name), [Entry(Text("Deals"), Deal)], sequence=n) for name, n in (("B", 20), ("A", 10)))
    registry = Registry.build([*REGISTRY.plugins, plugin("menus", register_views=([], [late, early]))])
    assert registry.menus == (early, late)
    one = Registry.build([*REGISTRY.plugins, plugin("menus", register_views=([], late))])
    assert one.menus == (late,)


def test_hooks_are_called_in_the_addons_of_this_registry_alone() -> None:
    heard: list[str] = []

    def listening(name: str) -> Any:
        made = plugin(name)
        made.module.before_save = hookimpl(lambda ctx, change: heard.append(name))
        return made

    one, both = Registry.build([KERNEL, listening("one")]), Registry.build([KERNEL, listening("one"), listening("two")])
    one.hooks.before_save(ctx=None, change=None)
    assert heard == ["one"]
    both.hooks.before_save(ctx=None, change=None)
    assert sorted(heard) == ["one", "one", "two"]


def test_registries_are_built_in_threads_at_once() -> None:
    built: list[Any] = []
    threads = [threading.Thread(target=lambda: built.append(registry_with())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [list(registry.fields(Deal)) for registry in built] == [list(REGISTRY.fields(Deal))] * 6
