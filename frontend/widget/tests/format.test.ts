import { describe, expect, it } from "vitest";
import type { Wait } from "../../shared/types";
import { day, moment, plainName, size, waitText, zoneName } from "../src/format";
import { translator } from "../src/i18n";
import { readIdentity, subject } from "../src/identity";
import { problemOf } from "../src/uploads";

const zh = translator("zh-Hans");
const wait = (position: number, low: number | null, high: number | null): Wait => ({
  position, low_seconds: low, high_seconds: high, agents_online: 1, due_at: null,
});

describe("the honest wait", () => {
  it.each([
    [wait(3, 60, 240), "前面还有 2 位，大约 1 到 4 分钟"],
    [wait(1, 0, 60), "下一位就是您，不到 1 分钟"],
    [wait(2, 90, 90), "前面还有 1 位，大约 1 到 2 分钟"],
    [wait(2, 120, 120), "前面还有 1 位，大约 2 分钟"],
    [wait(40, 3600, 9000), "前面还有 39 位，大约 1 到 3 小时"],
    [wait(2, null, null), "前面还有 1 位"],
  ])("%#", (given, words) => {
    expect(waitText(given, { locale: "zh-Hans", t: zh })).toBe(words);
  });

  it("names the time when nobody is online", () => {
    const due = { ...wait(1, null, null), due_at: new Date().toISOString() };
    expect(waitText(due, { locale: "en", t: translator("en") })).toContain("A colleague will answer you by today");
  });
});

it("today, tomorrow and later", () => {
  const now = new Date(2026, 0, 5, 23, 50);
  expect(day(new Date(2026, 0, 5, 0, 5).toISOString(), { locale: "zh-Hans", t: zh }, now)).toBe("今天");
  expect(day(new Date(2026, 0, 6, 0, 5).toISOString(), { locale: "zh-Hans", t: zh }, now)).toBe("明天");
  expect(day(new Date(2026, 0, 9).toISOString(), { locale: "en", t: translator("en") }, now)).toContain("Jan");
});

it("promised times are the bank's, and say so where the reader's clock differs", () => {
  const at = "2026-01-05T16:30:00Z";
  const away = { locale: "en", t: translator("en"), zone: "Asia/Shanghai" } as const;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  expect(moment(at, away, new Date("2026-01-05T10:00:00Z"))).toMatch(/^tomorrow at 00:30/);
  expect(zoneName(at, { ...away, zone: here })).toBe("");
  expect([zoneName(at, { ...away, zone: "Asia/Shanghai" }), zoneName(at, { ...away, zone: "Asia/Tokyo" })].filter(Boolean).length).toBeGreaterThan(0);
});

it("names lose what could turn a sentence around", () => {
  expect(plainName("陈\u202E曦\u200B\u0007 ")).toBe("陈曦");
});

it("sizes in words", () => {
  expect([10, 2048, 3 * 1024 * 1024].map(size)).toEqual(["10 B", "2 kB", "3.0 MB"]);
});

it("files are checked before they are sent", () => {
  expect(problemOf({ type: "image/png", size: 10 })).toBeNull();
  expect(problemOf({ type: "image/svg+xml", size: 10 })).toBe("wrongType");
  expect(problemOf({ type: "application/pdf", size: 11 * 1024 * 1024 })).toBe("tooLarge");
});

describe("identity", () => {
  const jwt = `${btoa('{"alg":"HS256"}')}.${btoa('{"sub":"u-72"}')}.c2lnbmF0dXJlLXNpZ25hdHVyZQ`.replace(/=/g, "");

  it("takes a JWT, or a function of the page", async () => {
    Object.assign(window, { bank: { token: () => Promise.resolve(jwt) } });
    expect(await readIdentity(jwt)).toBe(jwt);
    expect(await readIdentity("bank.token")).toBe(jwt);
    expect(await readIdentity("bank.nothing")).toBeNull();
    expect(await readIdentity(null)).toBeNull();
  });

  it("names the drawer by subject", () => {
    expect(subject(jwt)).toBe("u-72");
    expect(subject("garbage")).toBe("anyone");
  });
});
