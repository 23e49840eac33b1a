# Two commands for a fresh machine with Python 3.11 or later and pip: `make demo` and `make test`.
# Everything is installed into .venv, from locked and hashed requirements; no compiler is needed.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
LOCK := uv pip compile pyproject.toml requirements/build.in --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet
PYTEST_ARGS ?= -n 3 --dist loadscope
DEMO_ARGS ?= --hours 24
OUT ?= out/three-body

.PHONY: demo test slow check bench docs lock clean
.DEFAULT_GOAL := demo

demo: .venv/.run  ## set up, then run the main job into out/three-body
	$(BIN)/perigrid compare three-body $(DEMO_ARGS) -o $(OUT)

test: .venv/.dev  ## set up, then pass the tests
	$(BIN)/python -m pytest $(PYTEST_ARGS)

slow: .venv/.dev  ## storms of a thousand seeds and other tests of minutes
	$(BIN)/python -m pytest $(PYTEST_ARGS) -m slow -o faulthandler_timeout=0

check: .venv/.dev  ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.dev  ## time the main job and the kernels against reference libraries
	$(BIN)/perigrid bench

docs: .venv/.dev  ## links resolve, every command is documented, every example parses
	$(BIN)/python -m pytest tests/test_docs.py

lock: ## rewrite the locked requirements (needs uv)
	$(LOCK) --output-file requirements/run.txt
	$(LOCK) --extra dev --output-file requirements/dev.txt

clean:  ## remove what the other targets made
	rm -rf .venv out build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later with venv is needed; set PYTHON=" >&2; exit 1; }
	$(PYTHON) -m venv .venv

# One stamp per set of requirements: a second make installs nothing.
.venv/.run: requirements/run.txt pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements/dev.txt pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes -r requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ .venv/.run
