#!/bin/sh
# Resolve requirements.txt and requirements-dev.txt into lock files with hashes, for every platform
# and Python 3.11 or newer. Needs uv. `UPGRADE=1 make lock` takes the newest releases.
set -eu

uv=$(command -v uv || echo "${VENV:-.venv}/bin/uv")
if ! "$uv" --version >/dev/null 2>&1; then
    echo "make lock 需要 uv：pip install uv (uv not found)" >&2
    exit 1
fi

for name in requirements requirements-dev; do
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-annotate --no-header ${UPGRADE:+--upgrade} \
        "$name.txt" --output-file "$name.lock"
done
