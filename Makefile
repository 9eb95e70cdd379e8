# Everything a person needs to run, test and change Girih. `make help` says what there is.

# The first Python that is new enough; PYTHON=... chooses another.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
BIN := .venv/bin
SETUP = $(PYTHON) -m tools.setup
ARGS ?=

export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/var/cache/hypothesis

.DEFAULT_GOAL := help
.PHONY: help run demo test lint format bench setup assets catalogues wheel clean python

##@ Use

run: python ## set everything up, then serve on http://127.0.0.1:8000 (GIRIH_HOST, GIRIH_PORT, GIRIH_DATABASE_URL ...)
	@$(SETUP) packages assets
	@exec $(BIN)/python server.py

demo: python ## fill the database with demonstration data (ARGS="--seed 7 --leads 500 --lang fa")
	@$(SETUP) packages
	@$(BIN)/girih demo $(ARGS)

##@ Change

test: python ## run every test: on SQLite, on PostgreSQL, in Chromium (ARGS="-k kanban" for some)
	@$(SETUP) develop assets
	@$(BIN)/python -m tools.programs
	@$(BIN)/python -m pytest $(ARGS)

lint: python ## check style, types and the floors between the rooms
	@$(SETUP) develop
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict core addons
	$(BIN)/lint-imports --cache-dir var/cache/import-linter

format: python ## bring the Python files into shape
	@$(SETUP) develop
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

bench: python ## measure against the budgets on an idle machine (ARGS="--help" for the choices)
	@$(SETUP) develop assets
	@$(BIN)/python -m tools.programs
	@$(BIN)/python -m tools.bench $(ARGS)

catalogues: python ## bring the message catalogues up to date with the texts in the code
	@$(SETUP) develop
	@$(BIN)/python -m tools.catalogues update
	@$(BIN)/python -m tools.catalogues compile

##@ Build

setup: python ## only set up: packages, front end
	@$(SETUP) develop assets

assets: python ## build the front end (stylesheets, scripts, fonts, icons)
	@$(SETUP) packages assets

wheel: python ## build the package into dist/
	@$(SETUP) develop assets
	@$(BIN)/python -m tools.catalogues compile
	@rm -rf build
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean: ## remove what was built and every cache; your data in var/ stays
	rm -rf core/web/static/dist build dist girih.egg-info var/cache var/stamps var/browsers

help: ## say what there is
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

python:
	@test -n "$(PYTHON)" || { printf '%s\n' \
		'Girih needs Python 3.11 or newer, and none was found.' \
		'Install it (Debian 12, Ubuntu 24.04: apt-get install python3 python3-venv; macOS: brew install python@3.12)' \
		'and run the command again, or name it: make run PYTHON=/path/to/python3'; exit 1; }
