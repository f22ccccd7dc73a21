# Thin wrappers: each line below also works by hand, once `.venv` is there (`make environment`).
#
#   make demo    a council's register on this machine, in a minute
#   make test    every test, on SQLite and on PostgreSQL and in Chromium
#   make quick   the tests that need no Chromium, no other programs and no long walk, on SQLite
#   make coverage    how much of the code the tests reach, on SQLite
#   make check   what is locked, style, types, migrations and the settings of a production site
#   make serve   the production server
#   make bench   how fast it is, measured
#   make format  put the code in the house style
#   make lock    choose the versions of what we build on anew
#   make sbom    write down what is shipped, as CycloneDX, and under which licences

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2

BIN := .venv/bin
RUNTIME := .venv/runtime-is-installed
TOOLS := .venv/tools-are-installed
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-strip-extras \
	--universal --python-version 3.11 --custom-compile-command "make lock"

AS_DEMO := DEBUG=1 DJANGO_RUNSERVER_HIDE_WARNING=true DATABASE_URL=sqlite:///demo.sqlite3 ORGANISATION="Ashmoor County Council"
AS_PRODUCTION := DEBUG=0 HTTPS=1 ALLOWED_HOSTS=register.example.gov.uk DATABASE_URL=sqlite://:memory: \
	CONTACT="Jo Field, register@example.gov.uk" \
	SECRET_KEY=only-to-check-the-settings-0123456789-abcdefghijklmnopqrstuvwxyz

.PHONY: help environment demo test quick coverage check serve bench format lock sbom

help:
	@sed -n 's/^#   make/make/p' Makefile

environment: $(TOOLS)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or later is needed. If it has another name: make demo PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

$(RUNTIME): requirements/base.txt | .venv/bin/python
	@echo "Installing what the application needs…"
	@$(INSTALL) -r requirements/base.txt
	@touch $@

$(TOOLS): requirements/dev.txt | .venv/bin/python
	@echo "Installing what the tests and checks need…"
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

demo: $(RUNTIME)
	$(AS_DEMO) $(BIN)/python manage.py migrate --verbosity 0
	$(AS_DEMO) $(BIN)/python manage.py demo
	@printf "\nFive by Five is at http://127.0.0.1:$(PORT)/ (Ctrl+C stops it)\n"
	@$(AS_DEMO) $(BIN)/python manage.py runserver --noreload 127.0.0.1:$(PORT)

test: $(TOOLS)
	$(BIN)/python -m tests.support.chromium
	$(BIN)/python -m tests $(ARGS)

quick: $(TOOLS)
	$(BIN)/python -m tests quick $(ARGS)

coverage: $(TOOLS)
	$(BIN)/python -m pytest --db=sqlite --quiet --cov --cov-report=term $(ARGS)

check: $(TOOLS)
	PYTHON=$(abspath $(BIN)/python) requirements/try.sh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports --no-logo --no-cache
	$(AS_PRODUCTION) $(BIN)/python manage.py makemigrations --check --dry-run
	$(AS_PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

# SECRET_KEY and ALLOWED_HOSTS come from your environment; HTTPS=0 where nothing in front does TLS.
serve: $(RUNTIME)
	$(BIN)/python manage.py check
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py keep_standings
	$(BIN)/python manage.py collectstatic --no-input --verbosity 0
	$(BIN)/gunicorn config.wsgi --config config/gunicorn.py --workers $(WORKERS) --bind 127.0.0.1:$(PORT)

bench: $(TOOLS)
	$(BIN)/python -m benchmarks $(ARGS)

format: $(TOOLS)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(TOOLS)
	$(COMPILE) requirements/base.in --output-file requirements/base.txt
	$(COMPILE) requirements/dev.in --constraint requirements/base.txt --output-file requirements/dev.txt

# From an environment with what is locked for production and nothing else.
sbom: $(TOOLS)
	rm -rf .sbom && $(BIN)/python -m venv --without-pip .sbom
	$(BIN)/python -m pip --python .sbom/bin/python install --quiet --disable-pip-version-check --require-hashes \
		-r requirements/base.txt
	$(BIN)/cyclonedx-py environment .sbom/bin/python --pyproject pyproject.toml --output-reproducible --output-file sbom.json
	$(BIN)/python requirements/licences.py sbom.json > docs/licences.md
	rm -rf .sbom
