import { describe, expect, it } from "vitest";
import { useOf } from "@/lib/assist";
import { shortcutFor } from "@/lib/keys";

const taken = { seq: 4, ref: "card-fee", origin: "article" as const, text: "补卡十元一张，从卡里扣。" };

describe("what became of a suggestion", () => {
  it("is accepted where it went out as it was", () => {
    expect(useOf(taken, "补卡十元一张，从卡里扣。 ")).toEqual({ seq: 4, ref: "card-fee", origin: "article", outcome: "accepted" });
  });

  it("is edited where some of it is left", () => {
    expect(useOf(taken, "您别急，补卡十元一张。")?.outcome).toBe("edited");
  });

  it("tells nothing where other words were sent, or none was taken up", () => {
    expect(useOf(taken, "我先帮您挂失")).toBeNull();
    expect(useOf(null, "您别急")).toBeNull();
  });

  it("is one key for all of them", () => {
    const press = { key: "0", code: "Digit0", ctrlKey: false, metaKey: false, altKey: true };
    expect(shortcutFor(press, true, false)).toBe("dropReplies");
    expect(shortcutFor({ ...press, key: "2", code: "Digit2" }, true, false)).toBe("article");
  });
});
