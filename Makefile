# make run     set up and serve on http://127.0.0.1:8000
# make test    set up and pass every test
# make demo    the seed story played through, start to finish, without a server or a token
#
# All of them keep to `.venv` in this folder; a second run sets up nothing. `make PYTHON=python3.12 …` names a Python.

.DEFAULT_GOAL := help
.PHONY: help run test demo lint nightly bench parity lock clean
SHELL := /bin/sh

RUNS := .venv/.runs
TESTS := .venv/.tests
COMPILE := uv pip compile --no-config --universal --python-version 3.11 --generate-hashes --quiet \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' Makefile

run: $(RUNS) ## set up and serve on http://127.0.0.1:8000
	.venv/bin/rightdoor run

demo: $(RUNS) ## the seed story played through, start to finish
	.venv/bin/rightdoor demo

test: $(TESTS) ## every test, on both databases and, where there is a Chromium, in a browser
	.venv/bin/pytest -n 2 --dist worksteal -m "not nightly"

nightly: $(TESTS) ## what takes longer than `make test` may
	.venv/bin/pytest -m nightly

lint: $(TESTS) ## style, types, the direction of imports, and the rule base
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/rightdoor check
	.venv/bin/rightdoor directory check --within 3211

bench: $(RUNS) ## how fast a turn is, in process and over HTTP
	.venv/bin/rightdoor bench

parity: $(TESTS) ## our dialogue engine beside real rasa 3.6.21, turn by turn (needs RASA_HOME)
	.venv/bin/python -m tests.dialogue.parity
	.venv/bin/python -m tests.dialogue.parity.generated --generated 100

lock: ## choose and pin versions anew (needs uv)
	$(COMPILE) --upgrade --group build --output-file requirements.txt
	$(COMPILE) --upgrade --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean: ## remove the environment and what tools left behind; var/ with its database stays
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(RUNS): requirements.txt pyproject.toml .ci/environment
	@.ci/environment requirements.txt
	@touch $@

# Holds everything `make run` needs as well, so a `make demo` afterwards has nothing to do.
$(TESTS): requirements-dev.txt pyproject.toml .ci/environment
	@.ci/environment requirements-dev.txt
	@touch $(RUNS) $@
