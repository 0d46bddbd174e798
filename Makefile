# The commands of Commit Life. `make` alone lists them.

# The newest Python that can make a virtual environment; `make PYTHON=…` takes another.
PYTHON = $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv/bin
READY := .venv/.ready
HTMX := node_modules/.package-lock.json
PYTEST_ARGS ?=
MUTANTS ?=
POT = app/translations/messages.pot

.PHONY: help run stop test engines-test stack-test check mutants bench words hashes

help:
	@echo 'make run     serve on http://127.0.0.1:8000  (PORT=8001, DATA_DIR=/absolute/folder)'
	@echo 'make stop    end what is left of a run that was killed  (DATA_DIR=…)'
	@echo 'make test    all tests  (PYTEST_ARGS="-k streak")'
	@echo 'make engines-test the core in Firefox and WebKit (three minutes)'
	@echo 'make stack-test   the containers under every fault (needs Docker; a quarter of an hour)'
	@echo 'make check   lint, format, types, templates, architecture'
	@echo 'make mutants the faults that some test must notice, one by one (half an hour; MUTANTS=queries)'
	@echo 'make bench   the benchmark'
	@echo 'make words   gather every sentence for translators'
	@echo 'make hashes  after a change of a version in the requirements'

# `exec` leaves no shell in between, so that a signal to make reaches the launcher.
run: $(READY) $(HTMX)
	@exec $(VENV)/python -m app.serve --tied

stop: $(READY)
	@exec $(VENV)/python -m app.serve --stop

# What tells the time or takes processes away needs the machine for itself; the rest shares it.
test: $(READY) $(HTMX)
ifeq ($(PYTEST_ARGS),)
	$(VENV)/python -m pytest --numprocesses=2 -m 'not alone'
	$(VENV)/python -m pytest tests/races -m alone
else
	$(VENV)/python -m pytest $(PYTEST_ARGS)
endif

# With the browsers of Debian; which packages, .ci/programs says.
engines-test: $(READY) $(HTMX)
	$(VENV)/python -m pytest tests/engines $(PYTEST_ARGS)

check: $(READY)
	$(VENV)/ruff check
	$(VENV)/ruff format --check
	$(VENV)/mypy app
	$(VENV)/djlint app/templates --check --quiet
	$(VENV)/djlint app/templates --lint --quiet
	$(VENV)/python -m pytest tests/test_architecture.py tests/test_deployment.py tests/test_nginx.py --quiet
	! docker compose version >/dev/null 2>&1 || docker compose --profile '*' config --quiet

# STACK_IMAGES=ready takes the images that are there already.
stack-test: $(READY)
	test '$(STACK_IMAGES)' = ready || docker compose --profile '*' build
	$(VENV)/python -m pytest tests/stack --log-cli-level=INFO $(PYTEST_ARGS)

# In copies of what is here: nothing is changed in place.
mutants: $(READY) $(HTMX)
	@exec $(VENV)/python -m tests.mutants '$(MUTANTS)'

bench: $(READY) $(HTMX)
	@exec $(VENV)/python -m bench

# Files without line numbers and no header with a date: what has not changed makes no difference.
words: $(READY)
	@$(VENV)/pybabel --quiet extract --mapping app/translations/babel.cfg --omit-header \
		--no-default-keywords --keyword _ --keyword lazy --keyword ngettext:1,2 \
		--sort-by-file --add-location file --width 100 --output '$(POT)' app

hashes:
	@exec $(PYTHON) .ci/hashes.py

.venv: $(READY)

$(READY): requirements.txt requirements-dev.txt
	@python='$(PYTHON)'; test -n "$$python" || { \
		echo 'Commit Life needs Python 3.11 or newer with its venv module (Debian: apt install python3-venv).' >&2; exit 1; }; \
	exec $$python .ci/environment.py python

# Without npm the app runs as plain forms, so this never fails a run.
$(HTMX): package.json package-lock.json
	@exec $(VENV)/python .ci/environment.py htmx
$(HTMX): | $(READY)
