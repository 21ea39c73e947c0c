# The two commands: `make compare` runs the main job, `make test` the tests. Both set up first.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help compare test test-all lint bench setup setup-test lock clean

BIN := .venv/bin
STUDY ?= studies/variants.toml
# One thread for each process: the tests run side by side.
TEST := OMP_NUM_THREADS=1 $(BIN)/pytest
WORKERS ?= 2

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

compare: setup ## set up, then run the main job (STUDY=... for another study)
	$(BIN)/bumpfem run $(STUDY)

test: lint ## set up, then lint and run the tests that are not marked slow
	$(TEST) -n $(WORKERS) -m "not slow"

test-all: lint ## as test, with the slow tests
	$(TEST) -n $(WORKERS)

lint: setup-test ## set up, then ruff, mypy --strict and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup-test ## compare wall time and memory with CalculiX
	$(BIN)/python bench/calculix.py

setup: ## system packages, Python, .venv and the pinned packages
	@scripts/setup run

setup-test: ## the same with the tools of the tests
	@scripts/setup test

lock: ## renew requirements.lock and requirements-dev.lock (UPGRADE=-U takes newer versions)
	@scripts/lock $(UPGRADE)

clean: ## remove the environment, stamps and caches; results stay
	rm -rf .venv .stamp .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
