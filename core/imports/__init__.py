"""Import: files of records (CSV, XLSX) into any model, by a map or by what the columns are called.

Nothing is written unless every line is well; a dry run does everything and takes it back. Files imported again find
their records by key and change only what differs.
"""

from .guess import guess_map
from .maps import FieldMap, FileMap, Map, parse_map, read_map
from .outcome import Fault, FileOutcome, ImportFault, Note, Outcome
from .report import write_report
from .run import Imported, model_of, plan_without_map, read_steps, run
from .source import read_data, read_table

__all__ = [
    "Fault",
    "FieldMap",
    "FileMap",
    "FileOutcome",
    "ImportFault",
    "Imported",
    "Map",
    "Note",
    "Outcome",
    "guess_map",
    "model_of",
    "parse_map",
    "plan_without_map",
    "read_data",
    "read_map",
    "read_steps",
    "read_table",
    "run",
    "write_report",
]
