import { describe, expect, it } from "vitest";
import { nextTick, ref } from "vue";
import { useSlash } from "@/composables/useSlash";
import { script } from "./make";

const scripts = ref([script({ title: "开场", shortcut: "hi" }), script({ title: "稍等", shortcut: "wait" }), script({ title: "再见", shortcut: "bye" })]);
const key = (name: string) => new KeyboardEvent("keydown", { key: name, cancelable: true });

describe("the slash menu's keys", () => {
  it("walks round and chooses with Enter or Tab", () => {
    const menu = useSlash(scripts, () => "zh-Hans");
    const chosen: string[] = [];
    menu.look("/", 1);
    expect(menu.offers.value).toHaveLength(3);
    menu.key(key("ArrowUp"), () => undefined);
    expect(menu.active.value).toBe(2);
    menu.key(key("ArrowDown"), () => undefined);
    const enter = key("Enter");
    expect(menu.key(enter, (one) => chosen.push(one.shortcut))).toBe(true);
    expect(enter.defaultPrevented).toBe(true);
    expect(chosen).toEqual([menu.offers.value[0]!.shortcut]);
  });

  it("starts again at the top when the query changes", async () => {
    const menu = useSlash(scripts, () => "zh-Hans");
    menu.look("/", 1);
    menu.key(key("ArrowDown"), () => undefined);
    menu.look("/w", 2);
    await nextTick();
    expect(menu.active.value).toBe(0);
    expect(menu.offers.value.map((one) => one.shortcut)).toEqual(["wait"]);
  });

  it("stays closed after Escape until the slash is gone, and then leaves Enter alone", () => {
    const menu = useSlash(scripts, () => "zh-Hans");
    menu.look("/", 1);
    menu.key(key("Escape"), () => undefined);
    menu.look("/h", 2);
    expect(menu.open.value).toBe(false);
    expect(menu.key(key("Enter"), () => undefined)).toBe(false);
    menu.look("", 0);
    menu.look("/", 1);
    expect(menu.open.value).toBe(true);
  });

  it("does not take Shift+Enter", () => {
    const menu = useSlash(scripts, () => "zh-Hans");
    menu.look("/", 1);
    expect(menu.key(new KeyboardEvent("keydown", { key: "Enter", shiftKey: true }), () => undefined)).toBe(false);
  });
});
