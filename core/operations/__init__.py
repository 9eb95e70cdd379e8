"""The only writer: create, change, delete, each checked, kept in a change set, and told to the addons."""

from .change import Change, field_of
from .history import keeps_history, plain
from .house import next_number, next_numbers, set_keys, set_preference, set_setting
from .lines import save_lines
from .values import check_row, default_of, normalised, with_defaults
from .verbs import Called, call_verb, ready
from .write import archive, commit, create, create_many, delete, delete_many, restore, rollback, update, update_many

__all__ = [
    "Called",
    "Change",
    "archive",
    "call_verb",
    "check_row",
    "commit",
    "create",
    "create_many",
    "default_of",
    "delete",
    "delete_many",
    "field_of",
    "keeps_history",
    "next_number",
    "next_numbers",
    "normalised",
    "plain",
    "ready",
    "restore",
    "rollback",
    "save_lines",
    "set_keys",
    "set_preference",
    "set_setting",
    "update",
    "update_many",
    "with_defaults",
]
