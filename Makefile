# Everything in one command each; `make demo` and `make test` set up what they need.
# Windows: see make.ps1 (the same targets).

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
JOBS ?= 2
DEMO := hasil/kaliombo-2023
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
# locks/core.txt plans; app.txt has the screens, too; dev.txt what the tests need besides.
CORE := $(VENV)/.core-installed
APP := $(VENV)/.app-installed
DEV := $(VENV)/.dev-installed
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
  --fork-strategy fewest --group build --generate-hashes --no-annotate \
  --custom-compile-command "make lock" $(UPGRADE)

.PHONY: demo test test-all test-wheel bench app setup wheel lock clean

demo: $(CORE)
	$(BIN)/rembug plan scenarios/kaliombo-2023.yaml --out $(DEMO)
	@echo
	@echo "CSV: $(DEMO)/rancangan.csv   alokasi: $(DEMO)/alokasi.csv   Excel: $(DEMO)/rancangan.xlsx"

test: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -m "not full and not wheel" -n $(JOBS)

test-all: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n $(JOBS) --dist loadgroup

# The package, built and used outside this folder on each Python that the machine has.
test-wheel: $(DEV)
	$(BIN)/pytest -m wheel -rs -n $(JOBS) --dist loadgroup tests/test_wheel.py

bench: $(APP)
	$(BIN)/python benchmarks/pabutools/setup.py
	$(BIN)/rembug bench --json hasil/bench.json

app: $(APP)
	$(BIN)/rembug app

setup: $(DEV)

wheel: $(CORE)
	$(BIN)/python -m hatchling build -t wheel -d dist

# Versions as they are, with what pyproject.toml asks for anew; UPGRADE=--upgrade takes the newest.
lock: $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.8,<1"
	$(LOCK) --all-extras --output-file locks/dev.txt
	$(LOCK) --extra app --constraints locks/dev.txt --output-file locks/app.txt
	$(LOCK) --constraints locks/dev.txt --output-file locks/core.txt

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Perlu Python 3.11 atau lebih baru (Python 3.11 or newer is needed)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { echo "Perlu python3-venv: sudo apt-get install python3-venv (python3-venv is needed)."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.%-installed: locks/%.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes --requirement locks/$*.txt
	$(PIP) --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf $(VENV) hasil build dist .pytest_cache .mypy_cache .ruff_cache
