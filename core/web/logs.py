"""What the server writes down: one line an event on standard error, with its traceback when there is one."""

from __future__ import annotations

import sys

import structlog


def prepare_logs() -> None:
    """Write events for people at a terminal, as JSON for everything else."""
    at_terminal = sys.stderr.isatty()
    shown: structlog.typing.Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if at_terminal:
        shown = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([] if at_terminal else [structlog.processors.format_exc_info]),
            shown,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
