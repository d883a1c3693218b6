# Everything a person or a CI machine runs. Needs Python 3.11 or newer and make; nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
MORE := $(VENV)/.installed-more

.PHONY: help install up test unit check fmt bench docs lock

help: ## Show these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

install: $(STAMP) ## Make .venv from the lock file

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "The Combined Harvester needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Set PYTHON=/path/to/python3.11 and try again.")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

# Spark is large and comes as source, so only what needs it asks for it.
$(MORE): requirements-more.lock $(STAMP)
	@echo "Installing Apache Spark for the tests of the second engine (some minutes, once)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --require-hashes -r requirements-more.lock
	@touch $(MORE)

up: install ## Sample country, harvest, web: prints the address and how to sign in
	@$(BIN)/harvester up

test: install $(MORE) ## The whole suite
	@$(BIN)/python -m tests.prepare
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

unit: install ## The quick part of the suite
	$(BIN)/pytest -n auto --dist loadfile -m "not slow and not browser and not postgres and not spark and not shared" -q

check: install ## Lint, types, order of rooms
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: install ## Format the code
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix .

bench: install ## Measured figures with peers beside them
	$(BIN)/python -m benchmarks

docs: install ## Write docs/reference from the code
	$(BIN)/python -m docs.generate

lock: ## Make both lock files anew (needs uv)
	uv pip compile --quiet --universal --extra dev --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	$(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["spark"], sep="\n")' \
	| uv pip compile --quiet --universal --constraint requirements.lock --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 - -o requirements-more.lock
