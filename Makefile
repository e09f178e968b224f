# Everything in one command each; `make demo` and `make test` set up what they need.
# Windows: see make.ps1 (the same targets).

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.rembug-stamp
DEV_STAMP := $(VENV)/.rembug-dev-stamp
JOBS ?= 2
DEMO := hasil/kaliombo-2023

.PHONY: demo test test-all bench app setup clean

demo: $(STAMP)
	$(BIN)/rembug plan scenarios/kaliombo-2023.yaml --out $(DEMO)
	@echo
	@echo "CSV: $(DEMO)/rancangan.csv   alokasi: $(DEMO)/alokasi.csv   Excel: $(DEMO)/rancangan.xlsx"

test: $(DEV_STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -m "not full" -n $(JOBS)

test-all: $(DEV_STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n $(JOBS)

bench: $(STAMP)
	$(BIN)/python benchmarks/pabutools/setup.py
	$(BIN)/rembug bench --json hasil/bench.json

app: $(STAMP)
	$(BIN)/rembug app

setup: $(DEV_STAMP)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Perlu Python 3.11 atau lebih baru (Python 3.11 or newer is needed)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { echo "Perlu python3-venv: sudo apt-get install python3-venv (python3-venv is needed)."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(STAMP): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(DEV_STAMP): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@ $(STAMP)

clean:
	rm -rf $(VENV) hasil build dist .pytest_cache .mypy_cache .ruff_cache
