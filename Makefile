# Two commands on a fresh machine: `make demo`, `make test`. Python 3.11+ is all that must be there.
PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -q

.PHONY: setup demo test check bench torture catalogues screenshots clean

setup: .venv/.ready

.venv/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: setup          ## a lifelike office on the embedded database, and the counter opens
	$(BIN)/counter demo

check: setup         ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check          ## everything that judges the product
	$(PYTEST) -n 5 --dist loadfile -m "not torture" tests

torture: setup       ## slow campaigns: kill -9, power cuts, full disks, long state machines
	$(PYTEST) -m torture tests

bench: setup         ## figures beside their floors, in docs/benchmarks.md
	$(BIN)/python -m benchmarks

catalogues: setup    ## collect the English texts, merge into Vietnamese, compile
	$(BIN)/python -m tools.catalogues

screenshots: setup   ## the pictures in README and the guides, made by the app itself
	$(BIN)/python -m tools.screenshots

clean:
	rm -rf .venv build dist *.egg-info
