# Two commands are all the set-up there is:  make demo   and   make test
# Both build what they need in .venv on first use.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
INSTALLED := $(VENV)/installed

.PHONY: demo test check bench format constraints clean
.DEFAULT_GOAL := test

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "voxshelf needs Python 3.11 or newer; name one with: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[jupyter,postgres]" \
	  --group test --group check --group bench
	$(BIN)/voxshelf warm
	@touch $@

demo: $(INSTALLED)  ## JupyterLab on the quickstart notebook, with a sample dataset
	$(BIN)/voxshelf lab demo-data $(DEMO_OPTIONS)

test: $(INSTALLED)  ## the whole test suite
	$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup $(TEST_OPTIONS)

check: $(INSTALLED)  ## style, types and import walls
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(INSTALLED)  ## our speed beside our peers', in one run
	$(BIN)/python -m benchmarks $(BENCH_OPTIONS)

format: $(INSTALLED)
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

constraints: $(INSTALLED)  ## write down the versions that are installed now
	{ echo "# The versions that the tests run with; used by make. Renew with: make constraints"; \
	  $(BIN)/python -m pip freeze --exclude-editable | grep -v '@' | sort --ignore-case; } > constraints.txt

clean:
	rm -rf $(VENV) build dist demo-data test-results .mypy_cache .ruff_cache .pytest_cache
