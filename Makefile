# Needs make and Python 3.11 or newer; everything else is set up in .venv by scripts/bootstrap.py.
PORT ?= 8765
PYTHON ?=
BIN := .venv/bin
BOOTSTRAP := PYTHON="$(PYTHON)" sh scripts/python.sh scripts/bootstrap.py
COMPILE := $(BIN)/uv pip compile pyproject.toml --no-config --universal --python-version 3.11 --quiet \
	--generate-hashes --no-header --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help install run test check bench docs lock clean env-run env-all

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  Variables: PORT=8765 (run), PYTHON=/path/to/python3.11 (any), TESTS='tests/book -k name' (test), UPGRADE=1 (lock)"

install: env-run ## Build .venv with openward in it, from the locked requirements

run: env-run ## Set up what is missing, then open the workbench on 127.0.0.1:$(PORT)
	@exec $(BIN)/openward serve --port $(PORT)

test: env-all ## Set up what is missing, then run all tests (TESTS=... for some)
	$(BIN)/python -m pytest $(TESTS)

check: env-all ## Lint, formatting, types, import layers, and the docs with warnings as errors
	$(BIN)/ruff check --no-cache
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) --no-print-directory docs

bench: env-all ## Run every script in benchmarks/; figures land in benchmarks/results/
	@for script in $(wildcard benchmarks/[!_]*.py); do echo "== $$script"; $(BIN)/python $$script || exit 1; done

docs: env-all ## Build the documentation into docs/_build/html, running its tutorial
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

lock: $(BIN)/uv ## Resolve pyproject.toml into requirements/ (UPGRADE=1 takes newer releases)
	$(COMPILE) --group build --output-file requirements/run.txt >/dev/null
	$(COMPILE) --group dev --constraint requirements/run.txt --output-file requirements/all.txt >/dev/null

clean: ## Remove the environment, the built docs and all caches
	rm -rf .venv dist docs/_build docs/_generated docs/jupyter_execute
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests scripts benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

env-run:
	@$(BOOTSTRAP) run

env-all:
	@$(BOOTSTRAP) all

$(BIN)/uv:
	@$(BOOTSTRAP) run
