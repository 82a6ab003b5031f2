"""Small configurations: a sound one, and that one with a single file put wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from warmline.connectors.model import Action, Effect
from warmline.dialogue.proof.config import Config, make_config

HERE = Path(__file__).parent
SOUND, BROKEN = HERE / "sound", HERE / "broken"


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


TEXT, YES = {"type": "string"}, {"type": "boolean"}
ACTIONS = {
    "send_code": Action("send_code", Effect.READ, _object(), _object(sent=YES)),
    "check_code": Action("check_code", Effect.READ, _object(code=TEXT), _object(ok=YES, ref=TEXT)),
    "list_cards": Action(
        "list_cards",
        Effect.READ,
        _object(),
        _object(cards={"type": "array", "items": _object(card_id=TEXT, name=TEXT)}),
    ),
    "set_limit": Action(
        "set_limit",
        Effect.CHANGE,
        _object(amount=TEXT),
        {"type": "object", "properties": {"reference": TEXT, "note": TEXT}, "required": ["reference"]},
    ),
}
"""What the small bank's systems do; `note` may be missing from an answer."""


def read(broken: str = "", **texts: str) -> Config:
    """Return the sound configuration with the files of a broken one in their place, or with these texts."""

    def text(name: str) -> str:
        given = texts.get(Path(name).stem)
        if given is not None:
            return given
        found = [folder / name for folder in (BROKEN / broken, SOUND) if broken or folder is SOUND]
        return next((path.read_text("utf-8") for path in found if path.is_file()), "")

    flows = {"limit.yaml": text("flows/limit.yaml")}
    return make_config(
        broken or "sound", flows, text("identity.yaml"), ACTIONS, policy=text("policy.yaml"), hours=text("hours.yaml")
    )


def names() -> list[str]:
    """Return the broken configurations there are."""
    return sorted(path.name for path in BROKEN.iterdir() if path.is_dir())
