# Kartu Huma Betang. `make` alone lists the targets.

PYTHON ?= python3
KIOSK_HOME ?= $(CURDIR)/instance
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
THREADS ?= 16
DEMO ?= 1
export PYTHON KIOSK_HOME

BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet install

.DEFAULT_GOAL := help
.PHONY: help run test lint check bench shots lock migration docs clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 16

run: .venv/run ## set up and serve on http://localhost:8000 (DEMO=0: without demo families)
	@$(BIN)/kiosk setup
	@if [ "$(DEMO)" = 0 ]; then $(BIN)/kiosk officers first; else $(BIN)/kiosk demo load; fi
	@echo "http://localhost:$(PORT)"
	@# --log-level error: threads mostly wait for the one that writes, so there are more than the server finds usual
	@exec $(BIN)/granian --interface wsgi --host $(HOST) --port $(PORT) --workers $(WORKERS) \
		--blocking-threads $(THREADS) --workers-kill-timeout 10 --no-ws --log-level error kiosk.wsgi:app

test: .venv/test lint check ## set up and run everything: lint, types, import contracts, tests on both databases, browser

lint: .venv/test ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: .venv/test ## all tests, two at a time
	$(BIN)/python -m pytest -n 2 --dist loadscope

bench: .venv/test ## measure: one table per question (see docs/measured.md)
	@for question in redeem import_families card_pdf determination statuses; do echo "== $$question"; $(BIN)/python -m bench.$$question || exit 1; done

shots: .venv/test ## take the pictures of README and handbook anew
	SHOTS=$(CURDIR)/build/shots $(BIN)/python -m pytest -q tests/browser
	@mkdir -p docs/pictures
	@grep -rohE 'pictures/[a-z0-9-]+\.png' README.md docs --include='*.md' | sort -u | \
		while read -r picture; do cp "build/shots/$${picture#pictures/}" docs/pictures/; done

docs: .venv/test ## write docs/data.md from the models
	$(BIN)/python docs/describe_data.py

migration: .venv/test ## write a new migration from the models (NAME="what it does")
	$(BIN)/python registry/migrations/make.py "$(NAME)"

lock: .venv/test ## pin the requirements anew, with hashes
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		requirements-dev.in -o requirements-dev.txt

clean: ## remove the virtual environment and caches (never KIOSK_HOME)
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/run: requirements.txt pyproject.toml setup/system-packages.sh
	@setup/system-packages.sh run
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test: .venv/run requirements-dev.txt
	@setup/system-packages.sh test
	$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@
