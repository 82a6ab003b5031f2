"""Write frontend/shared/api.ts from the application's OpenAPI; `--check` fails when it is out of date."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from warmline.web.schema import describe_api

ROOT = Path(__file__).resolve().parents[1]
TYPES = ROOT / "frontend" / "shared" / "api.ts"


def main() -> int:
    """Generate, or compare with what is there."""
    schema = ROOT / "build" / "openapi.json"
    schema.parent.mkdir(exist_ok=True)
    schema.write_text(json.dumps(describe_api(), ensure_ascii=False, indent=1, sort_keys=True))
    fresh = ROOT / "build" / "api.ts"
    command = ["npx", "--no-install", "openapi-typescript", str(schema), "-o", str(fresh), "--alphabetize"]
    subprocess.run(command, cwd=ROOT / "frontend", check=True, stdout=subprocess.DEVNULL)
    if "--check" not in sys.argv:
        TYPES.write_text(fresh.read_text())
        return 0
    if TYPES.exists() and TYPES.read_text() == fresh.read_text():
        return 0
    sys.stderr.write("frontend/shared/api.ts is out of date: run `make types`\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
