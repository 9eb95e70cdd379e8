"""Models: plain classes with a name, a table, the kernel's columns, and conditions that the database holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select

from core import fields
from core.db import naming
from core.db.types import BigId, Moment
from core.i18n import Text
from core.model import Attached, Check, Extension, HasActivities, HasArchive, HasChatter, Model, Plain
from tests.guard_bed import business
from tests.kernel_models import ANNE, Deal, DealScore, Note, Partner, Stage, Tag, acting
from tests.registry_bed import Workshop, making_addons

engine = business
workshop = making_addons
ADDON = "probe_model"


class Crate(HasArchive, HasChatter, HasActivities, Model, name="probe_model.crate"):
    """A crate."""

    __module__ = "probe_model.models"
    __checks__ = (Check("height > 0", Text("A crate needs a height."), name="height_positive"),)
    __table_args__ = (sa.UniqueConstraint("height", "width"),)

    height = fields.integer(Text("Height"), required=True)
    width = fields.integer(Text("Width"), required=True, default=3)
    inside_id = fields.parent(Text("Inside of"), ondelete="SET NULL")


class CrateLid(Extension, of=Crate):
    """Its lid."""

    __module__ = "probe_model.models"

    color = fields.char(Text("Colour"))


class Label(Attached, name="probe_model.label"):
    """A label on any record."""

    __module__ = "probe_model.models"


@pytest.fixture(autouse=True, scope="module")
def forgotten_afterwards() -> Iterator[None]:
    yield
    naming.forget(ADDON)


@pytest.fixture
def tables(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection to a database with the tables above, undone when the test ends."""
    with engine.connect() as connection:
        naming.metadata.create_all(connection, tables=naming.tables_of(ADDON))
        yield connection
        connection.rollback()


CRATE: Any = Crate.__table__
LID: Any = CrateLid.__table__


def test_a_model_knows_its_name_addon_labels_and_line() -> None:
    assert (Crate.__model__, Crate.__addon__, Crate.__tablename__) == (
        "probe_model.crate", ADDON, "probe_model_crate"
    )  # fmt: skip
    assert (str(Crate.__label__), str(Crate.__plural__)) == ("Crate", "Crates")
    path, line = Crate.__source__
    assert path == __file__
    assert Path(__file__).read_text("utf-8").splitlines()[line - 1].startswith("class Crate(")
    assert CRATE.info == {"addon": ADDON, "model": "probe_model.crate"}
    assert str(DealScore.__label__) == "Deal Score"


def test_names_are_said_in_the_class_line() -> None:
    with pytest.raises(TypeError, match=r"Box needs a name: class Box\(Model, name='addon\.model'\)"):
        type("Box", (Model,), {})
    with pytest.raises(TypeError, match=r"BoxLid must say what it extends: \(Extension, of=Lead\)"):
        type("BoxLid", (Extension,), {})


def test_a_model_has_the_kernel_s_columns_around_its_own() -> None:
    assert list(CRATE.columns.keys()) == [
        "id", "height", "width", "inside_id", "active",
        "created_at", "created_by_id", "updated_at", "updated_by_id", "version", "custom",
    ]  # fmt: skip
    assert isinstance(CRATE.c.created_at.type, Moment)
    assert CRATE.c.id.type is BigId
    assert list(LID.columns.keys()) == ["id", "color"]
    assert list(Label.__table__.columns.keys()) == ["id", "model", "record_id"]
    assert not issubclass(Label, Model)
    assert issubclass(Label, Plain)


def test_constraints_have_the_names_that_migrations_count_on() -> None:
    names = {str(one.name) for one in CRATE.constraints} | {str(one.name) for one in CRATE.indexes}
    assert names == {
        "pk_probe_model_crate",
        "ck_probe_model_crate_height_positive",
        "uq_probe_model_crate_height_width",
        "fk_probe_model_crate_inside_id",
        "ix_probe_model_crate_inside_id",
    }
    assert {str(one.name) for one in LID.constraints} == {"pk_probe_model_crate_lid", "fk_probe_model_crate_lid_id"}


