import type { Script } from "@/api/types";
import { dayPart, type DayPart } from "./time";

export interface ScriptContext {
  customerName: string | null;
  agentName: string;
  bankName: string;
  locale: string;
  now: Date;
}

export const VARIABLES = ["customer_name", "agent_name", "bank_name", "time_of_day"] as const;

const DAY_PARTS: Record<string, Record<DayPart, string>> = {
  "zh-Hans": { night: "晚上", morning: "上午", noon: "中午", afternoon: "下午", evening: "晚上" },
  "zh-Hant": { night: "晚上", morning: "上午", noon: "中午", afternoon: "下午", evening: "晚上" },
  en: { night: "evening", morning: "morning", noon: "afternoon", afternoon: "afternoon", evening: "evening" },
};

/** Fills `{customer_name} {agent_name} {bank_name} {time_of_day}`; an unknown name leaves no hole, other braces stay. */
export function fillScript(text: string, context: ScriptContext): string {
  const parts = DAY_PARTS[context.locale] ?? DAY_PARTS["zh-Hans"]!;
  const values: Record<string, string> = {
    customer_name: context.customerName?.trim() ?? "",
    agent_name: context.agentName,
    bank_name: context.bankName,
    time_of_day: parts[dayPart(context.now.getHours())],
  };
  const filled = text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  return values.customer_name ? filled : closeHoles(filled);
}

/** For reading: each variable by its name, as `say` gives it. */
export function nameVariables(text: string, say: (name: string) => string): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (VARIABLES.some((known) => known === name) ? `[${say(name)}]` : whole));
}

/** `Hello ,` becomes `Hello,`; a leading `，` goes. */
function closeHoles(text: string): string {
  return text
    .replace(/ +([,.!?;:，。！？；：])/g, "$1")
    .replace(/^[\s,，、]+/, "")
    .replace(/ {2,}/g, " ");
}

export interface SlashQuery {
  /** Where the `/` stands. */
  start: number;
  query: string;
}

/** The slash command being typed at `caret`: a `/` at the start or after a space or line break, no space since. */
export function slashAt(text: string, caret: number): SlashQuery | null {
  const before = text.slice(0, caret);
  const found = /(^|\s)\/([^\s/]*)$/.exec(before);
  if (!found) return null;
  return { start: before.length - found[2]!.length - 1, query: found[2]! };
}

/** Scripts for a slash query, best first: shortcut, then title, then text; the conversation's language before others. */
export function matchScripts(scripts: readonly Script[], query: string, locale: string, limit = 6): Script[] {
  const wanted = query.toLocaleLowerCase().normalize("NFKC");
  return scripts
    .map((script) => ({ script, rank: rank(script, wanted) + (script.locale === locale ? 0 : 0.5) }))
    .filter(({ rank }) => rank < 9)
    .sort((a, b) => a.rank - b.rank || a.script.title.localeCompare(b.script.title))
    .slice(0, limit)
    .map(({ script }) => script);
}

function rank(script: Script, wanted: string): number {
  if (!wanted) return 3;
  const shortcut = (script.shortcut ?? "").toLocaleLowerCase();
  if (shortcut === wanted) return 0;
  if (shortcut.startsWith(wanted)) return 1;
  if (script.title.toLocaleLowerCase().includes(wanted)) return 2;
  if ((script.category ?? "").toLocaleLowerCase().includes(wanted)) return 4;
  return script.text.toLocaleLowerCase().includes(wanted) ? 5 : 9;
}

/** Puts `text` in place of what stands between `start` and `end`; the caret goes behind it. */
export function splice(whole: string, start: number, end: number, text: string): { text: string; caret: number } {
  return { text: whole.slice(0, start) + text + whole.slice(end), caret: start + text.length };
}
