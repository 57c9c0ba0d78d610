#!/bin/sh
# Makes the Python environment in the folder given, with the first Python found that is recent
# enough: 3.11 or later.
set -eu

folder=$1
for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        if ! "$python" -c 'import ensurepip' 2>/dev/null; then
            echo "Carnet: $python cannot make environments; install the package python3-venv" \
                "(for a Python of another version: python3.X-venv)." >&2
            exit 1
        fi
        "$python" -m venv "$folder"
        exit 0
    fi
done
echo "Carnet needs Python 3.11 or later and found none; install the packages python3 and" \
    "python3-venv (Ubuntu 22.04: python3.11 and python3.11-venv)." >&2
exit 1
