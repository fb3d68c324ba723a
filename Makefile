# Everything on a fresh Debian machine with Python 3.11 and make. Other systems: see README.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMPS := .stamps

.PHONY: install demo test check bench prove seizure catalogues clean
.DEFAULT_GOAL := help

help:
	@echo "make demo | test | check | bench | prove | seizure | install"

$(STAMPS)/install: pyproject.toml catalogues.py
	@mkdir -p $(STAMPS)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[relay,desk]'
	@touch $@

$(STAMPS)/test: $(STAMPS)/install
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[relay,desk,postgresql,s3,plan,count,test]'
	@touch $@

install: $(STAMPS)/install

catalogues: $(STAMPS)/install
	@$(BIN)/python -c "import babel" 2>/dev/null || $(BIN)/pip install --quiet --disable-pip-version-check babel
	@$(BIN)/python catalogues.py

demo: $(STAMPS)/install catalogues
	$(BIN)/kunak demo

check: $(STAMPS)/test catalogues
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	$(BIN)/pytest -m "not prove"

seizure: $(STAMPS)/test catalogues
	$(BIN)/pytest -q -m seizure

clean:
	rm -rf $(VENV) $(STAMPS) build dist
