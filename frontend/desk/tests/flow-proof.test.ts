import { QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { afterEach, describe, expect, it, vi } from "vitest";
import { computed, createApp, ref } from "vue";
import type { Flow, Proof } from "@/api/flows";
import { useFlow, useFlowProof } from "@/composables/useFlow";
import { i18n } from "@/i18n";

const FLOW: Flow = {
  id: "a", title: "甲", live_version: 1, has_draft: true, articles: [], at_once: false, published_at: null, published_by: "", updated_at: "2026-11-28T00:00:00Z", updated_by: "",
  text: "flow: a\n", live_text: "", mark: "00",
};
const PROOF: Proof = { state: "none", digest: "d", started_at: null, finished_at: null, states: 0, transitions: 0, seconds: 0, longest_path_to_human: 0, breaches: [], dialogue: [], mistakes: [] };
const answer = (body: unknown) => new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } });
const settle = () => new Promise((done) => setTimeout(done, 20));

afterEach(() => vi.unstubAllGlobals());

describe("a proof that is begun", () => {
  it("is followed, also when the question asked before it began is answered late", async () => {
    let late: (found: Response) => void = () => undefined;
    let saved = false;
    const asked: string[] = [];
    vi.stubGlobal("fetch", (path: string, { method, signal }: RequestInit) => {
      asked.push(`${method} ${path}`);
      if (path.endsWith("/draft")) saved = true;
      if (path.endsWith("/proof") && method === "POST") return Promise.resolve(answer({ ...PROOF, state: "running" }));
      if (!path.endsWith("/proof")) return Promise.resolve(answer({ ...FLOW, mark: saved ? "11" : "00", text: saved ? "flow: a\n# new\n" : FLOW.text }));
      if (!saved) return Promise.resolve(answer(PROOF));
      return new Promise<Response>((give, refuse) => {
        late = give;
        signal?.addEventListener("abort", () => refuse(new DOMException("", "AbortError")));
      });
    });

    let act!: ReturnType<typeof useFlow>;
    let proof!: ReturnType<typeof useFlowProof>;
    const app = createApp({
      setup() {
        const id = ref("a");
        act = useFlow(id);
        proof = useFlowProof(id, computed(() => act.flow.value?.mark ?? ""));
        return () => null;
      },
    });
    app.use(i18n).use(VueQueryPlugin, { queryClient: new QueryClient({ defaultOptions: { queries: { retry: false } } }) });
    app.mount(document.createElement("div"));
    await settle();
    act.text.value = "flow: a\n# new\n";
    await act.prove();
    expect(asked.filter((one) => one.startsWith("PUT") || one.startsWith("POST"))).toEqual(["PUT /api/v1/flows/a/draft", "POST /api/v1/flows/a/proof"]);
    late(answer(PROOF));
    await settle();
    expect(proof.data.value?.state).toBe("running");
    app.unmount();
  });
});
