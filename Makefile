# Plenary needs Python >= 3.11 and make; everything else is installed under .venv and frontend/node_modules.
SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3
UV := uv==0.13.9
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
export PATH := $(BIN):$(PATH)
export PYTHONPATH := platform:.

RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev

.PHONY: help venv dev lock

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

venv: $(RUNTIME) ## the virtual environment with what Plenary runs on

dev: $(DEV) ## the same with the tools the tests need

$(VENV)/bin/uv:
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet $(UV)

$(RUNTIME): requirements.txt | $(VENV)/bin/uv
	@$(BIN)/uv pip install --quiet --require-hashes -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(RUNTIME)
	@$(BIN)/uv pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"
lock: $(VENV)/bin/uv ## requirements*.in -> requirements*.txt
	@$(COMPILE) requirements.in -o requirements.txt
	@$(COMPILE) requirements-dev.in -o requirements-dev.txt
