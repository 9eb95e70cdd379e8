"""Running one job: claimed once, its work and its end committed together, tried again after a fault.

Because a job is marked done in the transaction of its work, a process that dies in the middle has done nothing, and
one that was taken for dead and wakes up again cannot commit what another has done meanwhile.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from core.context import Context, Work
from core.db.engine import writing
from core.declarations.jobs import AnyJob
from core.errors import GirihError, Invalid, NotAllowed, NotFound, Refused
from core.i18n import Text, _, use_locale
from core.operations import commit

from .ports import STALLED, Database, Now, utc_now
from .queue import announce
from .reports import Beating, report_of, watching
from .table import Claim, claim, next_due, release, silent
from .transport import send_lost

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
USUAL_RETRIES = 3
FINAL = (Refused, Invalid, NotAllowed, NotFound)  # trying again would be answered the same

log = logging.getLogger("girih.jobs")


class Overtaken(Exception):
    """The job was given to somebody else while it ran here; nothing of this try is kept."""


def run_job(database: Database, job_id: int, *, now: Now = utc_now) -> bool:
    """Run a waiting job to its end; False when it does not wait (any more), so there was nothing to do."""
    with writing(database.engine).begin() as connection:
        held = claim(connection, job_id, now())
    if held is None:
        return False
    kind = None
    try:
        kind = database.registry().jobs.get(held.name)
        with Beating(database.engine, held, now) as beating, watching(beating.say):
            _attempt(database, held, kind, beating, now)
    except Overtaken:
        log.warning("Job %s (%s) of %s was given to another worker", held.id, held.name, database.name)
    except Exception as fault:
        _fail(database, held, kind, fault, now())
    return True


def run_due(database: Database, *, now: Now = utc_now, stop: Callable[[], bool] = lambda: False) -> int:
    """Run, one after the other, what is due now, until `stop` says so; return how many jobs were run."""
    ran = 0
    while not stop() and (job_id := due(database, now())) is not None:
        ran += run_job(database, job_id, now=now)
    return ran


def due(database: Database, moment: datetime) -> int | None:
    """Return the job to run next, None when none is due."""
    with database.engine.connect() as connection:
        first = next_due(connection)
    return first[0] if first is not None and first[1] <= moment else None


def heal(database: Database, *, now: Now = utc_now) -> int:
    """Give running jobs whose process is gone back to the queue, send lost messages again; return how many of both."""
    moment, engine = now(), database.engine
    before = moment - timedelta(seconds=STALLED)
    with engine.connect() as connection:
        stalled = silent(connection, before)
    healed = 0
    for held in stalled:
        report = report_of(engine, held.id, held.started_at)
        if report is None or report.beat_at < before:
            healed += _give_back(database, held, moment)
    with engine.begin() as connection:
        return healed + send_lost(connection)


def _attempt(database: Database, held: Claim, kind: AnyJob | None, beating: Beating, now: Now) -> None:
    if kind is None:
        raise LookupError(f"No installed addon registers a job {held.name!r}.")
    with database.context(held.user_id) as ctx, use_locale(ctx.locale):
        ctx.work = Work("job", note=held.name)
        result = _plain_result(kind.function(ctx, **held.arguments))
        _finish(ctx, held, result, beating, now())
        commit(ctx)


def _finish(ctx: Context, held: Claim, result: Any, beating: Beating, moment: datetime) -> None:
    with ctx.session.unguarded() as connection:
        ended = {"state": "done", "ended_at": moment, "result": result, "message": None, "traceback": None}
        if not release(connection, held, **ended, **beating.values):
            raise Overtaken


def _fail(database: Database, held: Claim, kind: AnyJob | None, fault: Exception, moment: datetime) -> None:
    text = fault.message if isinstance(fault, GirihError) else _broken(fault)
    said = {
        "message": _say(database, held.user_id, text),
        "traceback": "".join(traceback.format_exception(fault)),
    }
    retries = USUAL_RETRIES if kind is None else kind.retries
    log.error("Job %s (%s) of %s failed", held.id, held.name, database.name, exc_info=fault)
    with writing(database.engine).begin() as connection:
        if isinstance(fault, FINAL) or held.tries > retries:
            release(connection, held, state="dead", ended_at=moment, **said)
            return
        due_at = moment + min(FIRST_WAIT * 2 ** (held.tries - 1), LONGEST_WAIT)
        if release(connection, held, state="waiting", due_at=due_at, **said):
            announce(connection, held.id, due_at)


def _give_back(database: Database, held: Claim, moment: datetime) -> bool:
    kind = database.registry().jobs.get(held.name)
    log.warning("Job %s (%s) of %s lost its process", held.id, held.name, database.name)
    text = _("The program ended in the middle of this job, %(count)s times.", count=held.tries)
    told = _say(database, held.user_id, text)
    with writing(database.engine).begin() as connection:
        if held.tries > (USUAL_RETRIES if kind is None else kind.retries):
            return release(connection, held, state="dead", ended_at=moment, message=told)
        found = release(connection, held, state="waiting", due_at=moment)
        if found:
            announce(connection, held.id, moment)
        return found


def _plain_result(result: Any) -> Any:
    if isinstance(result, Text):
        return str(result)
    json.dumps(result)  # a result that cannot be kept fails the job before its work is committed
    return result


def _broken(fault: Exception) -> Text:
    name = type(fault).__name__
    return _("The job stopped at a fault of the program (%(fault)s). Its details are kept with it.", fault=name)


def _say(database: Database, user_id: int | None, text: Text) -> str:
    """Return the text as the job's user reads; in English when the user is gone."""
    with suppress(GirihError), database.context(user_id) as ctx:
        said: str = ctx.locale.say(text)
        return said
    return str(text)
