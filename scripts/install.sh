#!/bin/sh
# Make the virtual environment and install a hashed lock file into it: sh scripts/install.sh FILE.lock
# Uses uv when it is there, else pip. Needs only Python 3.11 or newer.
set -eu

lock=$1
venv=${VENV:-.venv}

fits() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for name in ${PYTHON:-} python3.12 python3.13 python3.11 python3.14 python3 python; do
        if fits "$name"; then
            echo "$name"
            return
        fi
    done
}

# A half-made environment (interrupted, or made by uv that is gone now) is made anew.
installs() {
    fits "$1" && { command -v uv || "$1" -c 'import pip'; } >/dev/null 2>&1
}

if ! installs "$venv/bin/python"; then
    python=$(find_python)
    if [ -z "$python" ]; then
        echo "没有找到 Python 3.11 或更新的版本。请先安装，例如 apt install python3 python3-venv；" >&2
        echo "或用 PYTHON=/路径/python3 make run 指定。(Python 3.11+ not found.)" >&2
        exit 1
    fi
    if ! "$python" -c 'import venv, ensurepip' >/dev/null 2>&1 && ! command -v uv >/dev/null 2>&1; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "$python 缺少 venv 模块。Debian/Ubuntu 请运行：apt install python$version-venv (missing venv/ensurepip)" >&2
        exit 1
    fi
    echo "正在创建虚拟环境 $venv …"
    rm -rf "$venv"
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --python "$python" "$venv"
    else
        "$python" -m venv "$venv"
    fi
fi

echo "正在安装依赖（$lock），首次需要几分钟 …"
if command -v uv >/dev/null 2>&1; then
    uv pip install --quiet --python "$venv/bin/python" --require-hashes -r "$lock"
else
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r "$lock"
fi
