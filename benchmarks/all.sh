#!/bin/sh
# The figures of the README: benchmarks/all.sh [PDF]. Give a long PDF to measure its reading too.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/python benchmarks/propose.py
[ $# -eq 0 ] || .venv/bin/python benchmarks/read_pdf.py "$1"
