.DEFAULT_GOAL := help
PYTHON ?= python3
ARGS ?=
IN := .venv/bin/python

.PHONY: help run test check fmt contract features soak bench bench-fanout bench-chat bench-polls bench-files bench-calls bench-study bench-profile poll-races dist lock clean

help: ## show this list
	@awk -F ":.*## " "/^[a-z-]+:.*## /{printf \"  make %-14s %s\\n\", \$$1, \$$2}" $(MAKEFILE_LIST)

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

soak: ## a million events, 1,000 clients, 200 SIGKILLs, judged (ARGS="--events 10000 --clients 100 --kills 5")
	@$(PYTHON) scripts/bootstrap.py --dev --no-web
	@$(IN) scripts/soak.py $(ARGS)

poll-races: ## 100,000 raced votes on SQLite and PostgreSQL: none double, late or lost (ARGS="--votes 5000")
	@$(PYTHON) scripts/bootstrap.py --dev --no-web
	@$(IN) scripts/poll_races.py $(ARGS)

bench: bench-fanout bench-chat ## measure beside Node's socket.io (ARGS=--quick; --write: into docs/performance.md)

bench-fanout: ## 1,000 connections in one room: a delivered event, coming in, being there
	@$(PYTHON) scripts/bootstrap.py --dev
	@$(IN) -m bench.fanout $(ARGS)

bench-chat: ## durable commands: 100 rooms of two, 200 in one room, on SQLite and PostgreSQL
	@$(PYTHON) scripts/bootstrap.py --dev
	@$(IN) -m bench.chat $(ARGS)

bench-polls: ## 5,000 people vote within five seconds (ARGS="--clients 200")
	@$(PYTHON) scripts/bootstrap.py --dev --no-web
	@$(IN) -m bench.polls $(ARGS)

bench-files: ## files up and down beside nginx and cp, and while people talk (ARGS="--quick", "--mib 256")
	@$(PYTHON) scripts/bootstrap.py --dev --no-web
	@$(IN) -m bench.files $(ARGS)

bench-calls: ## calls in real browsers: to the first picture, to silence, eight people (ARGS="--quick")
	@$(PYTHON) scripts/bootstrap.py --tests
	@$(IN) -m bench.calls $(ARGS)

bench-study: ## seconds on pages beside the server's, agreement after it was killed (ARGS="--quick")
	@$(PYTHON) scripts/bootstrap.py --tests
	@$(IN) -m bench.study $(ARGS)

bench-profile: ## where the server's time goes (ARGS="rate", "fanout", "join", "pairs" or "room")
	@$(PYTHON) scripts/bootstrap.py --dev --no-web
	@$(IN) -m bench.profiler $(ARGS)

dist: ## build the page and a wheel that carries it, into dist/
	@$(PYTHON) scripts/bootstrap.py
	@$(IN) -m hatchling build --target wheel --directory dist

lock: ## write the lock files anew (ARGS=--upgrade: newest versions)
	@$(PYTHON) scripts/bootstrap.py --dev --no-web
	@$(IN) scripts/lock.py $(ARGS)

clean: ## remove all that the other targets made; rooms and files of a server stay
	rm -rf .venv .venv.lock dist build bench/build bench/peer/node_modules src/salon/web web/node_modules web/coverage
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find src tests scripts bench -name __pycache__ -type d -prune -exec rm -rf {} +
