# Every target does its own set-up: on a Debian or Ubuntu machine that has Swift, nothing else needs to be there.
# What is missing is installed with apt, and said before it is done (Scripts/set-up).

SHELL := /bin/bash
.DEFAULT_GOAL := help

# make run ARGS="--port 9000"
ARGS ?=
# make test-swift FILTER=TokenRulesTests · make test-real FILTER=story · make test-browser FILTER=keyboard
FILTER ?=

SWIFT_FILES := Package.swift Plugins Sources Tests Benchmarks

.PHONY: help run build test test-swift test-real test-browser test-examples test-deep check bench format lint snapshots openapi clean

help: ## Show this help
	@printf 'Latchkey: service users, their tokens, and one answer to "whose token is this?"\n\n'
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'
	@printf '\nFirst token in a minute: README.md. How the house is built: ARCHITECTURE.md.\n'

run: ## Build in release mode and serve on http://127.0.0.1:8080, data in var/ (ARGS="--port 9000")
	@Scripts/set-up run
	swift build -c release --product latchkey
	@exec .build/release/latchkey serve --data-dir var $(ARGS)

build: ## Build the program in release mode: .build/release/latchkey
	@Scripts/set-up run
	swift build -c release --product latchkey

test: ## Run every test: Swift tests on both engines, foreign clients and faults, pages in a browser
	@Scripts/test all

test-swift: ## Run the Swift tests alone (FILTER=name narrows)
	@Scripts/test swift $(FILTER)

test-real: ## Run the proofs with foreign clients and faults alone (FILTER=name narrows)
	@Scripts/test real $(FILTER)

test-browser: ## Run the proofs of the pages in a real browser alone (FILTER=name narrows)
	@Scripts/test browser $(FILTER)

test-examples: ## Run what is in examples/ with the clients that it is for (FILTER=name narrows)
	@Scripts/test examples $(FILTER)

test-deep: ## As test, with 100 generated examples per operation and all rounds of the fault tests
	@DEEP=1 Scripts/test all

check: ## What to run before a commit: format, lint, house rules, Swift tests
	@$(MAKE) --no-print-directory lint
	@Scripts/test swift

bench: ## Measure speed and size beside a bare server on the same machine (release build)
	@Scripts/set-up bench
	@Scripts/bench $(ARGS)

format: ## Rewrite the Swift sources in the house's format
	swift format --in-place --parallel --recursive $(SWIFT_FILES)

lint: ## Say where the Swift sources differ from the house's format
	swift format lint --strict --parallel --recursive $(SWIFT_FILES)

snapshots: ## Write the files of record anew (schemas, permission table): read their diff
	@SNAPSHOTS=write Scripts/test swift

openapi: ## Print the OpenAPI document that the program serves
	@Scripts/set-up run >&2
	@swift build --product latchkey >&2
	@Scripts/openapi

clean: ## Remove what builds and tests left behind (var/ stays)
	rm -rf .build .build-real
