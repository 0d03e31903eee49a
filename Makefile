# The commands of a checkout. `make` alone lists them.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# Where the whole files of UNHCR's statistics are.
DATA ?= ../shared/data/unhcr
VENV := .venv
BIN := $(VENV)/bin

# Where kzgraph keeps the releases of a checkout anyway; here for the stamp below.
export KZGRAPH_RELEASES ?= releases

# Python may keep what it compiled, whatever the environment says of that: a server is a dozen
# processes of some hundred modules each, and tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

# How many tests at a time, and which first: tests/conftest.py.
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder

# pip installs what the lock files name, which is all, and nothing that their hashes do not cover.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCKED := --no-deps --require-hashes --requirement
PROJECT := --no-deps --no-build-isolation --editable .
# A release and a small one, where what both cost is compared.
BETWEEN = $(if $(RELEASES),--releases $(RELEASES)) $(if $(BESIDE),--beside $(BESIDE))
# The scripts of the pages: what they are built from, and what is written last.
ASSETS := server/assets
BUILT := server/kzgraph_server/static/built/manifest.json
# Another engine, for tests.
COMUNICA := tests/comunica

# Folders too, so that a table taken away is noticed.
SOURCES := $(shell find mappings/tables mappings/schemas ontology shapes queries; find src mappings -name '*.py')

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve assets comunica wheel test test-long bench bench-build bench-scale bench-pages bench-shapes bench-search bench-check bench-reconcile bench-endpoint bench-examples bench-publish bench-soak build citation extracts model-page pictures messages lock clean

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

serve: $(KZGRAPH_RELEASES)/.built ## Install, build, validate and serve on http://127.0.0.1:8000 (PORT=, HOST=)
	@$(MAKE) --no-print-directory assets-where-possible || echo "The scripts could not be built: pages are served without them."
	@exec $(BIN)/kzgraph serve --host $(HOST) --port $(PORT)

build: $(KZGRAPH_RELEASES)/.built ## Install, and write a release to releases/ if anything changed

assets: $(BUILT) ## Build the scripts of the pages (needs Node 20 or newer, with npm)

comunica: $(COMUNICA)/node_modules/.package-lock.json ## Install Comunica, with which tests ask two servers at once (needs Node 20 or newer)

wheel: $(VENV)/.installed assets ## Write the package, with its scripts, to dist/
	$(BIN)/python -m hatchling build -t wheel

# One processor would be idle while another installs, or looks at types. What mypy says comes last,
# where it is seen, and fails the command.
test: ## Install what tests need; run ruff, mypy and the tests
	@$(MAKE) --no-print-directory --jobs 3 $(VENV)/.installed-test assets-where-possible comunica-where-possible
	$(BIN)/ruff check .
	@echo "mypy, beside the tests"; $(BIN)/mypy >$(VENV)/mypy.txt 2>&1 & types=$$!; \
	$(BIN)/python -m pytest $(PARALLEL); tests=$$?; \
	wait $$types; types=$$?; echo "mypy:"; cat $(VENV)/mypy.txt; exit $$((tests | types))

test-long: $(VENV)/.installed-test ## Run the tests that take minutes each: whole pySHACL, long comparisons
	$(BIN)/python -m pytest $(PARALLEL) -m long

bench: bench-build bench-pages bench-search bench-check bench-reconcile bench-endpoint bench-soak ## Time builds, search, judge claims, match names, and time the endpoint alongside others; ten minutes of hostile clients

bench-build: $(VENV)/.installed ## Time the phases of a build and the start of the server
	$(BIN)/python benchmarks/bench_build.py

bench-scale: $(VENV)/.installed-test ## What a release costs by its size, to ten million triples (fifteen minutes)
	$(BIN)/python benchmarks/bench_scale.py

bench-pages: $(VENV)/.installed-test ## Time a page of each kind, and weigh it with what it loads (RELEASES=, BESIDE= a small release)
	$(BIN)/python benchmarks/bench_pages.py $(BETWEEN)

bench-shapes: $(VENV)/.installed ## Processor seconds of SHACL by both engines, to a hundred documents (ten minutes)
	$(BIN)/python benchmarks/bench_shapes.py

bench-search: $(VENV)/.installed ## Time searches among a million labels (two minutes)
	$(BIN)/python benchmarks/bench_search.py

bench-check: $(VENV)/.installed ## How often claims get the right verdict, and which they get instead
	$(BIN)/python benchmarks/bench_check.py

bench-reconcile: $(VENV)/.installed-test ## How often the names of two sheets are matched rightly
	$(BIN)/python benchmarks/bench_reconcile.py

bench-endpoint: $(VENV)/.installed-test ## Queries per second and latency alongside other endpoints
	$(BIN)/python benchmarks/bench_endpoint.py

