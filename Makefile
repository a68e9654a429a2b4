# The two commands that matter: `make demo` and `make test`. Both set up what they need.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python -m
OUT ?= demo-out

.PHONY: demo test lint types audit unit bench docs system clean help

help:
	@echo "make demo   set up and run the main job on the shipped, fictional sample; then open $(OUT)/report.html"
	@echo "make test   set up (browser included) and run every check: style, types, tests"
	@echo "make audit  licences of what we depend on; AUDIT=--weaknesses asks for known weaknesses with pip-audit"
	@echo "make bench  the measured figures of the README (downloads one public corpus)"
	@echo "make docs   write the generated reference pages anew"

demo: $(VENV)/.core
	$(VENV)/bin/caselore run samples/reviews --out $(OUT) || test $$? -eq 1  # 1: the scanned page wants --ocr, and says so
	@echo "Open $(OUT)/report.html in a browser."

test: $(VENV)/.dev system lint types audit unit

lint: $(VENV)/.dev
	$(RUN) ruff check .
	$(RUN) ruff format --check .

types: $(VENV)/.dev
	$(RUN) mypy

audit: $(VENV)/.dev
	$(VENV)/bin/python tools/audit-dependencies $(AUDIT)

unit: $(VENV)/.dev
	$(RUN) pytest -n auto --dist loadscope

bench: $(VENV)/.dev
	benchmarks/all.sh

docs: $(VENV)/.dev
	$(VENV)/bin/python docs/generate.py

system:
	tools/system-packages

$(VENV)/bin/python:
	tools/make-venv $(PYTHON) $(VENV)

$(VENV)/.core: pyproject.toml | $(VENV)/bin/python
	tools/install $(VENV) ""
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	tools/install $(VENV) "[dev,ocr,team,embed]"
	tools/sentence-vectors $(VENV)
	@touch $@ $(VENV)/.core

clean:
	rm -rf $(VENV) $(OUT) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
