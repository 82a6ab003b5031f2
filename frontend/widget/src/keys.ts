import type { WarmlineChat } from "./element";

/** Alt+H from anywhere on the page; Escape and a `0` in the empty input inside the panel. */
export function onKey(app: WarmlineChat, event: KeyboardEvent): void {
  if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === "KeyH") {
    event.preventDefault();
    app.open = true;
    app.actions.human("key");
    return;
  }
  if (event.key === "Tab" && app.open) app.focuses.turn(event);
  if (event.key === "Escape" && app.open && inside(app, event)) {
    if (event.isComposing) return;
    event.preventDefault();
    if (app.sheet) app.hideSheet();
    else app.open = false;
  }
}

/** Keys of the input: Enter sends, `0` in an empty one asks for a person. */
export function onInputKey(app: WarmlineChat, event: KeyboardEvent): void {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    app.actions.send();
  } else if (event.key === "0" && !app.draft && app.canAskHuman) {
    event.preventDefault();
    app.actions.human("key");
  }
}

function inside(app: WarmlineChat, event: KeyboardEvent): boolean {
  return event.composedPath().includes(app);
}
