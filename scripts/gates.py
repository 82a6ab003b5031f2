"""Gates that no linter has: file and function sizes, who commits, what is printed, words that do not belong."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON_LINES, SCRIPT_LINES, FUNCTION_LINES = 400, 250, 60
GENERATED = {"frontend/shared/api.ts"}
COMMITTERS = {"src/warmline/kit/uow.py", "src/warmline/migrate.py"}
SETTINGS_READERS = {"bootstrap.py", "parts.py", "settings.py", "cli.py", "app.py", "schema.py"}


def tracked() -> list[Path]:
    """Return the files git knows or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


def check_sizes(path: Path, name: str) -> Iterator[str]:
    """Files a person can read in one sitting."""
    if path.suffix == ".py" and not name.startswith("migrations/"):
        limit = PYTHON_LINES
    elif path.suffix in (".ts", ".vue") and name not in GENERATED:
        limit = SCRIPT_LINES
    else:
        return
    lines = path.read_text(encoding="utf-8").count("\n")
    if lines > limit:
        yield f"{name}: {lines} lines, at most {limit}"


def check_functions(name: str, tree: ast.Module) -> Iterator[str]:
    """Functions that do one thing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{name}:{node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES}"


def check_calls(name: str, tree: ast.Module) -> Iterator[str]:
    """Only the unit of work commits; only the wiring reads settings."""
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr == "commit" and name not in COMMITTERS:
            yield f"{name}:{called.lineno}: only kit/uow.py commits"
        if isinstance(node, ast.ImportFrom) and node.module == "warmline.settings":
            allowed = name.rsplit("/", 1)[-1] in SETTINGS_READERS or name.split("/")[-2] in ("commands", "bench")
            if not allowed:
                yield f"{name}:{node.lineno}: settings are read by the wiring alone"


def check_logging(name: str, tree: ast.Module) -> Iterator[str]:
    """No customer's words in log messages: they are constants, and never take a `text`."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "logger":
            if node.args and not isinstance(node.args[0], ast.Constant):
                yield f"{name}:{node.lineno}: a log message is a constant with %s"
            words = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            words |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
            if words & {"text", "words", "question", "payload", "body"}:
                yield f"{name}:{node.lineno}: a log message may carry a customer's words"


PLACES = re.compile(r"(?<![\w.])/(?:work|farm)/|\bregistry\.npmjs\.org|\bpypi\.org/simple")


def check_words(path: Path, name: str) -> Iterator[str]:
    """Nothing of the machine this was written on."""
    if path.suffix in (".py", ".md", ".ts", ".vue", ".sh", ".yaml", ".toml", ".lock", ".json", ""):
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="ignore").splitlines(), 1):
            if name != "scripts/gates.py" and PLACES.search(line):
                yield f"{name}:{number}: a place that does not belong in the project"


def main() -> int:
    """Print every finding; 1 when there is any."""
    findings: list[str] = []
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        findings += [*check_sizes(path, name), *check_words(path, name)]
        if path.suffix == ".py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if name.startswith("src/"):
                findings += check_functions(name, tree)
                findings += [*check_calls(name, tree), *check_logging(name, tree)]
    for finding in findings:
        sys.stdout.write(finding + "\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
