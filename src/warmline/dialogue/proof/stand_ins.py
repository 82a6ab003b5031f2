"""What stands for something else in the proof: one flow for all that interrupt another, one way of identity for all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from warmline.connectors.model import Action, Effect
from warmline.dialogue.flows import schema as f

SIDE = "a-side-flow"
"""The flow that stands for whatever interrupts another."""
IDENTITY = "identity"
"""With a level behind it, the flow by which the ways of identity are proved."""


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


_TEXT = {"type": "string"}
STAND_INS = {
    "a_deed": Action("a_deed", Effect.CHANGE, _object(wish=_TEXT), _object()),
    "a_check": Action("a_check", Effect.READ, _object(answer=_TEXT), _object(ok={"type": "boolean"}, ref=_TEXT)),
}


def _text(hans: str, hant: str, en: str) -> dict[str, str]:
    return {"zh-Hans": hans, "zh-Hant": hant, "en": en}


def side_flow() -> f.Flow:
    """Return a flow that asks, has itself confirmed, does something and ends: it stands for any that interrupts."""
    return f.Flow.model_validate(
        {
            "flow": SIDE,
            "title": _text("另一件事", "另一件事", "Something else"),
            "starts": {"articles": ["a_side_article"]},
            "slots": {
                "side_wish": {
                    "type": "text",
                    "ask": _text("另一件事怎么办？", "另一件事怎麼辦？", "How shall it be done?"),
                }
            },
            "steps": [
                {"ask": "side_wish"},
                {
                    "id": "side_sure",
                    "confirm": _text("办{side_wish}，可以吗？", "辦{side_wish}，可以嗎？", "{side_wish}, shall I?"),
                    "no": "side_left",
                },
                {"id": "side_deed", "call": "a_deed", "with": {"wish": "{side_wish}"}},
                {"id": "side_done", "end": "done", "say": _text("另一件事办好了。", "另一件事辦好了。", "It's done.")},
                {"id": "side_left", "end": "left", "say": _text("那就先不办。", "那就先不辦。", "All right, not now.")},
            ],
        }
    )


def offering_the_side(flow: f.Flow) -> f.Flow:
    """Return the flow with the side flow in the place of those it offers at its end."""
    steps = tuple(
        one.model_copy(update={"then": SIDE}) if isinstance(one, f.End) and one.then else one for one in flow.steps
    )
    return flow.model_copy(update={"steps": steps})


def identity_flows(policy: f.IdentityPolicy) -> Iterator[f.Flow]:
    """Yield flows that do nothing but make sure who it is, at each level."""
    for level in policy.levels:
        name = f"{IDENTITY}-{level}"
        end = {"id": "known", "end": "known", "say": _text("好了。", "好了。", "That's it.")}
        steps: list[dict[str, Any]] = [{"identify": level}, end]
        title = _text("核实身份", "核實身分", "Who it is")
        yield f.Flow.model_validate({"flow": name, "title": title, "starts": {"articles": [name]}, "steps": steps})


def simple_identity(policy: f.IdentityPolicy, flow: f.Flow) -> f.IdentityPolicy:
    """Return levels with one simple way each in the place of all others but being signed in.

    It asks for one answer, and for the slots that the flow shares with the ways that are there.
    """
    levels = {step.identify for step in flow.steps if isinstance(step, f.Identify)}
    shared = {
        name: slot
        for way in policy.ways.values()
        for name, slot in way.slots.items()
        if slot.keep and name in flow.slots
    }
    ways: dict[str, Any] = {}
    found: dict[str, Any] = {}
    higher = [f"shown_{level}" for level in ("strong",) if level in levels]
    for level in sorted(levels):
        name = f"shown_{level}"
        first = [one for one in policy.levels[level].ways if policy.ways[one].kind == "signed_in"]
        ways |= {one: policy.ways[one].model_dump(by_alias=True) for one in first}
        ways[name] = _simple_way(level, shared)
        others = [one for one in higher if one != name] if level == "basic" else []
        found[level] = {"ways": [*first, *others, name], "minutes": policy.levels[level].minutes}
    return f.IdentityPolicy.model_validate({"levels": found, "ways": ways, "tries": policy.tries})


def _simple_way(level: str, shared: dict[str, f.Slot]) -> dict[str, Any]:
    answer = f"answer_{level}"
    slots = {name: slot.model_dump(by_alias=True) for name, slot in shared.items()}
    return {
        "kind": "possession",
        "slots": {
            **slots,
            answer: {
                "type": "digits", "secret": True, "passing": False,
                "ask": _text(f"先确认是您（{level}）。", f"先確認是您（{level}）。", f"First, who are you ({level})?"),
            },
        },
        "steps": [
            *({"ask": name} for name in shared),
            {"ask": answer},
            {"id": f"check_{level}", "call": "a_check", "with": {"answer": f"{{{answer}}}"}},
        ],
        "proven": f"check_{level}.ok == true",
        "ref": f"check_{level}.ref",
        "wrong": _text("对不上，再来一次。", "對不上，再來一次。", "That doesn't match. Once more."),
    }  # fmt: skip
