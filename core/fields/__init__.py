"""The field functions: thin, typed `mapped_column`s that remember their label and where they were declared."""

from .derived import computed, related
from .links import file, image, many2many, many2one, one2many, parent, record, tags
from .meta import FromContext, Meta
from .values import (
    boolean,
    char,
    color,
    date,
    datetime,
    decimal,
    email,
    integer,
    json,
    money,
    phone,
    rich_text,
    selection,
    text,
    url,
)

ME, COMPANY, TODAY, NOW = FromContext.ME, FromContext.COMPANY, FromContext.TODAY, FromContext.NOW

__all__ = [
    "COMPANY",
    "ME",
    "NOW",
    "TODAY",
    "FromContext",
    "Meta",
    "boolean",
    "char",
    "color",
    "computed",
    "date",
    "datetime",
    "decimal",
    "email",
    "file",
    "image",
    "integer",
    "json",
    "many2many",
    "many2one",
    "money",
    "one2many",
    "parent",
    "phone",
    "record",
    "related",
    "rich_text",
    "selection",
    "tags",
    "text",
    "url",
]
