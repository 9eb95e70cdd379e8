"""Gives the test bed's fixtures to every test of the project, the addons' too."""

pytest_plugins = ("pytester", "tests.bed.fixtures", "tests.bed.strictness", "core.testing.plugin")
