"""The one thing setup.cfg cannot say: the top-level `i18n` folder travels in the package as `core.catalogues`."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["core*", "addons*"], exclude=["*.tests", "*.tests.*"]), "core.catalogues"],
    package_dir={"core.catalogues": "i18n"},
)
