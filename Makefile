# One target for each task; each sets up its own dependencies. `make help` lists them.
PIPELINE ?= pipelines/lab.toml
PYTHON ?= python3
SAMPLE ?= 200
BIN := .venv/bin
STUDY := $(BIN)/python -m study
# Without its bytecode, each of many processes would compile the project again.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest --numprocesses=auto --dist=worksteal
COMPILE = .venv/lock/bin/uv --no-cache pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock"
PIP := $(BIN)/python -m pip install --quiet --no-cache-dir --disable-pip-version-check --no-deps
OR_SAY_WHY = >.venv/setup.log 2>&1 || { cat .venv/setup.log >&2; echo >&2 \
	"The packages could not be installed: see the message of pip above. The first setup needs a network; run the same command again with one."; exit 2; }
# The extra `data`: the packages that scikit-learn adds to requirements.lock, if PIPELINE has one of its datasets.
SKLEARN := scikit-learn|joblib|cloudpickle|narwhals
DATA := $(shell grep -Eqs '^[^\#]*generator *= *.sklearn' "$(PIPELINE)" && echo .venv/data)
export MPLCONFIGDIR := $(CURDIR)/.venv/matplotlib# keeps the list of fonts inside .venv

.DEFAULT_GOAL := help
.PHONY: help study plan report test coverage test-slow test-faults check format bench bench-peers bench-scale calibration mutants map docs lock audit clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{printf "make %-11s %s\n", $$1, $$2}'
	@echo
	@echo "PIPELINE=$(PIPELINE)   the pipeline file of study, plan and report"
	@echo "SAMPLE=$(SAMPLE)   number of changes that \`make mutants\` tries, of some thousands"
	@echo "PYTHON=$(PYTHON)   makes .venv, 3.11 or newer; \`make clean\` first to change it"

study: .venv/ready $(DATA)  ## train the missing runs of PIPELINE and write its report
	@$(STUDY) run "$(PIPELINE)"

plan: .venv/ready $(DATA)  ## show what `make study` would train and its expected time; train nothing
	@$(STUDY) plan "$(PIPELINE)"

report: .venv/ready $(DATA)  ## redraw the report of PIPELINE from results/, if the study has the name of its file
	@$(STUDY) report "results/$$(basename "$(PIPELINE)" .toml)"

test: .venv/complete  ## run the tests; some five minutes
	@$(PYTEST)

coverage: .venv/complete  ## run the same tests; every branch of nn_core and 95 % of study must be covered
	@$(PYTEST) --cov --cov-report=
	@$(BIN)/python -m coverage report --include='nn_core/*' --fail-under=100
	@$(BIN)/python -m coverage report --include='study/*' --fail-under=95

test-slow: .venv/complete  ## run the tests that take more than ten seconds each
	@$(BIN)/python -m pytest -m slow || { [ $$? -eq 5 ] && echo "no test is marked slow"; }

test-faults: .venv/complete  ## damage real studies at many moments: kills, full disks, flipped bytes; half an hour
	@$(BIN)/python -m pytest -m "faults or not faults" tests/faults

check: .venv/complete  ## static gate: ruff, mypy --strict, import-linter, plain English
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m tests.plain

format: .venv/complete  ## format the code with ruff
	@$(BIN)/ruff format .

bench: .venv/complete  ## measure speed: the network and its peers, then the whole lab; some ten minutes
	@$(BIN)/python -m tests.benchmarks.network
	@$(BIN)/python -m tests.benchmarks.classifier
	@$(BIN)/python -m tests.benchmarks.whole_study

bench-peers: .venv/complete  ## install what `make bench` compares with: PyTorch, JAX and scikit-learn
	@$(BIN)/python -m tests.benchmarks.peers

bench-scale: .venv/complete  ## measure a study of 100,000 runs, without its training; some ten minutes
	@$(BIN)/python -m tests.benchmarks.scale

