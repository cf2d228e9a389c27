# Thin: every target calls a script or xtask.
.PHONY: run test bench e2e setup golden

run: ## build and start the platform with the demonstration city on http://127.0.0.1:8080
	@scripts/run.sh

test: ## every suite: lints, Rust on both engines, front end, browser
	@scripts/test.sh

e2e: ## only the browser stories
	@scripts/e2e.sh

bench: ## figures of docs/PERFORMANCE.md
	@scripts/bench.sh

setup: ## install what building and testing need (Debian packages by name)
	@scripts/setup.sh test

golden: ## rewrite the golden files after a meant change
	@scripts/golden.sh
