# Every target needs only Python 3.11, make and bash; the environment is made on first use.
SHELL := /bin/bash
export STARTED := $(shell date +%s)
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONPATH := $(CURDIR)/services:$(CURDIR)
export EVENTLET_NO_GREENDNS := yes
export PORT

# What stands on the command line, and numbers of instances from the environment, each as 'name=value'.
# The programs refuse a name that they do not know; make itself would take no notice of a misspelt one.
NAMED = $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))
COUNTED = $(foreach name,gateway cases members notify,$(if $($(name)),$(name)))
quoted = $(foreach name,$(sort $(1)),'$(subst ','\'',$(name)=$($(name)))')

# A target that takes names of its own, or none, begins with this; of what is left over it says so and stops.
takes_only = $(foreach name,$(filter-out $(1),$(NAMED)),$(error make $@ knows no $(name). It takes $(or $(1),nothing)))

.DEFAULT_GOAL := help

help: ## list every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: venv system ## start everything on http://127.0.0.1:8000 (PORT=9000: elsewhere; cases=2: two of them)
	@exec python -m dev.run $(call quoted,$(NAMED) $(COUNTED))

test: venv system ## run every test, on servers and ports of its own
	@dev/test.sh

check: venv ## format, lint, types, import rules, dependencies, Compose file and Dockerfiles
	@dev/check.sh

bench: venv system ## measure load and cost (rows="creates relay": some; stored="0 1000": among so many cases; quick=1; profile=1; write=1)
	@python -m bench $(call quoted,$(NAMED))

chaos: venv system ## play faults against the suite and check that nothing is lost (seed=N, only=NAME)
	$(call takes_only,seed only)@python -m tests.chaos $(if $(seed),--seed $(seed)) $(if $(only),--only '$(only)')

fuzz: venv system ## drive a suite by its OpenAPI document, as several people (examples=N of each operation, seed=N, only=PATTERN of paths)
	$(call takes_only,examples seed only)@python -m tests.fuzz $(if $(examples),--examples $(examples)) $(if $(seed),--seed $(seed)) $(if $(only),--only '$(only)')

chaos-long: venv system ## every fault, on clusters and against plain nameko too, and every mechanism taken out (seed=N)
	$(call takes_only,seed)@python -m tests.chaos --long --write $(if $(seed),--seed $(seed))
	@python -m tests.chaos.mutations

token: venv ## print a bearer token of the running suite (who=resident|dispatcher|member|volunteer|rider|inspector|admin|open311)
	$(call takes_only,who)@python -m dev.token $(who)

demo: venv ## play the street lamp against the running suite
	$(call takes_only)@python -m dev.demo

parked: venv ## list messages that handlers gave up on, with the reason (service=cases: of one service)
	@python -m dev.parked list $(call quoted,$(NAMED))

replay: venv ## put parked messages back in their queues (service=cases id=…: only those)
	@python -m dev.parked replay $(call quoted,$(NAMED))

recount: venv ## count the indicators anew from the cases of the running suite, and put right what differs
	$(call takes_only)@python -m dev.operating recount

retain: venv ## let go of what is personal and whose term is over in the running suite (dry=1: only say how much that is)
	$(call takes_only,dry)@python -m dev.operating retain $(if $(filter-out 0,$(dry)),--dry-run)

audit: venv ## check the audit trails of the running suite against themselves and against their heads
	$(call takes_only)@python -m dev.operating audit

format: venv ## format the code and fix what can be fixed by a tool
	@ruff check --fix --quiet --exit-zero .
	@ruff format .

lock: venv ## resolve requirements/*.in into requirements/*.lock (upgrade=NAME: with a newer NAME)
	$(call takes_only,upgrade)@dev/lock.sh $(upgrade)

secrets: venv ## make the secrets of docker-compose.yml, once, in .env
	@python -m dev.secrets .env && echo "✓ .env"

clean: venv ## remove the data of make run
	$(call takes_only)@python -m dev.running

venv: ## make .venv from the hash-locked requirements
	@dev/venv.sh

system: ## install rabbitmq-server, libcurl4 and a Chinese font where they are missing (Debian, as root)
	@dev/system.sh

.PHONY: help run test check bench chaos fuzz chaos-long token demo parked replay recount retain audit format lock secrets clean venv system
