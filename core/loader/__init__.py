"""Addons and databases: what there is, what is installed where, and how it comes and goes."""

from .commands import person_for_commands
from .database import Database, Databases, Installed, bump, is_down
from .demonstration import make_demo, remove_demo
from .discovery import KERNEL, Catalogue, Found, discover
from .faults import DatabaseDown, LoaderFault, NotSetUp, UnknownDatabase
from .lifecycle import Progress, disable, enable, install, uninstall, upgrade
from .people import Reader, company_of, reader
from .plans import AddonPlan, Plan, RightLine, Verb, plan
from .registries import FaultyDeclarations, Loaded, forget, load, load_what_works, registry_of
from .setup import SetupAnswers, check, ensure, set_up

__all__ = [
    "KERNEL",
    "AddonPlan",
    "Catalogue",
    "Database",
    "DatabaseDown",
    "Databases",
    "FaultyDeclarations",
    "Found",
    "Installed",
    "Loaded",
    "LoaderFault",
    "NotSetUp",
    "Plan",
    "Progress",
    "Reader",
    "RightLine",
    "SetupAnswers",
    "UnknownDatabase",
    "Verb",
    "bump",
    "check",
    "company_of",
    "disable",
    "discover",
    "enable",
    "ensure",
    "forget",
    "install",
    "is_down",
    "load",
    "load_what_works",
    "make_demo",
    "person_for_commands",
    "plan",
    "reader",
    "registry_of",
    "remove_demo",
    "set_up",
    "uninstall",
    "upgrade",
]
