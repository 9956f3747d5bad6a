# Every target makes its own environment in .venv; nothing is installed by hand.
PYTHON ?= python3
BIN := .venv/bin
FUZZ ?= 5000

.PHONY: demo test bench fuzz format clean

demo: .venv/demo.stamp
	$(BIN)/python examples/nile.py
	$(BIN)/python examples/heat.py

test: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2

bench: .venv/bench.stamp
	$(BIN)/python benchmarks/run.py --write

fuzz: .venv/test.stamp
	$(BIN)/pytest -n 2 -m fuzz
	$(BIN)/python -m tests.fuzz $(FUZZ)

format: .venv/test.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# One stamp an extra: `make test` installs transpile[test], once.
.venv/%.stamp: pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[$*]"
	@touch $@

.venv/bin/python:
	$(PYTHON) -m venv .venv

clean:
	rm -rf .venv build dist *.egg-info examples/output
