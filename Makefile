# A thin wrapper: each target is one command that can be run by itself.
PYTHON ?= python3
BIN := .venv/bin
LOG := .venv/install.log
ARGS ?=

# Proxies that sign TLS anew have their certificate in the system's store.
export UV_SYSTEM_CERTS ?= true

.PHONY: install web demo test test-fast lint lock capture readme bench docs wheel reset
install: .venv/installed web

.venv/installed: requirements/bootstrap.txt requirements/lock.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or later is needed: set PYTHON=/path/to/it")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "python venv is missing: install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt \
		>$(LOG) 2>&1 || { echo "uv could not be installed: check the network and pip's settings (log: $(LOG))"; exit 1; }
	@$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements/lock.txt \
		>>$(LOG) 2>&1 || { echo "the lock file could not be installed: check the network and uv's settings (log: $(LOG))"; exit 1; }
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e . \
		>>$(LOG) 2>&1 || { echo "the project could not be installed (log: $(LOG))"; exit 1; }
	@touch $@

# The web application, by the machine's Node, else by one from PyPI.
web: web/dist/index.html

WEB := $(shell find web/src -type f) web/index.html web/package-lock.json web/vite.config.ts
WEB_LOG := .venv/web.log

web/dist/index.html: $(WEB) requirements/node.txt | .venv/installed
	@$(BIN)/python web/build.py >$(WEB_LOG) 2>&1 \
		|| { $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/node.txt && $(BIN)/python web/build.py; } >>$(WEB_LOG) 2>&1 \
		|| { echo "the web application could not be built: check the network and npm's settings (log: $(WEB_LOG))"; exit 1; }

demo: install
	@$(BIN)/python -m demo $(ARGS)

# In two processes, each with services of its own: much of a test is waiting. In the order of
# folders, since the longest tests come first.
test: install lint
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder $(ARGS)

# Style, types, which folder may import which, and that what is imported is declared.
lint: install
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@$(BIN)/lint-imports --no-cache >.venv/imports.log || { cat .venv/imports.log; exit 1; }
	@$(BIN)/deptry . >.venv/deptry.log 2>&1 || { cat .venv/deptry.log; exit 1; }
	@if test -x web/node_modules/.bin/eslint; then cd web && node_modules/.bin/tsc && node_modules/.bin/eslint .; fi

# What needs no service and is quick: the first thing to run after a change.
test-fast: lint
	@$(BIN)/python -m pytest -q -m "not slow" tests/unit $(ARGS)

COMPILE := $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate

lock:
	@$(COMPILE) --python-version 3.10 $(addprefix --extra ,airflow consumer api registry demo dev) pyproject.toml -o requirements/lock.txt
	@$(COMPILE) --python-version 3.10 --extra lakehouse pyproject.toml -o requirements/lakehouse.txt
	@$(COMPILE) --python-version 3.10 pyproject.toml requirements/airflow-2.11.in -o requirements/airflow-2.11.txt
	@$(COMPILE) --python-version 3.12 requirements/data-rentgen.in -o requirements/data-rentgen.txt
	@$(COMPILE) --python-version 3.10 requirements/node.in -o requirements/node.txt

reset:
	@if test -x $(BIN)/python; then $(BIN)/python -m demo reset; else rm -rf .state; fi

capture: install
	@$(BIN)/python -m demo.capture
	@UPDATE_DOCS=1 $(BIN)/python -m pytest -q tests/integration/consumer/sql/test_docs.py

# All benchmarks in their short form, and the page of what they measured: 15 minutes.
bench: install
	@$(BIN)/python -m benchmarks.page $(ARGS)

docs: install
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

wheel: install
	@$(BIN)/python -m hatchling build -t wheel

# What the README says was printed, printed anew.
readme: install
	@$(BIN)/python -m benchmarks.readme
