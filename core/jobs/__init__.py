"""Jobs: work that is done later, or by the clock, once and only once for what it commits.

`enqueue` writes a row of `core.job` in the caller's transaction. On SQLite a thread of the server runs it; on
PostgreSQL any of the workers does, told by procrastinate. One process, the leader, keeps the clock.
"""

from .crew import Crew, run_worker
from .ports import BEAT, STALLED, Database, Databases, HasJobs
from .queue import JobState, cancel, enqueue, job_state, retry
from .reports import progress, watching
from .run import heal, run_due, run_job
from .transport import prepare

__all__ = [
    "BEAT",
    "STALLED",
    "Crew",
    "Database",
    "Databases",
    "HasJobs",
    "JobState",
    "cancel",
    "enqueue",
    "heal",
    "job_state",
    "prepare",
    "progress",
    "retry",
    "run_due",
    "run_job",
    "run_worker",
    "watching",
]
