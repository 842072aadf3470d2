# One line for each thing that people do here. `make run` and `make test` set up what they need.
PYTHON ?= python3
BIN := .venv/bin
SET_UP := .venv/.set-up

.PHONY: install run test test-postgres check bench format lock help

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

install: $(SET_UP)  ## set up .venv

$(SET_UP): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("This needs Python 3.11 or newer; $(PYTHON) is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

run: $(SET_UP)  ## set up the database, load the content, serve http://127.0.0.1:8000 (PORT, WORKERS)
	$(BIN)/python manage.py serve --look
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py import_content --keep-edits
	$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	$(BIN)/python manage.py serve

test: $(SET_UP)  ## all tests; on PostgreSQL too where TEST_POSTGRES_URL names a server
	$(BIN)/python -m pytest -n auto --dist worksteal
	@if [ -n "$(TEST_POSTGRES_URL)" ]; then echo "Again, on PostgreSQL:"; DATABASE_URL="$(TEST_POSTGRES_URL)" $(BIN)/python -m pytest -n auto --dist worksteal -m "database and not browser"; fi

check: $(SET_UP)  ## formatting, lint, types, import rules, migrations, content
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check_content | tail -n 1

format: $(SET_UP)  ## mend formatting and imports
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(SET_UP)  ## speed and memory, as ratios in one run; then a thousand kills on each database (about 20 minutes)
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.papers
	$(BIN)/python -m tests.bench.crash

lock: $(SET_UP)  ## write requirements.txt anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --group dev --generate-hashes --universal --python-version 3.11 --no-emit-index-url --custom-compile-command "make lock" -o requirements.txt
