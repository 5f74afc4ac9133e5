# gridparty: `make run` starts everything, `make test` runs the whole suite. Needs Python 3.11 or newer.
# PORT, HOST, DATABASE_URL, REDIS_URL, GRIDPARTY_DATA_DIR: see docs/deploy.md.

VENV ?= .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench prove clean lock

help: ## Show the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.installed ## Install, then start web, worker and beat with the demo (PORT=8000)
	@exec $(PY) manage.py quickstart

test: $(VENV)/.installed-dev ## Run the whole test suite
	$(PY) -m pytest -n auto $(PYTEST_ARGS)

lint: $(VENV)/.installed-dev ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .

format: $(VENV)/.installed-dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.installed-dev ## Measure against the floors (SQLite; DATABASE_URL for PostgreSQL)
	$(PY) -m benchmarks.run

prove: $(VENV)/.installed-dev ## Walk every address as every role: nobody may see what is not theirs
	$(PY) manage.py prove_scope

lock: ## Resolve requirements*.txt into hashed lock files (needs uv)
	@sh scripts/lock.sh

clean: ## Remove the virtual environment and caches; the data in var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.installed: requirements.lock scripts/install.sh
	@VENV="$(VENV)" sh scripts/install.sh requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock scripts/install.sh
	@VENV="$(VENV)" sh scripts/install.sh requirements-dev.lock
	@touch $(VENV)/.installed $@