bench-examples: $(VENV)/.installed-test ## Time the example queries over HTTP (RELEASES=, BESIDE= a small release)
	$(BIN)/python benchmarks/bench_examples.py $(BETWEEN)

bench-publish: $(VENV)/.installed-test ## Time a release in Virtuoso and the Oxigraph server, and what they answer (RELEASES=)
	$(BIN)/python benchmarks/bench_publish.py $(if $(RELEASES),--releases $(RELEASES)) --kills 4

bench-soak: $(VENV)/.installed-test ## Each known attack (SECONDS=), then good and hostile clients for ten minutes (MINUTES=)
	$(BIN)/python benchmarks/soak.py $(if $(SECONDS),--seconds $(SECONDS)) $(if $(MINUTES),--minutes $(MINUTES))

citation: $(VENV)/.installed ## Write CITATION.cff for the version of the code
	$(BIN)/kzgraph cite --software --format cff > CITATION.cff

extracts: $(VENV)/.installed ## Cut the packaged extracts of UNHCR's statistics out of the whole files (DATA=)
	$(BIN)/python -m kzgraph_mappings.official.extracting $(DATA)

model-page: $(VENV)/.installed-test ## Write the tables of docs/model.md anew, from the tables, the ontology and the shapes
	$(BIN)/python tests/model_page.py

pictures: $(VENV)/.installed-test assets-where-possible ## Take the pictures of the README anew (needs Chromium)
	$(BIN)/python tests/pictures.py

messages: $(VENV)/.installed-test ## Bring the catalogues of messages (server/kzgraph_server/translations) up to date with the pages
	$(BIN)/python tests/messages.py

lock: ## Resolve the dependencies anew and write both lock files
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip --disable-pip-version-check --quiet install uv
	for pair in requirements.lock:build requirements-test.lock:build,test; do \
	  $(VENV)-lock/bin/uv pip compile pyproject.toml --upgrade --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-annotate --strip-extras --quiet \
	    $$(echo $${pair#*:} | tr , '\n' | sed 's/^/--group /') \
	    --output-file $${pair%%:*} || exit 1; \
	done

clean: ## Remove what these commands made
	rm -rf $(VENV) $(VENV)-lock releases dist build $(ASSETS)/node_modules $(COMUNICA)/node_modules $(dir $(BUILT)) .mypy_cache .ruff_cache .pytest_cache .hypothesis

# Without Node the pages are served without scripts, and tests of scripts are skipped.
.PHONY: assets-where-possible
assets-where-possible:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory assets; \
	elif [ -n "$$KZGRAPH_REQUIRE_ALL" ]; then echo "npm not found: the scripts of the pages cannot be built" >&2; exit 1; \
	else echo "npm not found: pages are served without scripts. With Node 20 or newer installed, \`make assets\` builds them."; fi

# npm installs what the lock file names and its hashes cover, and runs nothing of it: .npmrc.
$(ASSETS)/node_modules/.package-lock.json: $(ASSETS)/package.json $(ASSETS)/package-lock.json
	@echo "Installing what the scripts of the pages need ..."
	@cd $(ASSETS) && npm ci --silent
	@touch $@

$(BUILT): $(ASSETS)/node_modules/.package-lock.json $(ASSETS)/build.js $(ASSETS)/tsconfig.json $(shell find $(ASSETS)/src)
	@cd $(ASSETS) && npm run --silent check
	@echo "Scripts of the pages, with all that each loads at once:"
	@cd $(ASSETS) && npm run --silent build

.PHONY: comunica-where-possible
comunica-where-possible:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory comunica; fi

$(COMUNICA)/node_modules/.package-lock.json: $(COMUNICA)/package.json $(COMUNICA)/package-lock.json
	@echo "Installing Comunica, for tests ..."
	@cd $(COMUNICA) && npm ci --silent
	@touch $@

# A stamp is written last, so that an install that failed half-way is done again.
$(VENV)/.created:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) not found: install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "kzgraph needs Python 3.11 or newer and $(PYTHON) is $$($(PYTHON) -V): name a newer one, as in make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created requirements.lock pyproject.toml
	@echo "Installing what kzgraph needs ..."
	@$(PIP) install $(LOCKED) requirements.lock
	@$(PIP) install $(PROJECT)
	@touch $@

# The second lock file names all that the first does. Of the rest little is imported, so that
# Python compiles it when it is.
$(VENV)/.installed-test: $(VENV)/.created requirements.lock requirements-test.lock pyproject.toml
	@echo "Installing what kzgraph and its tests need ..."
	@$(PIP) install --no-compile $(LOCKED) requirements-test.lock
	@$(PIP) install $(PROJECT)
	@touch $(VENV)/.installed $@

$(KZGRAPH_RELEASES)/.built: $(VENV)/.installed $(SOURCES)
	@$(BIN)/kzgraph build
	@touch $@
