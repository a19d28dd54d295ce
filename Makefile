# `make serve` and `make test` set up what they need. Another Python: `make test PYTHON=python3.13`.

PYTHON ?= python3
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
CODE := mlops_widgets tests $(wildcard benchmarks)

.PHONY: serve test lint format bench fuzz schema lock wheel clean

serve: .venv/package.stamp
	$(BIN)/mlops-widgets serve --open $(ARGS)

test: .venv/package.stamp
	$(BIN)/python tests/requirements.py
	$(BIN)/python -m pytest $(ARGS)

lint: .venv/package.stamp
	$(BIN)/ruff check
	$(BIN)/mypy

format: .venv/package.stamp
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

bench: .venv/package.stamp
	$(BIN)/python benchmarks/run.py $(ARGS)

# 100,000 inputs to every reader of files, grown by what they reach; the fuzzer is for Linux, so it is no part of the lock.
fuzz: .venv/package.stamp
	$(PIP) install atheris==3.0.0
	PYTHONPATH=tests $(BIN)/python tests/fuzz/run.py $(ARGS)

# What editors complete and check rubrics and assessments with, as the models say it today.
schema: .venv/package.stamp
	$(BIN)/python -c 'from json import dumps; from mlops_widgets import Rubric; print(dumps(Rubric.json_schema(), indent=2))' \
		> rubrics/rubric.schema.json
	$(BIN)/python -c 'from json import dumps; from mlops_widgets import Assessment; print(dumps(Assessment.json_schema(), indent=2))' \
		> rubrics/assessment.schema.json

# What pyproject.toml asks for, as it resolves today; run it on the oldest Python we support.
lock: .venv/python.stamp
	$(BIN)/python -m venv --clear .venv/lock
	.venv/lock/bin/python -m pip -qq --disable-pip-version-check install .
	.venv/lock/bin/python -m pip freeze --exclude mlops-widgets > binder/requirements.txt
	.venv/lock/bin/python -m pip -qq --disable-pip-version-check install '.[postgresql,test]'
	.venv/lock/bin/python -m pip freeze --exclude mlops-widgets > requirements.lock
	rm -rf .venv/lock

wheel: .venv/package.stamp
	$(BIN)/python -m build --wheel --no-isolation

clean:
	rm -rf .venv dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Setting up, in steps: each is done again only when what it depends on has changed.

.venv/package.stamp: pyproject.toml .venv/lock.stamp
	@echo "Installing mlops-widgets into .venv"
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/lock.stamp: requirements.lock .venv/python.stamp
	@echo "Installing the pinned packages into .venv; this takes a minute"
	@$(PIP) install --requirement requirements.lock
	@touch $@

.venv/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or later is needed: install it, or name it as in 'make $(MAKECMDGOALS) PYTHON=python3.12'" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is needed: 'apt install python3-venv' brings it on Debian and Ubuntu" >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv
	@touch $@
