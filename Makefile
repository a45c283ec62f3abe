# A machine needs Python 3.11 or newer and make; all else comes into .venv and frontend/node_modules.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$python && break; done)
BIN := $(CURDIR)/.venv/bin
export PYTHONPATH := platform:.

.PHONY: help python venv dev build everything run manage lock clean test lint format types imports messages \
	unit postgres frontend journeys bench faults

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

run: build ## start Plenary with a sample forum and print its address
	@exec $(BIN)/python platform/run.py --follow-parent

python:
	@$(or $(PYTHON),false) -c '$(NEW_ENOUGH)' 2>/dev/null || \
		{ echo "Plenary needs Python 3.11 or newer: install it, or name it with make PYTHON=…" >&2; exit 1; }

venv: python ## the virtual environment with what Plenary runs on
	@$(PYTHON) platform/install.py --no-frontend

dev: python ## the same with the tools the tests need
	@$(PYTHON) platform/install.py --no-frontend --dev

build: python ## all that Plenary runs on, front end and translations included
	@$(PYTHON) platform/install.py

manage: venv ## one of Django's commands on the forum of `make run`: make manage RUN="sample_forum --full"
	@exec $(BIN)/python platform/run.py manage $(RUN)

COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"
lock: venv ## requirements*.in -> requirements*.txt
	@$(COMPILE) requirements.in -o requirements.txt
	@$(COMPILE) requirements-dev.in -o requirements-dev.txt

clean: ## forget everything that was installed, built or stored here
	@rm -rf .venv var frontend/node_modules frontend/dist test-results .*_cache .hypothesis

everything: python
	@$(PYTHON) platform/install.py --dev

test: everything lint types imports messages unit postgres frontend journeys ## all checks and tests, in about forty minutes on two cores
	@echo "Everything passed."

define heading
	@echo; echo "== $@"
endef

lint: dev ## style and likely mistakes
	$(heading)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: dev ## rewrite the sources in the house's style
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

types: dev ## types, by mypy
	$(heading)
	@$(BIN)/mypy platform rooms chat bench tests

imports: dev ## the floors: who may import whom
	$(heading)
	@$(BIN)/lint-imports --no-cache

messages: dev ## every sentence is translated
	$(heading)
	@export PATH="$(BIN):$$PATH" DEBUG=1 && python platform/manage.py messages --check

unit: everything ## tests without a browser, on SQLite
	$(heading)
	@$(BIN)/pytest -n auto -q

postgres: everything ## the same tests on PostgreSQL
	$(heading)
	@$(BIN)/python -m tests.postgres $(BIN)/pytest -n auto -q

frontend: everything ## types and tests of the front end
	$(heading)
	@cd frontend && export PATH="$(BIN):$$PATH" && npm run --silent check && npm test --silent

journeys: everything ## people at real browsers
	$(heading)
	@CHROMIUM="$$($(BIN)/python -m tests.chromium)" && export CHROMIUM && exec $(BIN)/pytest -q tests/journeys

bench: everything ## one measurement: make bench NAME=fanout
	@exec $(BIN)/python -m bench.$(NAME)

faults: everything ## kill processes under load, let crowds come and go, and look for what got lost
	@failed=0; for name in faults media_faults; do $(BIN)/python -m bench.$$name || failed=1; done; exit $$failed
