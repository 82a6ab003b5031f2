import { describe, expect, it } from "vitest";
import { pickLocale, translator } from "../src/i18n";
import { en } from "../src/i18n/en";
import { zhHans, type Texts } from "../src/i18n/zh-Hans";
import { zhHant } from "../src/i18n/zh-Hant";

const ALL: [string, Texts][] = [["zh-Hans", zhHans], ["zh-Hant", zhHant], ["en", en]];
const keys = Object.keys(zhHans) as (keyof Texts)[];
const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

const code = Object.entries(
  import.meta.glob<string>("../src/**/*.ts", { query: "?raw", import: "default", eager: true }),
).flatMap(([path, text]) => (path.includes("/i18n/") ? [] : [text])).join("\n");

describe.each(ALL)("%s", (_name, texts) => {
  it("has every text, none empty", () => {
    expect(Object.keys(texts).sort()).toEqual([...keys].sort());
    expect(keys.filter((key) => !texts[key].trim())).toEqual([]);
  });

  it("fills the same holes", () => {
    expect(keys.filter((key) => holes(texts[key]).join() !== holes(zhHans[key]).join())).toEqual([]);
  });

  it("offers the same number of starters", () => {
    expect(texts.starters.split("|")).toHaveLength(3);
  });
});

it("every text is used", () => {
  expect(keys.filter((key) => !code.includes(`"${key}"`))).toEqual([]);
});

it("Traditional has no Simplified left", () => {
  const simplified = /[们说这为时问点图语对话转连请谢随续马会样无应该网络发写读选择确认账关闭设浅当钱银]/;
  expect(keys.filter((key) => simplified.test(zhHant[key]))).toEqual([]);
});

it("fills values in one pass", () => {
  expect(translator("en")("typing", { name: "{name}" })).toBe("{name} is typing");
});

it.each([
  [["zh-TW"], "zh-Hant"],
  [["zh-HK"], "zh-Hant"],
  [["zh-Hant-MO"], "zh-Hant"],
  [["zh-CN"], "zh-Hans"],
  [["zh"], "zh-Hans"],
  [["fr", "en-GB"], "en"],
  [["fr"], "en"],
  [[null, "auto", "zh-SG"], "zh-Hans"],
])("%j is %s", (wishes, locale) => {
  expect(pickLocale(wishes)).toBe(locale);
});
