import { render } from "lit";
import { describe, expect, it } from "vitest";
import { parse, plainText, safeHref } from "../src/markdown";
import { markdown } from "../src/views/markdown";

function drawn(source: string): HTMLElement {
  const box = document.createElement("div");
  render(markdown(source), box);
  return box;
}

describe("what it renders", () => {
  it("paragraphs, line breaks and bold", () => {
    const box = drawn("第一**段**\n还是第一段\n\n第二段");
    expect(box.querySelectorAll("p")).toHaveLength(2);
    expect(box.querySelector("strong")?.textContent).toBe("段");
    expect(box.querySelector("br")).not.toBeNull();
  });

  it("lists, also with blank lines between and a start number", () => {
    const box = drawn("步骤：\n3. 打开\n\n4. 点**冻结**\n\n- 甲\n- 乙");
    expect(box.querySelector("ol")?.getAttribute("start")).toBe("3");
    expect(box.querySelectorAll("ol > li")).toHaveLength(2);
    expect(box.querySelectorAll("ul > li")).toHaveLength(2);
  });

  it("rates at the start of a line stay text", () => {
    expect(parse("1.55 % 三年")[0]).toMatchObject({ kind: "p" });
  });

  it("headings as bold lines", () => {
    expect(drawn("## 怎么办 ##").querySelector("strong")?.textContent).toBe("怎么办");
  });

  it("telephone numbers to press, in one piece; other numbers stay text", () => {
    const links = [...drawn("拨 400-800-3737，24 小时；卡号 6222-0000-1111-2222，尾号 2026-11-22").querySelectorAll("a")];
    expect(links.map((link) => link.getAttribute("href"))).toEqual(["tel:400-800-3737"]);
  });

  it("links to http and https", () => {
    const link = drawn("见[说明](https://www.chunhe.example/a?b=1)").querySelector("a");
    expect(link?.href).toBe("https://www.chunhe.example/a?b=1");
    expect(link?.rel).toContain("noopener");
  });
});

describe("what it refuses", () => {
  const hostile = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](//evil.example)",
    "[x](https://a@evil.example)",
    "[x](\u0001javascript:alert(1))",
    "**<svg onload=alert(1)>**",
    "- <iframe src=javascript:alert(1)>",
    "![x](https://evil.example/p.png\" onerror=\"alert(1))",
  ];

  it.each(hostile)("%s stays text", (source) => {
    const box = drawn(source);
    expect(box.querySelector("script, img, svg, iframe, a, [onload], [onerror]")).toBeNull();
  });

  it("keeps direction marks inside their own paragraph", () => {
    expect(drawn("\u202Egnp.exe").querySelector("p")?.getAttribute("dir")).toBe("auto");
  });

  it("stays fast on long hostile text", () => {
    const long = "[".repeat(20_000) + "**".repeat(20_000) + "1. ".repeat(5_000);
    expect(plainText(long).length).toBeGreaterThan(20_000);
  });

  it("allows only plain web addresses", () => {
    expect(safeHref("http://a.example")).toBe("http://a.example/");
    expect(["mailto:a@b", "tel:1", "x", "ftp://a", "https://u:p@a"].map(safeHref)).toEqual([null, null, null, null, null]);
  });
});

it("reads without marks", () => {
  expect(plainText("**先**冻结：\n- [链接](https://a.example)")).toBe("先冻结：\n链接");
});
