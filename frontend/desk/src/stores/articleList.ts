import { reactive, ref, watch } from "vue";

/** What the list of articles shows, kept while an article is open; `status` also knows `changed`: drafts of what is live. */
export const filter = reactive({ q: "", category: "", status: "", lang: "" });
/** The cursors of the pages turned so far; the last is the page shown. */
export const cursors = ref<string[]>([]);

watch(filter, () => (cursors.value = []));