calibration: .venv/complete  ## measure how often verdicts and intervals are wrong in simulations; some minutes
	@$(BIN)/python -m tests.calibrated

mutants: .venv/complete  ## make SAMPLE small changes of the code, and list the ones that no test notices; half an hour
	@$(BIN)/python -m tests.mutants --sample $(SAMPLE)

map: .venv/complete  ## print every source file with its purpose
	@$(BIN)/python -m tests.map

docs: .venv/complete  ## renew the generated documentation, and the pictures, verdicts and example from results/
	@$(BIN)/python -m tests.generated
	@$(BIN)/python -m tests.record
	@$(BIN)/python -m tests.pictures

lock: .venv/ready  ## pin the newest versions that are a week old, with hashes, in both lock files
	@$(BIN)/python -m venv --clear .venv/lock
	@.venv/lock/bin/python -m pip install --no-cache-dir --disable-pip-version-check --quiet uv
	@$(COMPILE) --all-extras --group dev --upgrade --exclude-newer "1 week" --output-file requirements-dev.lock pyproject.toml
	@$(COMPILE) --group build --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml
	@rm -rf .venv/lock

audit: .venv/ready  ## check the pinned packages for known vulnerabilities (pip-audit, in .venv/audit)
	@{ [ -x .venv/audit/bin/pip-audit ] || { $(BIN)/python -m venv --clear .venv/audit && \
		.venv/audit/bin/python -m pip install --quiet --no-cache-dir --disable-pip-version-check pip-audit; }; } >.venv/audit.log 2>&1 || { \
		echo >&2 "Nothing was audited: pip-audit could not be installed, which needs a network (see .venv/audit.log)."; exit 2; }
	@.venv/audit/bin/pip-audit --strict --progress-spinner=off --cache-dir .venv/audit/cache --require-hashes --disable-pip -r requirements-dev.lock >.venv/audit.log 2>&1; \
		code=$$?; if [ $$code -eq 0 ] || grep -q "known vulnerabilit" .venv/audit.log; then cat .venv/audit.log; exit $$code; fi; \
		echo >&2 "Nothing was audited: the list of vulnerabilities could not be read, which needs a network (see .venv/audit.log)."; exit 2

clean:  ## remove .venv and all caches; results stay
	@rm -rf .venv build *.egg-info .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find nn_core study tests -name __pycache__ -prune -exec rm -rf {} +

# .venv/ready is written last and contains the folder's name, so that an interrupted, moved or copied setup is repeated.
ifneq ($(shell cat .venv/ready 2>/dev/null),$(CURDIR))
.PHONY: .venv/ready
endif
.venv/ready: requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo >&2 \
		"$(PYTHON) is older than Python 3.11, or missing; choose another one, for example: make $(or $(firstword $(MAKECMDGOALS)),study) PYTHON=python3.13"; exit 2; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo >&2 \
		"$(PYTHON) has no venv module; install it (Debian, Ubuntu: apt install python3-venv), then run the same command again."; exit 2; }
	@echo "Setting up .venv (once; a minute or two) …"
	@"$(PYTHON)" -m venv --clear .venv
	@{ $(PIP) --require-hashes -r requirements.lock && $(PIP) --no-build-isolation -e .; } $(OR_SAY_WHY)
	@echo "$(CURDIR)" >.venv/ready

.venv/complete: .venv/ready requirements-dev.lock
	@echo "Adding the packages of the tests and checks (once; a minute or two) …"
	@$(PIP) --require-hashes -r requirements-dev.lock $(OR_SAY_WHY)
	@touch .venv/data .venv/complete

.venv/data: .venv/ready requirements-dev.lock
	@echo "Adding scikit-learn, which the pipeline's datasets need (once) …"
	@awk '/^[a-z]/ {wanted = /^($(SKLEARN))==/} wanted' requirements-dev.lock >.venv/data.lock
	@$(PIP) --require-hashes -r .venv/data.lock $(OR_SAY_WHY)
	@touch .venv/data
