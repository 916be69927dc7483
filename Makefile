# One command does everything by itself from an empty clone: python >= 3.11 and make are enough.
PYTHON ?= python3
PORT ?= 8080
MORNING ?= yes
VENV ?= .venv
BIN := $(VENV)/bin
# What benchmarks compare with lives in an environment of its own. BASE is an older state of this repository (P3b, P3c).
BENCH ?= .venv-bench
BASE ?= 525e1fa
# How a soak runs.
DATABASE ?= sqlite
MINUTES ?= 60
RATE ?= 40
PYTEST ?= -n auto --dist worksteal
METADATA := constraints.txt setup.cfg pyproject.toml $(wildcard plugins/*/setup.cfg plugins/*/pyproject.toml)
EXAMPLES := $(wildcard examples/*/setup.cfg examples/*/pyproject.toml)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
# Each on top of the one before: what builds packages, what the server needs, what the tests need.
BUILD := $(VENV)/.stamp-build
RUNTIME := $(VENV)/.stamp-runtime
STAMP := $(VENV)/.stamp-installed

# Tests start many servers and read hundreds of files: without bytecode each process would compile all of them again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: test help test-slow faults coverage run install wheels lint migrate bench bench-quick soak docs screenshots lock audit released-schema

# Tests marked deadline prove deadlines, which a busy machine can break. Where nothing else failed (75, of tests/conftest.py)
# they get one more try, alone.
test: $(STAMP)  ## every test, on SQLite and PostgreSQL
	$(BIN)/python -m pytest $(PYTEST) || { test $$? -eq 75 && \
	$(BIN)/python -m pytest -m deadline --last-failed --last-failed-no-failures none; }

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

test-slow: $(STAMP)  ## also the tests that take minutes
	$(BIN)/python -m pytest $(PYTEST) --timeout 3600 -m "slow or not slow"

# Each time with other dice, unless SEED names them; ONLY is for a part of it, FAULTS for a file with what was tried.
SEED ?= $(shell od -An -N3 -tu4 /dev/urandom | tr -d ' ')
FAULTS ?= -
ONLY ?= tests plugins

faults: $(STAMP)  ## every race and fault at full length, with what was tried and the seed; takes hours (SEED=… the same dice again)
	$(BIN)/python -m pytest $(PYTEST) --timeout 3600 -m faults --faults-seed $(SEED) --hypothesis-seed $(SEED) \
	--faults-report $(FAULTS) $(ONLY)

# A target of its own: counting lines takes nearly half as much time again. Servers and commands that tests start are counted too.
coverage: $(STAMP)  ## how much of the code the tests run
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(PYTEST)
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# Before anything else: what a server works with, a second make run leaves alone.
run: $(RUNTIME)  ## a demo plant after a morning's work, served on 127.0.0.1:8080 (PORT=… moves it, MORNING=no leaves the work out)
	@$(BIN)/tracepro serve --check --bind 127.0.0.1:$(PORT)
	@$(BIN)/tracepro migrate
	@test $(MORNING) = no || $(BIN)/python -m examples.morning
	@$(BIN)/tracepro import examples/plant.json
	@sed 's/8080/$(PORT)/g' examples/try.txt
	@exec $(BIN)/tracepro serve --bind 127.0.0.1:$(PORT)

install: $(STAMP)  ## the environment, with all packages

wheels: $(BUILD)  ## what a plant installs of ours, into dist/
	@rm -rf dist build plugins/*/build
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist . $(wildcard plugins/*/)

migrate: $(RUNTIME)  ## the tables of the database
	@$(BIN)/tracepro migrate

lint: $(STAMP)  ## the format, faults that a machine finds, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(BENCH)/.stamp-installed  ## how fast it is beside others, against the goals, into benchmarks/results.md; takes hours
	$(BENCH)/bin/python -m benchmarks --base $(BASE) $(ROWS)

bench-quick: $(BENCH)/.stamp-installed  ## the same with few calls, in a minute; writes nothing
	@$(BENCH)/bin/python -m benchmarks --quick $(ROWS)

soak: $(BENCH)/.stamp-installed  ## a plant's whole life for an hour, looked at and checked, into docs/soak.md; also DATABASE=postgresql MINUTES=… RATE=…
	$(BENCH)/bin/python -m benchmarks.soak --database $(DATABASE) --minutes $(MINUTES) --rate $(RATE)

docs: $(STAMP)  ## the pages of docs/ that are made from the declarations
	$(BIN)/python docs/generate.py

screenshots: $(STAMP)  ## the pictures of docs/pages.md, by Chromium
	TRACEPRO_BROWSER=yes TRACEPRO_SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest -n 0 tests/browser/test_every_page.py

# What is kept of a released version never changes; as long as the changelog says "not yet released" it is made anew.
released-schema: $(STAMP)  ## a plant of this version, which later ones must bring along, into tests/upgrade/released/
	$(BIN)/python -m tests.upgrade

# What a plant installs of others, each file with its hash. Only `make lock` changes the file; a test compares it with constraints.txt.
lock: $(STAMP)  ## requirements.lock from the declared requirements and constraints.txt
	@$(PIP) --no-build-isolation -e .[release]
	@$(BIN)/python .ci/third_party.py | $(BIN)/uv pip compile - --quiet --universal --python-version 3.11 --generate-hashes \
	--constraint constraints.txt --no-header --no-annotate --output-file requirements.lock

# Strict: a package that the advisory database doesn't answer for is a failure, not a pass.
audit: $(STAMP)  ## known vulnerabilities of what requirements.lock names
	@$(PIP) --no-build-isolation -e .[release]
	$(BIN)/pip-audit --requirement requirements.lock --disable-pip --require-hashes --strict

$(BUILD):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "TracePRO needs Python 3.11 or newer; say which with make PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) "setuptools>=68" wheel
	@touch $@

$(RUNTIME): requirements.txt $(METADATA) | $(BUILD)
	@echo "Installing into $(VENV) what the server needs; this takes half a minute, once."
	@$(PIP) --no-build-isolation -r requirements.txt
	@touch $@

$(STAMP): requirements-test.txt $(EXAMPLES) $(RUNTIME)
	@echo "Installing into $(VENV) what the tests need; this takes a minute, once."
	@$(PIP) --no-build-isolation -r requirements-test.txt
	@touch $@

$(BENCH)/.stamp-installed: requirements.txt $(METADATA) benchmarks/requirements.txt benchmarks/constraints.txt
	@echo "Installing into $(BENCH); this takes a minute, once."
	@test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check "setuptools>=68" wheel
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --constraint constraints.txt \
	--constraint benchmarks/constraints.txt --requirement requirements.txt --requirement benchmarks/requirements.txt
	@touch $@
