.DEFAULT_GOAL := help
PYTHON ?= python3
ARGS ?=
IN := .venv/bin/python

.PHONY: help run test check fmt contract features dist lock clean

help: ## show this list
	@awk -F ":.*## " "/^[a-z]+:.*## /{printf \"  make %-9s %s\\n\", \$$1, \$$2}" $(MAKEFILE_LIST)

run: ## install, build the page, make the database, serve (ARGS="--port 9000")
	@$(PYTHON) scripts/bootstrap.py
	@exec .venv/bin/salon serve $(ARGS)

test: ## install what tests need and run them all (ARGS="tests/chat -k reply": only those)
	@$(PYTHON) scripts/bootstrap.py --tests
	@$(IN) scripts/test.py $(ARGS)

check: ## format, lint, types, generated contract, the tree itself
	@$(PYTHON) scripts/bootstrap.py --dev
	@$(IN) scripts/check.py

fmt: ## put everything in the form that check wants
	@$(PYTHON) scripts/bootstrap.py --dev
	@$(IN) -m ruff check --quiet --fix . ; $(IN) -m ruff format --quiet .
	@$(IN) scripts/npm.py run --silent format

contract: ## write web/src/contract.ts and the AsyncAPI document from the Python contract
	@$(PYTHON) scripts/bootstrap.py --dev --no-web
	@$(IN) -m salon.core.codegen

features: ## each line of docs/features.md with its tests (ARGS=--missing: those without)
	@$(PYTHON) scripts/bootstrap.py --dev --no-web
	@$(IN) scripts/features.py $(ARGS)

dist: ## build the page and a wheel that carries it, into dist/
	@$(PYTHON) scripts/bootstrap.py
	@$(IN) -m hatchling build --target wheel --directory dist

lock: ## write the lock files anew (ARGS=--upgrade: newest versions)
	@$(PYTHON) scripts/bootstrap.py --dev --no-web
	@$(IN) scripts/lock.py $(ARGS)

clean: ## remove all that the other targets made; rooms and files of a server stay
	rm -rf .venv .venv.lock dist build src/salon/web web/node_modules web/coverage
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
