import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/vue-query";
import { computed, ref, shallowRef, watch, type Ref } from "vue";
import { useI18n } from "vue-i18n";
import { ApiError } from "@/api/http";
import { flows, type Flow, type Graph, type Proof } from "@/api/flows";
import { useRested } from "@/composables/useArticles";
import { explain, toast, toastError } from "@/stores/toasts";

const CHECK_PAUSE_MS = 400;
const POLL_MS = 1_000;

export interface Conflict {
  by: string;
  at: string;
}

/** What is wrong with a text, asked once it has rested; the last drawing that could be made stays. */
export function useFlowCheck(id: Ref<string>, text: Ref<string>, ready: Ref<boolean>) {
  const { locale } = useI18n();
  const rested = useRested(text, CHECK_PAUSE_MS);
  const query = useQuery({
    queryKey: ["flow-check", id, rested, locale],
    queryFn: ({ signal }) => flows.check(id.value, rested.value, signal),
    enabled: ready,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    gcTime: 60_000,
    retry: 0,
  });
  const graph = shallowRef<Graph | null>(null);
  watch(query.data, (now) => now?.graph && (graph.value = now.graph), { immediate: true });
  watch(id, () => (graph.value = null));
  const checking = computed(() => query.isFetching.value || rested.value !== text.value);
  const problems = computed(() => query.data.value?.problems ?? []);
  const clean = computed(() => !checking.value && query.isSuccess.value && !problems.value.length);
  const late = computed(() => graph.value !== null && query.data.value !== undefined && query.data.value.graph === null);
  const refused = computed(() => (query.isError.value ? explain(query.error.value) : ""));
  return { problems, graph, checking, clean, late, refused, again: query.refetch };
}

/** How far the proof of the saved text is; asked again each second while it runs. */
export function useFlowProof(id: Ref<string>, mark: Ref<string>) {
  return useQuery({
    queryKey: ["flow-proof", id, mark],
    queryFn: () => flows.proof(id.value),
    enabled: computed(() => mark.value !== ""),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? POLL_MS : false),
    staleTime: 0,
  });
}

/** One flow being written: its text, whether it is saved, and what may be done with it. */
export function useFlow(id: Ref<string>) {
  const { t } = useI18n();
  const client = useQueryClient();
  const loaded = useQuery({ queryKey: ["flow", id], queryFn: () => flows.read(id.value), staleTime: 0 });
  const flow = ref<Flow | null>(null);
  const text = ref("");
  const busy = ref(false);
  const conflict = ref<Conflict | null>(null);
  const dirty = computed(() => flow.value !== null && text.value !== flow.value.text);

  function take(next: Flow, keep = false): void {
    flow.value = next;
    if (!keep) text.value = next.text;
    conflict.value = null;
    client.setQueryData(["flow", id.value], next);
    void client.invalidateQueries({ queryKey: ["flows"] });
    void client.invalidateQueries({ queryKey: ["flow-versions", id.value] });
  }

  watch(id, () => (flow.value = null));
  watch(loaded.data, (now) => now && !dirty.value && !conflict.value && now.mark !== flow.value?.mark && take(now), { immediate: true });

  function fail(error: unknown): void {
    if (error instanceof ApiError && error.code === "flow_changed") conflict.value = { by: String(error.fields.by ?? ""), at: String(error.fields.at ?? "") };
    else toastError(error);
  }

  async function run(act: () => Promise<unknown>): Promise<boolean> {
    busy.value = true;
    try {
      await act();
      return true;
    } catch (error) {
      fail(error);
      return false;
    } finally {
      busy.value = false;
    }
  }

  async function keep(expect: string): Promise<void> {
    const saved = text.value;
    const next = await flows.save(id.value, saved, expect);
    take(next, text.value !== saved);
  }

  const save = () => run(() => keep(flow.value!.mark));
  const saveMine = () => run(async () => keep((await flows.read(id.value)).mark));
  const takeTheirs = () => run(async () => take(await flows.read(id.value)));
  const restore = (version: number) => run(async () => take(await flows.restore(id.value, version, flow.value!.mark)));
  const retire = () => run(async () => take(await flows.retire(id.value, flow.value!.mark)));
  const drop = () => run(() => flows.drop(id.value, flow.value!.mark));

  async function prove(): Promise<void> {
    if (dirty.value && !(await save())) return;
    await run(async () => {
      const begun = await flows.prove(id.value);
      const queryKey = ["flow-proof", id.value, flow.value!.mark];
      // Asked before it began and answered only now, that there is no proof would be believed.
      await client.cancelQueries({ queryKey });
      client.setQueryData<Proof>(queryKey, begun);
    });
  }

  async function publish(): Promise<void> {
    const done = await run(async () => take(await flows.publish(id.value, flow.value!.mark)));
    if (done) toast(t("flow.published_toast", { n: flow.value!.live_version ?? 0 }), { tone: "teal" });
  }

  return { loaded, flow, text, dirty, busy, conflict, save, saveMine, takeTheirs, restore, retire, drop, prove, publish };
}
