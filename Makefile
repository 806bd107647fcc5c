# Every target sets up what it needs; `make help` lists them.
PIPELINE ?= pipelines/lab.toml
PYTHON ?= python3
BIN := .venv/bin
STUDY := $(BIN)/python -m study

.DEFAULT_GOAL := help
.PHONY: help study plan report test test-slow check format bench map docs lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-10s %s\n", $$1, $$2}'

study: .venv/ready  ## train PIPELINE (default: pipelines/lab.toml) and write its report
	@$(STUDY) run "$(PIPELINE)"

plan: .venv/ready  ## say what `make study` would train, and how long it would take; train nothing
	@$(STUDY) plan "$(PIPELINE)"

report: .venv/ready  ## draw the report of PIPELINE again from its stored results
	@$(STUDY) report "results/$(basename $(notdir $(PIPELINE)))"

test: .venv/ready  ## run the tests, with the coverage gate
	@$(BIN)/python -m pytest

check: .venv/ready  ## static gate: ruff, mypy --strict, import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: .venv/ready  ## let ruff format the code
	@$(BIN)/ruff format .

# Hashed and pinned, in a .venv of its own; made again only where the lock or the project file changed.
.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make $(MAKECMDGOALS) PYTHON=python3.13, say." >&2; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "python3's venv module is missing: apt install python3-venv (Debian, Ubuntu), then the same command again." >&2; exit 2; }
	@echo "Setting up .venv (once; a minute or two) …"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch .venv/ready
