#!/bin/sh
# Every gate, each with one line of verdict; all are run before it fails.
cd "$(dirname "$0")/.."
PATH="$(pwd)/.venv/bin:$(pwd)/.make/node/bin:$PATH"; export PATH
failed=0
gate() {
  name=$1; shift
  if output=$("$@" 2>&1); then printf '  ok      %s\n' "$name"
  else printf '  FAILED  %s\n%s\n' "$name" "$output"; failed=1; fi
}
gate "ruff: style"                  ruff check -q .
gate "ruff: format"                 ruff format -q --check .
gate "mypy: types"                  mypy
gate "imports point down"           lint-imports --no-cache
gate "sizes, commits, words"        python scripts/gates.py
gate "generated types are current"  python scripts/generate_types.py --check
gate "settings table"              python scripts/settings_table.py --check
gate "licences"                     python scripts/licences.py --check
gate "front end: types"             sh -c 'cd frontend && npm run --silent check'
gate "front end: widget size"       node frontend/widget/size.mjs
exit $failed
