"""Write the next migration: `python scripts/make_migration.py "what changes"`. Read it before you commit it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from warmline.kit.embedded_postgres import running_postgres
from warmline.migrate import make_migration, migrate

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, running_postgres(Path(folder)) as server:
        if any((Path(__file__).resolve().parents[1] / "migrations" / "versions").glob("*.py")):
            migrate(server.url())
        make_migration(server.url(), sys.argv[1])
