"""Actions that answer as scripted and remember what was asked of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from warmline.connectors.errors import UnknownActionError
from warmline.connectors.model import Action, ActionResult, Effect, Status


@dataclass(frozen=True)
class Call:
    """One call."""

    name: str
    arguments: Mapping[str, Any]
    key: str
    subject: str


class FakeActions:
    """`FakeActions(freeze_card=Effect.PROTECT, list_cards=Effect.READ)`; unscripted calls are OK with nothing in them.

    As a bank that remembers keys does, an effect with a key already seen answers as it did.
    """

    def __init__(self, **effects: Effect) -> None:
        self.calls: list[Call] = []
        self._known = {name: Action(name, effect) for name, effect in effects.items()}
        self._script: dict[str, list[ActionResult]] = defaultdict(list)
        self._done: dict[str, ActionResult] = {}

    def script(self, name: str, *results: ActionResult | Mapping[str, Any]) -> None:
        """Answer with these, one after the other and then with the last; a mapping is the data of an OK."""
        self._script[name] = [one if isinstance(one, ActionResult) else ActionResult(Status.OK, one) for one in results]

    def known(self) -> Mapping[str, Action]:
        return self._known

    async def call(
        self, name: str, arguments: Mapping[str, Any], *, key: str, within: float, subject: str = ""
    ) -> ActionResult:
        if name not in self._known:
            raise UnknownActionError(name=name)
        self.calls.append(Call(name, dict(arguments), key, subject))
        effect = self._known[name].effect
        if effect is not Effect.READ and key in self._done:
            return self._done[key]
        script = self._script[name]
        result = (script.pop(0) if len(script) > 1 else script[0]) if script else ActionResult(Status.OK)
        if effect is not Effect.READ and result.status in (Status.OK, Status.REFUSED):
            self._done[key] = result
        return result

    async def compensate(
        self, name: str, result: ActionResult, *, key: str, within: float, subject: str = ""
    ) -> ActionResult:
        self.calls.append(Call(f"undo {name}", dict(result.data), key, subject))
        return ActionResult(Status.OK)
