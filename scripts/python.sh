#!/bin/sh
# Run a script with the first Python that is new enough and can make environments: PYTHON if given,
# else the version CI tests on, else newer ones. A command may exist and still not start (version
# managers leave such names behind), so each is tried, not looked up.
for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3 python}; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        exec "$candidate" "$@"
    fi
done
echo "openward needs Python 3.11 or newer with the modules venv and ensurepip: ${PYTHON:-no such Python found}" >&2
echo "  hint: install one (on Debian: python3 and python3-venv) or name one: make run PYTHON=/path/to/python3.11" >&2
exit 3
