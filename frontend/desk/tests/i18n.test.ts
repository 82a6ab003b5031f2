import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { label, messages } from "@/i18n";
import { caseWords } from "@/i18n/cases";
import { flowWords } from "@/i18n/flows";
import { wallWords } from "@/i18n/wall";
import { SHORTCUTS } from "@/lib/keys";

type Tree = { [key: string]: string | Tree };
const flat = (tree: Tree, path = ""): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]): [string, string][] => (typeof value === "string" ? [[path + key, value]] : flat(value, `${path}${key}.`)));
const all = Object.entries(messages).map(([locale, tree]) => [locale, new Map(flat({ ...tree, ...flowWords[locale as keyof typeof flowWords], ...caseWords[locale as keyof typeof caseWords], ...wallWords[locale as keyof typeof wallWords] } as Tree))] as const);
const base = all[0]![1];
const slots = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

const SOURCE = join(process.cwd(), "desk/src");
const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((name) => /\.(vue|ts)$/.test(name) && !name.startsWith("i18n/"));
const source = files.map((name) => readFileSync(join(SOURCE, name), "utf8")).join("\n");

describe("the three languages", () => {
  it.each(all)("%s says everything, with the same variables", (_, words) => {
    expect([...words.keys()].sort()).toEqual([...base.keys()].sort());
    for (const [key, text] of words) {
      expect(text.trim(), key).not.toBe("");
      expect(slots(text), key).toEqual(slots(base.get(key)!));
    }
  });

  it("knows every sentence that the code asks for", () => {
    const asked = [...source.matchAll(/\bt\(\s*["'`]([\w.]+)["'`]/g)].map((match) => match[1]!);
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter((key) => !base.has(key))).toEqual([]);
  });

  it("names every shortcut", () => {
    expect(SHORTCUTS.filter(({ id }) => !base.has(`keys.${id}`))).toEqual([]);
  });

  it("has no sentence that nobody asks for", () => {
    const groups = [...source.matchAll(/`([\w.]+)\.?\$\{|label\("(\w+)"/g)].map((match) => (match[1] ?? match[2])!.replace(/\.$/, ""));
    const unused = [...base.keys()].filter((key) => !source.includes(`"${key}"`) && !source.includes(`'${key}'`) && !groups.some((group) => key.startsWith(group)));
    expect(unused).toEqual([]);
  });

  it("uses no simplified-only character in traditional text, and no Chinese in English", () => {
    const hant = [...(all.find(([locale]) => locale === "zh-Hant")![1]?.values() ?? [])].join("");
    expect(hant).not.toMatch(/[们这为说话时对发还应该读写织转开关问题过请让给]/u);
    const en = [...all.find(([locale]) => locale === "en")![1]].filter(([key]) => !key.startsWith("language_short"));
    expect(en.filter(([, text]) => /\p{Script=Han}/u.test(text))).toEqual([]);
  });

  it("shows an unknown code readably and a counted one by its kind", () => {
    expect(label("reason", "something_new")).toBe("something new");
    expect(label("reason", "not_understood_2_times")).toBe(label("reason", "not_understood_times"));
    expect(label("reason", null)).toBe("");
  });
});
