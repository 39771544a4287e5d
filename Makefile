# Every target sets up what it needs: a virtual environment in .venv from the hashed lock, with uv when it is
# there and plain pip when it is not. `make demo` and `make test` are the only two commands a newcomer needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup demo test check prove bench eval-reading lock clean help

help:            ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cần Python 3.11 trở lên (đặt PYTHON=python3.12 nếu máy có nhiều bản)."; exit 1; }
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv -q --allow-existing --python $(PYTHON) $(VENV) && \
	  uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock && \
	  uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
	  $(PYTHON) -m venv $(VENV) && \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch $@

setup: $(READY)  ## .venv with `dondoc` in it, and nothing started

demo: $(READY)   ## the demo in a browser: embedded SQLite, no tokens
	$(BIN)/dondoc demo

test: $(READY)   ## the whole suite, on SQLite and on a real PostgreSQL
	$(BIN)/python -m pytest -q -n auto --dist worksteal

check: $(READY)  ## lint, types, contracts between the rooms
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

prove: $(READY)  ## the longer proofs: kill -9, simulation, mutations, fuzz
	$(BIN)/python -m pytest -q -m prove -p no:cacheprovider

bench: $(READY)  ## speed as ratios against named baselines
	$(BIN)/python -m benchmarks

eval-reading: $(READY)  ## how well letters are read, against the readings beside the repository
	$(BIN)/python -m tests.eval.eval_reading

lock:            ## resolve the lock again (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate -q --upgrade -o requirements.lock

clean:
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache
