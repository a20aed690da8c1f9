# The commands of the course. `make help` lists them. Works with GNU make 3.81 and later.
# Each command first brings .venv in step with requirements.lock (tools/set_up.py).

.DEFAULT_GOAL := help
.SUFFIXES:

ifeq ($(OS),Windows_NT)
VENV_PYTHON := $(CURDIR)/.venv/Scripts/python.exe
else
VENV_PYTHON := $(CURDIR)/.venv/bin/python
endif

# The Python that makes .venv: `make book PYTHON=python3.12`. Without it, the Python that .venv
# already holds, else the first one here that starts and will do, else any, to be refused.
ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell \
  fits="import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"; \
  for python in "$(VENV_PYTHON)" python3 python3.12 python3.13 python3.11 python; do \
    if "$$python" -c "$$fits" >/dev/null 2>&1; then break; fi; \
    python=$$(command -v python3 || echo python); \
  done; echo "$$python" | sed 's/ /\\ /g')
endif

# What you add to a command: make test ARGS="-k data", make notebooks ARGS=lstm
ARGS ?=
TESTS ?=

# The same surroundings for every Python that is started here (the tools set them too, for those
# who work without make).
export PYTHONUTF8 := 1
export PYTHONHASHSEED := 0
export TF_CPP_MIN_LOG_LEVEL := 3
export TF_ENABLE_ONEDNN_OPTS := 0
KERAS_BACKEND ?= tensorflow
export KERAS_BACKEND

# A part of `lint` and `test`. (Not $(MAKE) in the recipe of `test`: make runs such a line even
# under `make -n`, and with it the tests, which call `make -n test`.)
CHECK_STYLE := "$(VENV_PYTHON)" -m ruff check . && "$(VENV_PYTHON)" -m ruff format --check . \
  && "$(VENV_PYTHON)" -m codespell_lib

.PHONY: help
help: ## List these commands
	@echo "Usage: make COMMAND [PYTHON=python3.12] [ARGS=...]"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

.PHONY: book
book: setup ## Build the book: _build/html/index.html
	@"$(VENV_PYTHON)" -m tools.book $(ARGS)

.PHONY: slides
slides: setup ## Build the slides alone: _build/html/slides (make book builds them too)
	@"$(VENV_PYTHON)" -m tools.slides

.PHONY: test
test: setup ## Run style check and quick tests (ARGS=--all for all, ARGS="-k data", TESTS=tests/test_house.py)
	@lint=0; { $(CHECK_STYLE); } || lint=1; \
	"$(VENV_PYTHON)" -m pytest -n 2 $(TESTS) $(ARGS); tests=$$?; \
	if [ $$lint -ne 0 ]; then echo "make test: the style check failed too; see above the tests, or run: make lint"; fi; \
	[ $$lint -eq 0 ] && [ $$tests -eq 0 ]

.PHONY: update
update: setup ## Bring experiments, pages and notebooks up to date, cost told first (ARGS=--list: only told)
	@"$(VENV_PYTHON)" -m tools.book.update $(ARGS)

.PHONY: notebooks
notebooks: setup ## Execute the pages that changed; write lectures/*.ipynb (ARGS=lstm for one)
	@"$(VENV_PYTHON)" -m tools.book.notebooks $(ARGS)

.PHONY: experiments
experiments: setup ## Run the experiments that changed, cost told first (ARGS=NAME for one, ARGS=--list)
	@"$(VENV_PYTHON)" -m experiments $(ARGS)

.PHONY: oldest
oldest: setup ## Execute the lectures on the lowest versions that requirements.txt allows (ARGS=lstm for one)
	@"$(VENV_PYTHON)" -m tools.book.oldest $(ARGS)

.PHONY: lengths
lengths: setup ## Count words, code and minutes of each page, and what is over its budget
	@"$(VENV_PYTHON)" -m tools.book.lengths

.PHONY: words
words: setup ## List words of ours for which the field has a term (ARGS=lstm for one page)
	@"$(VENV_PYTHON)" -m tools.book.words $(ARGS)

.PHONY: lab
lab: setup ## Open the lectures in JupyterLab
	@cd lectures && PYTHONPATH="$(CURDIR)" "$(VENV_PYTHON)" -m jupyterlab $(ARGS)

.PHONY: app
app: setup ## Compare two questions of yours in the browser (ARGS="--port 9000"; Ctrl-C ends it)
	@"$(VENV_PYTHON)" -m apps.questions $(ARGS)

.PHONY: full
full: setup ## Execute the lectures on the full data (downloads it) and build the book
	@RNN_DATA=full "$(VENV_PYTHON)" -m tools.book --execute $(ARGS)

.PHONY: bench
bench: setup ## Measure training speed, three minutes (ARGS=--torch for PyTorch; TABLE=full_size or lighthouse)
	@"$(VENV_PYTHON)" -m benchmarks.$(or $(TABLE),speed) $(ARGS)

.PHONY: lint
lint: setup ## Check code style and spelling
	@$(CHECK_STYLE)

.PHONY: format
format: setup ## Format the code
	@"$(VENV_PYTHON)" -m ruff check --fix .
	@"$(VENV_PYTHON)" -m ruff format .

.PHONY: data
data: setup ## Make the offline samples in data/ again from their sources (ARGS=stocks for one)
	@"$(VENV_PYTHON)" -m tools.samples.make $(ARGS)

.PHONY: lecture
lecture: setup ## Start a page and its claims: make lecture NAME=tagging TITLE="Tagging a sequence"
	@"$(VENV_PYTHON)" -m tools.book.new_lecture "$$NAME" "$$TITLE"

.PHONY: lock
lock: setup ## Resolve requirements-dev.txt into requirements.lock (ARGS=--upgrade for the newest)
	@"$(VENV_PYTHON)" -m uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes $(ARGS) requirements-dev.txt -o requirements.lock >/dev/null

.PHONY: setup
setup: ## Create .venv, or bring it in step with requirements.lock
	@$(PYTHON) tools/set_up.py

.PHONY: clean
clean: ## Delete the built book (_build)
	@rm -rf _build

.PHONY: distclean
distclean: clean ## Delete the built book and .venv
	@rm -rf .venv
