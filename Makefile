# One command does everything by itself from an empty clone: python >= 3.11 and make are enough.
PYTHON ?= python3
PORT ?= 8080
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST ?= -n auto --dist worksteal
METADATA := requirements.txt constraints.txt setup.cfg pyproject.toml $(wildcard plugins/*/setup.cfg plugins/*/pyproject.toml \
	examples/*/setup.cfg examples/*/pyproject.toml)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
STAMP := $(VENV)/.stamp-installed

.PHONY: test test-slow run install lint migrate bench docs

# What fails in the crowd gets one more try alone: some tests prove deadlines, which a busy machine can break.
test: $(STAMP)  ## everything, on SQLite and PostgreSQL
	$(BIN)/python -m pytest $(PYTEST) || $(BIN)/python -m pytest --last-failed --last-failed-no-failures none

test-slow: $(STAMP)  ## also what takes minutes
	$(BIN)/python -m pytest $(PYTEST) --timeout 3600 -m "slow or not slow"

run: migrate  ## a demo plant, served on 127.0.0.1:$(PORT)
	@$(BIN)/tracepro import examples/plant.json
	@sed 's/8080/$(PORT)/g' examples/try.txt
	@exec $(BIN)/tracepro serve --bind 127.0.0.1:$(PORT)

install: $(STAMP)  ## the environment with all packages

migrate: $(STAMP)  ## the database's tables
	@$(BIN)/tracepro migrate

lint: $(STAMP)  ## format, faults that a machine finds, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(STAMP)
	@$(PIP) --no-build-isolation -e .[bench]
	$(BIN)/python -m benchmarks

docs: $(STAMP)  ## docs/hooks.md and docs/reference.md from the declarations
	$(BIN)/python docs/generate.py

$(STAMP): $(METADATA)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "TracePRO needs Python 3.11 or newer; say which with make PYTHON=...")'
	@echo "Installing into $(VENV); this takes a minute, once."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) "setuptools>=68" wheel
	@$(PIP) --no-build-isolation -r requirements.txt
	@touch $@
