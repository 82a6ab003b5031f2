import { describe, expect, it } from "vitest";
import type { WordingRule } from "@/api/types";
import { findUnfit } from "@/lib/wording";

const RULES: WordingRule[] = [
  { kind: "code", blocks: true, pattern: "验证码[^。]{0,16}告诉我", unless: "(?:不要|别)[^，,。]{0,14}验证码" },
  { kind: "guarantee", blocks: false, pattern: "保本", unless: "" },
];

describe("words before they are sent", () => {
  it("marks what is found in its sentence", () => {
    expect(findUnfit("您好。请把验证码告诉我吧。谢谢", RULES)).toEqual([{ kind: "code", blocks: true, before: "请把", marked: "验证码告诉我", after: "吧。" }]);
  });

  it("lets a sentence through that says not to", () => {
    expect(findUnfit("别把验证码告诉我", RULES)).toEqual([]);
  });

  it("finds several, each by its rule", () => {
    expect(findUnfit("这个保本！那个也保本", RULES).map((one) => one.kind)).toEqual(["guarantee", "guarantee"]);
  });
});
