# Every target needs only Python 3.11, make and bash; the environment is made on first use.
SHELL := /bin/bash
PYTHON := .venv/bin/python
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONPATH := $(CURDIR)/services:$(CURDIR)
export EVENTLET_NO_GREENDNS := yes

.DEFAULT_GOAL := help

help: ## list every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: ## make .venv from the hash-locked requirements
	@dev/venv.sh

format: venv ## format the code and fix what can be fixed by a tool
	@ruff check --fix --quiet . || true
	@ruff format .

lock: venv ## resolve requirements/*.in into requirements/*.lock
	@dev/lock.sh

.PHONY: help venv format lock
