import { describe, expect, it } from "vitest";
import { fillScript, matchScripts, nameVariables, slashAt, splice } from "@/lib/scripts";
import { script } from "./make";

const context = { customerName: "王秀兰", agentName: "陈曦", bankName: "春和银行", locale: "zh-Hans", now: new Date(2026, 10, 22, 9, 30) };

describe("script variables", () => {
  it("fills all four", () => {
    expect(fillScript("{customer_name}，{time_of_day}好，我是{bank_name}的{agent_name}。", context)).toBe("王秀兰，上午好，我是春和银行的陈曦。");
  });

  it("wishes nobody a good night when they need something", () => {
    const late = { ...context, now: new Date(2026, 10, 22, 2, 0) };
    expect(fillScript("{time_of_day}好", late)).toBe("晚上好");
  });

  it("are read by their names", () => {
    expect(nameVariables("{time_of_day}好，{other}", (name) => name.toUpperCase())).toBe("[TIME_OF_DAY]好，{other}");
  });

  it("leaves no hole for an unknown name", () => {
    const nameless = { ...context, customerName: null };
    expect(fillScript("{customer_name}，您好", nameless)).toBe("您好");
    expect(fillScript("Good {time_of_day} {customer_name}, this is {agent_name}.", { ...nameless, locale: "en", agentName: "Chen Xi" })).toBe("Good morning, this is Chen Xi.");
  });

  it("says the time of day in the script's language and keeps other braces", () => {
    expect(fillScript("{time_of_day}", { ...context, locale: "zh-Hant", now: new Date(2026, 10, 22, 23) })).toBe("晚上");
    expect(fillScript("{card_number}", context)).toBe("{card_number}");
  });

  it("does not read a customer's name as a pattern", () => {
    expect(fillScript("{customer_name}您好", { ...context, customerName: "$& {agent_name}" })).toBe("$& {agent_name}您好");
  });
});

describe("the slash menu", () => {
  it("opens after a slash at the start or after a space, and closes with a space", () => {
    expect(slashAt("/", 1)).toEqual({ start: 0, query: "" });
    expect(slashAt("您好 /hi", 6)).toEqual({ start: 3, query: "hi" });
    expect(slashAt("第一行\n/再", 6)).toEqual({ start: 4, query: "再" });
    expect(slashAt("/hi ", 4)).toBeNull();
    expect(slashAt("1/2", 3)).toBeNull();
    expect(slashAt("https://chunhe.example", 8)).toBeNull();
  });

  it("looks only at what stands before the caret", () => {
    expect(slashAt("/hi 您好", 2)).toEqual({ start: 0, query: "h" });
  });

  it("finds by shortcut, then title, then text; the customer's language first", () => {
    const all = [
      script({ title: "再见", shortcut: "bye", text: "您多保重" }),
      script({ title: "Opening", shortcut: "hi", locale: "en" }),
      script({ title: "开场", shortcut: "hi" }),
      script({ title: "历史查询", shortcut: "log", text: "hi" }),
    ];
    expect(matchScripts(all, "hi", "zh-Hans").map((one) => one.title)).toEqual(["开场", "Opening", "历史查询"]);
    expect(matchScripts(all, "HI", "en")[0]?.title).toBe("Opening");
    expect(matchScripts(all, "保重", "zh-Hans").map((one) => one.title)).toEqual(["再见"]);
    expect(matchScripts(all, "没有这个", "zh-Hans")).toEqual([]);
  });

  it("puts the script in place of the slash and its query", () => {
    expect(splice("您好 /hi，", 3, 6, "王女士")).toEqual({ text: "您好 王女士，", caret: 6 });
  });
});
