# `make run` and `make test` are all one needs; `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

VENV ?= .venv
BIN := $(VENV)/bin
# The first Python >= 3.11 that really starts: a version manager's shim may exist and yet not run.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
ifndef PYTHON
PYTHON := $(shell for name in python3.13 python3.12 python3.11 python3; do \
	"$$name" -c '$(NEW_ENOUGH)' 2>/dev/null && { echo "$$name"; break; }; done)
endif
WORKERS ?= 2
# One thread for each test process: two processes that both take every core slow each other down.
TEST_ENVIRONMENT := OMP_NUM_THREADS=1 PYTHONFAULTHANDLER=1
ARGS ?=

.PHONY: help run test lint benchmarks clean libraries test-libraries

help:
	@echo 'make run         install what is missing and open the window (ARGS="photo.png" to open a file)'
	@echo 'make test        lint, types, import contracts, all tests, one pass in a real X window,'
	@echo '                 and the benchmarks at their smallest'
	@echo 'make lint        lint, types and import contracts only'
	@echo 'make benchmarks  the measurements of tests/benchmarks (ARGS="hover facts" for some of them)'
	@echo 'make clean       remove the virtual environment and caches'
	@echo
	@echo 'PYTHON=python3.12       choose the Python (3.11 or newer)'
	@echo 'PIP_INDEX_URL=URL       take packages from a mirror near you; pip reads it'
	@echo 'PIP_EXTRA_INDEX_URL=URL also look there, for instance in an index of CPU-only PyTorch wheels'

run: $(VENV)/run.stamp | libraries
	$(BIN)/fieldglass $(ARGS)

# Lint and the benchmarks at their smallest take one core each, and neither minds the other: nobody
# quotes those figures. What is told of the benchmarks stands below what lint says.
test: $(VENV)/test.stamp | test-libraries
	@told=$$(mktemp); trap 'kill $$smallest 2>/dev/null; rm -f $$told' EXIT; \
	$(BIN)/python -m tests.benchmarks --smallest >$$told 2>&1 & smallest=$$!; \
	$(MAKE) --no-print-directory lint; linted=$$?; \
	wait $$smallest; measured=$$?; cat $$told; exit $$((linted || measured))
	QT_QPA_PLATFORM=offscreen $(TEST_ENVIRONMENT) \
		$(BIN)/pytest -q -n $(WORKERS) --ignore=tests/end_to_end
	QT_QPA_PLATFORM=xcb $(TEST_ENVIRONMENT) \
		xvfb-run -a -s '-screen 0 1600x1000x24' $(BIN)/pytest -q tests/end_to_end

lint: $(VENV)/test.stamp | test-libraries
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

benchmarks: $(VENV)/test.stamp | test-libraries
	$(BIN)/python -m tests.benchmarks $(ARGS)

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

libraries:
	@PYTHON='$(PYTHON)' .ci/system-libraries run

test-libraries:
	@PYTHON='$(PYTHON)' .ci/system-libraries test

$(VENV)/run.stamp: pyproject.toml constraints.txt | libraries
	$(call install,'.[video]')

$(VENV)/test.stamp: pyproject.toml constraints.txt | test-libraries
	$(call install,'.[dev]')

# Makes the environment if there is none (or half of one), installs, and leaves the stamp.
define install
	@[ -x $(BIN)/pip ] || { rm -rf $(VENV) && $(PYTHON) -m venv $(VENV); }
	@$(BIN)/pip install --disable-pip-version-check -q -c constraints.txt -e $(1) || { \
		echo 'fieldglass: pip could not install the packages named above. No connection, or no wheel for' \
			"$$($(BIN)/python -VV | head -n 1)? Try PIP_INDEX_URL=<mirror> or PYTHON=python3.11." >&2; exit 1; }
	@touch $@
endef
