# Everything on a fresh Debian machine with Python 3.11 and make. Other systems: see README.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMPS := .stamps
PIP    := $(BIN)/pip install --quiet --disable-pip-version-check
# What the tests need from the system: a browser, text browsers, the ordinary age tool, letters to draw.
SYSTEM := chromium lynx w3m age fonts-dejavu-core

.PHONY: help install system demo test check bench prove seizure catalogues locks clean
.DEFAULT_GOAL := help

help:
	@echo "make demo      an organisation to try, on this machine"
	@echo "make test      every check and test (Debian; installs $(SYSTEM) by apt when root)"
	@echo "make check     only ruff, mypy and the import contracts"
	@echo "make seizure   what a seizure yields, measured; prints the table of promises"
	@echo "make bench     the benchmarks, as ratios within one run"
	@echo "make prove     the slow proofs"
	@echo "make install   leaves the command at $(BIN)/kunak"

$(STAMPS)/venv:
	@mkdir -p $(STAMPS)
	$(PYTHON) -m venv $(VENV)
	@touch $@

# Everything comes locked: exactly these versions, exactly these bytes (docs/decisions/locked-parts.md). `make locks` renews them.
LOCKED := $(PIP) --require-hashes -r
OURS   := $(PIP) --no-deps --no-build-isolation -e .

# The install step also compiles the text catalogues (catalogues.py) and the planner's inner loops.
$(STAMPS)/install: $(STAMPS)/venv pyproject.toml catalogues.py locks/house.txt
	$(LOCKED) locks/house.txt
	$(OURS)
	$(BIN)/python -m kunak.journeys.planner
	@touch $@

$(STAMPS)/test: $(STAMPS)/install locks/test.txt
	$(LOCKED) locks/test.txt
	@touch $@

$(STAMPS)/system: $(STAMPS)/venv
	@missing=""; for one in $(SYSTEM); do dpkg -s $$one >/dev/null 2>&1 || missing="$$missing $$one"; done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	  else echo "The tests need$$missing. Install them first:  sudo apt-get install$$missing" >&2; exit 1; fi; fi
	@touch $@

install: $(STAMPS)/install catalogues

system: $(STAMPS)/system

catalogues: $(STAMPS)/install
	@$(BIN)/python catalogues.py

demo: install
	$(BIN)/kunak demo

check: $(STAMPS)/test catalogues
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check system
	$(BIN)/pytest -m "not prove" -n 2 --dist loadgroup

$(STAMPS)/prove: $(STAMPS)/test locks/prove.txt
	$(LOCKED) locks/prove.txt
	@command -v java >/dev/null || { echo "The proof on Spark needs Java 17. Install it first:  sudo apt-get install openjdk-17-jre-headless" >&2; exit 1; }
	@command -v tor-gencert >/dev/null || { echo "The proof over an onion service needs Tor. Install it first:  sudo apt-get install tor" >&2; exit 1; }
	@touch $@

prove: $(STAMPS)/prove catalogues system
	$(BIN)/pytest -m prove

seizure: $(STAMPS)/test catalogues system
	@$(BIN)/python -m tests.seizure

bench: $(STAMPS)/test catalogues
	@$(BIN)/python -m bench

locks: $(STAMPS)/venv
	$(PIP) 'uv>=0.9'
	$(BIN)/python locks/renew.py $(ONLY)

clean:
	rm -rf $(VENV) $(STAMPS) build dist
