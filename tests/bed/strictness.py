"""Makes a run fail where silence would deceive: tests that had to run and did not, skips in CI."""

from __future__ import annotations

import os

import pytest


class Account:
    """What ran and what did not."""

    def __init__(self, must_run: list[str]) -> None:
        """Remember the words of which each must be in the name of a test that passed."""
        self.must_run = must_run
        self.passed: list[str] = []
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how a test ended."""
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.append(f"{report.nodeid}: {_reason(report)}")
        elif report.when == "call" and report.passed:
            self.passed.append(report.nodeid)

    def faults(self) -> list[str]:
        """Return what must not be passed over in silence."""
        found = [
            f"no test with {word!r} in its name passed, though --must-run asks for it"
            for word in self.must_run
            if not any(word in name for name in self.passed)
        ]
        if os.environ.get("CI"):
            found += [f"skipped, which CI does not allow: {name}" for name in self.skipped]
        return found

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Turn a green run red when something that counts did not run."""
        if self.faults() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say why."""
        for fault in self.faults():
            terminalreporter.write_line(f"FAILED: {fault}", red=True)


def _reason(report: pytest.TestReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --must-run."""
    parser.addoption("--must-run", action="append", default=[], metavar="WORD", help="fail unless such a test passed")


def pytest_configure(config: pytest.Config) -> None:
    """Begin the account."""
    config.pluginmanager.register(Account(config.getoption("--must-run")), "girih-account")
