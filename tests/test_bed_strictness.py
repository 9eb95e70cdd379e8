"""A run that deceives by silence is red: tests that had to run and did not, skips in CI."""

from __future__ import annotations

import pytest

from tests.bed.programs import CHECKOUT

TESTS = """
    import pytest

    def test_one():
        assert True

    @pytest.mark.skip(reason="no program for it")
    def test_two():
        assert False
"""


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.delenv("CI", raising=False)
    pytester.makeini(f"[pytest]\npythonpath = {CHECKOUT}")
    pytester.makeconftest('pytest_plugins = ("tests.bed.strictness",)')
    pytester.makepyfile(test_inner=TESTS)
    return pytester


def test_a_skip_is_allowed_at_home(inner: pytest.Pytester) -> None:
    assert inner.runpytest_subprocess().ret == pytest.ExitCode.OK


def test_a_skip_is_not_allowed_in_ci(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    outcome = inner.runpytest_subprocess()
    assert outcome.ret == pytest.ExitCode.TESTS_FAILED
    outcome.stdout.fnmatch_lines(["FAILED: skipped, which CI does not allow: *test_two: Skipped: no program for it"])


def test_a_test_that_must_run_and_ran_is_no_fault(inner: pytest.Pytester) -> None:
    assert inner.runpytest_subprocess("--must-run=test_one").ret == pytest.ExitCode.OK


@pytest.mark.parametrize("name", ["test_two", "test_three"])
def test_a_test_that_must_run_and_did_not_is_a_fault(inner: pytest.Pytester, name: str) -> None:
    outcome = inner.runpytest_subprocess(f"--must-run={name}")
    assert outcome.ret == pytest.ExitCode.TESTS_FAILED
    outcome.stdout.fnmatch_lines([f"FAILED: no test with '{name}' in its name passed, though --must-run asks for it"])
