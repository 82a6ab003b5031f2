import { afterEach, describe, expect, it, vi } from "vitest";
import { inbox, loadInbox, takeLine } from "@/stores/live";
import { item } from "./make";

describe("reading the list while it changes", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("keeps what was pushed meanwhile: the answer may be older", async () => {
    let answer: (response: Response) => void = () => undefined;
    vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => (answer = resolve)));
    const reading = loadInbox();
    takeLine(item({ id: "gone", last_seq: 9, owner: "closed" }), true);
    takeLine(item({ id: "new", last_seq: 3 }), false);
    takeLine(item({ id: "old", last_seq: 4 }), false);
    answer(Response.json({ items: [item({ id: "gone", last_seq: 5 }), item({ id: "old", last_seq: 6 }, { preview: "更新" })] }));
    await reading;
    expect([...inbox.value.keys()].sort()).toEqual(["new", "old"]);
    expect(inbox.value.get("old")?.preview).toBe("更新");

    const again = loadInbox();
    answer(Response.json({ items: [] }));
    await again;
    expect(inbox.value.size).toBe(0);
  });
});
