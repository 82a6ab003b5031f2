# Warmline. `make help` lists what there is.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8037
export PATH := $(CURDIR)/.make/node/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help demo test test-long test-lm setup check bench doctor types format lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: setup ## run everything with the fictional Chunhe Bank at http://127.0.0.1:8037
	@exec $(BIN)/warmline demo --port $(PORT)

setup: ## create the environment and build the front end (nothing to do when unchanged)
	@PYTHON="$(PYTHON)" sh scripts/setup.sh runtime

test: ## the tests, in two processes (installs what they need)
	@PYTHON="$(PYTHON)" sh scripts/setup.sh tests
	@$(BIN)/pytest -n 2 --no-loadscope-reorder
	@cd frontend && npm test --silent

test-long: ## soaks, fault storms, a second PostgreSQL
	@PYTHON="$(PYTHON)" sh scripts/setup.sh long
	@$(BIN)/pytest -m long --timeout 1800

test-lm: ## a live small language model: installs 0.5 GB into .make for these tests alone (no licence file, not for use)
	@PYTHON="$(PYTHON)" sh scripts/setup.sh lm
	@$(BIN)/pytest -m lm tests/language/lm

check: ## every gate: types, style, imports, sizes, drift, licences
	@PYTHON="$(PYTHON)" sh scripts/setup.sh development
	@sh scripts/check.sh

types: setup ## generate the API and event types of the front ends from the code
	@$(BIN)/python scripts/generate_types.py

format: ## format the Python code
	@PYTHON="$(PYTHON)" sh scripts/setup.sh development
	@$(BIN)/ruff check --fix -q . && $(BIN)/ruff format -q .

bench: setup ## the benchmarks that fit a minute each; results as tables and JSON
	@$(BIN)/warmline bench talk && $(BIN)/warmline bench turns && $(BIN)/warmline bench routing

doctor: setup ## what this machine has and lacks
	@$(BIN)/warmline doctor

lock: ## resolve the dependencies anew
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --extra build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --extra build --extra dev pyproject.toml -c requirements.lock -o requirements-dev.lock

clean: ## remove what was built; data stays
	@rm -rf $(VENV) .make frontend/node_modules frontend/dist build
