"""The kernel's own tables."""

from .changes import Change, ChangeSet
from .companies import Company, Country, Currency, CurrencyRate
from .house import Addon, ExternalKey, File, Sequence, Setting, Stamp
from .jobs import Job
from .users import LoginAttempt, Preference, Role, User

KERNEL_MODELS = (
    Currency,
    Country,
    Company,
    CurrencyRate,
    Role,
    User,
    Preference,
    LoginAttempt,
    ChangeSet,
    Change,
    Addon,
    Stamp,
    Setting,
    Sequence,
    ExternalKey,
    File,
    Job,
)

__all__ = [
    "KERNEL_MODELS",
    "Addon",
    "Change",
    "ChangeSet",
    "Company",
    "Country",
    "Currency",
    "CurrencyRate",
    "ExternalKey",
    "File",
    "Job",
    "LoginAttempt",
    "Preference",
    "Role",
    "Sequence",
    "Setting",
    "Stamp",
    "User",
]