def test_a_new_row_gets_what_nobody_said(tables: sa.Connection) -> None:
    tables.execute(sa.insert(CRATE).values(height=1))
    row = tables.execute(select(CRATE)).one()
    assert (row.width, row.active, row.version, row.custom, row.created_by_id) == (3, True, 1, None, None)
    assert row.created_at.tzinfo is not None
    tables.execute(sa.update(CRATE).values(custom={"size": "big", "n": [1, None]}))
    assert tables.execute(select(CRATE.c.custom)).scalar() == {"size": "big", "n": [1, None]}
    assert tables.execute(select(CRATE.c.custom["size"].as_string())).scalar() == "big"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"height": 0}, "height_positive"),
        ({"height": None}, "height"),
        ({"height": 7, "width": 3}, "width"),
        ({"height": 1, "inside_id": 99}, "(?i)foreign key"),
    ],
    ids=["check", "required", "unique", "link"],
)
def test_the_database_holds_the_conditions(tables: sa.Connection, row: dict[str, Any], fault: str) -> None:
    tables.execute(sa.insert(CRATE).values(height=7))
    with pytest.raises(sa.exc.IntegrityError, match=fault):
        tables.execute(sa.insert(CRATE).values(**row))


def test_what_hangs_on_a_record_goes_with_it(tables: sa.Connection) -> None:
    outer, inner = (tables.execute(sa.insert(CRATE).values(height=n)).inserted_primary_key for n in (1, 2))
    assert outer is not None
    assert inner is not None
    tables.execute(sa.update(CRATE).where(CRATE.c.id == inner[0]).values(inside_id=outer[0]))
    tables.execute(sa.insert(LID).values(id=outer[0], color="red"))
    tables.execute(sa.delete(CRATE).where(CRATE.c.id == outer[0]))
    assert tables.execute(select(LID)).all() == []
    assert tables.execute(select(CRATE.c.id, CRATE.c.inside_id)).all() == [(inner[0], None)]


def test_a_record_is_deleted_where_an_addon_s_tables_are_not_installed(engine: sa.Engine) -> None:
    with acting(engine, ANNE) as ctx:
        partner = Partner(name="new", owner_id=1)
        ctx.session.add(partner)
        ctx.session.flush()
        ctx.session.delete(partner)
        ctx.session.flush()
        with ctx.session.unguarded():
            assert ctx.session.scalar(select(func.count()).select_from(Partner)) == 3


def test_links_and_tags_are_written_through_their_attributes(engine: sa.Engine) -> None:
    with acting(engine, ANNE) as ctx:
        session = ctx.session
        deal = Deal(title="new", user_id=1, tags=list(session.scalars(select(Tag))))
        deal.stage = session.scalars(select(Stage)).one()
        session.add(deal)
        session.flush()
        session.expire_all()
        assert (deal.stage_id, [tag.name for tag in deal.tags]) == (1, ["Tag"])
        deal.tags.clear()
        session.flush()
        session.expire_all()
        assert deal.tags == []


def test_two_addons_may_use_the_same_class_name(workshop: Workshop) -> None:
    source = """
        class Tag(Model, name="{addon}.tag"):
            name = fields.char(_("Name"))

        class Item(Model, name="{addon}.item"):
            tags: Mapped[list["Tag"]] = fields.many2many(Tag, _("Tags"))
            parts: Mapped[list["Part"]] = fields.one2many("item_id", _("Parts"))

        class Part(Model, name="{addon}.part"):
            item_id = fields.many2one(Item, _("Item"))
        """
    one, two = (workshop.addon(name, source.format(addon=name)).module for name in ("probe_one", "probe_two"))
    for module in (one, two):
        mapper: Any = sa.inspect(module.Item)
        assert mapper.relationships["parts"].mapper.class_ is module.Part
        assert mapper.relationships["tags"].mapper.class_ is module.Tag
    assert {table.name for table in naming.tables_of("probe_one")} == {
        "probe_one_tag", "probe_one_item", "probe_one_item_tags", "probe_one_part"
    }  # fmt: skip


def test_attached_rows_say_their_record_by_name_and_id() -> None:
    assert (Note.__table__.c.model.nullable, Note.__table__.c.record_id.nullable) == (False, False)
    assert not Note.__table__.c.record_id.foreign_keys
