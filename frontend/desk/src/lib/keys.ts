/** Every shortcut of the desk: one table for the listener and for the sheet. */
export type ShortcutId =
  | "palette" | "help" | "next" | "previous" | "takeNext" | "accept" | "reply" | "opening"
  | "note" | "article" | "dropReplies" | "transfer" | "handBack" | "callback" | "finish" | "promise" | "side";

export interface Shortcut {
  id: ShortcutId;
  keys: string;
  /** Works while typing too. */
  always: boolean;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { id: "palette", keys: "Ctrl K", always: true },
  { id: "next", keys: "Alt ↓", always: true },
  { id: "previous", keys: "Alt ↑", always: true },
  { id: "note", keys: "Alt N", always: true },
  { id: "opening", keys: "Alt I", always: true },
  { id: "article", keys: "Alt 1–3", always: true },
  { id: "promise", keys: "Alt Y", always: true },
  { id: "dropReplies", keys: "Alt 0", always: true },
  { id: "takeNext", keys: "N", always: false },
  { id: "accept", keys: "A", always: false },
  { id: "reply", keys: "R", always: false },
  { id: "transfer", keys: "T", always: false },
  { id: "handBack", keys: "H", always: false },
  { id: "callback", keys: "B", always: false },
  { id: "finish", keys: "E", always: false },
  { id: "side", keys: "S", always: false },
  { id: "help", keys: "?", always: false },
];

export const keysOf = (id: ShortcutId): string => SHORTCUTS.find((shortcut) => shortcut.id === id)!.keys;

interface Press {
  key: string;
  code?: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** The shortcut a key press means; single keys only when not typing and when they are switched on. */
export function shortcutFor(press: Press, typing: boolean, singleKeys: boolean): ShortcutId | null {
  const control = press.ctrlKey || press.metaKey;
  const key = press.key.toLowerCase();
  if (control && !press.altKey && key === "k") return "palette";
  if (press.altKey && !control) {
    if (press.key === "ArrowDown") return "next";
    if (press.key === "ArrowUp") return "previous";
    if (press.code === "KeyN") return "note";
    if (press.code === "KeyI") return "opening";
    if (press.code === "KeyY") return "promise";
    if (/^Digit[1-3]$/.test(press.code ?? "")) return "article";
    if (press.code === "Digit0") return "dropReplies";
    return null;
  }
  if (control || typing || !singleKeys) return null;
  if (key === "y") return "promise";
  return SHORTCUTS.find((shortcut) => !shortcut.always && shortcut.keys.toLowerCase() === key)?.id ?? null;
}
