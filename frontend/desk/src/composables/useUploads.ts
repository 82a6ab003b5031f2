import { ref } from "vue";
import { useI18n } from "vue-i18n";
import { conversations as api } from "@/api/staff";
import type { Draft } from "@/stores/drafts";
import { explain, toast } from "@/stores/toasts";

const TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"];
const MAX_BYTES = 10_000_000;

export const ACCEPT = TYPES.join(",");

/** Files on their way into a draft; each is stored at once, the message only names it. */
export function useUploads(id: string, draft: Draft, changed: () => void) {
  const { t } = useI18n();
  const uploading = ref<string[]>([]);

  async function add(file: File): Promise<void> {
    if (!TYPES.includes(file.type)) return toast(t("attach.type", { name: file.name }), { tone: "ember" });
    if (file.size > MAX_BYTES) return toast(t("attach.size", { name: file.name }), { tone: "ember" });
    uploading.value = [...uploading.value, file.name];
    try {
      draft.attachments = [...draft.attachments, await api.attach(id, file)];
      changed();
    } catch (error) {
      toast(t("attach.failed", { name: file.name }), { tone: "ember", text: explain(error), action: { label: t("common.retry"), run: () => void add(file) } });
    } finally {
      uploading.value = uploading.value.filter((name) => name !== file.name);
    }
  }

  function take(files: FileList | null | undefined): boolean {
    if (!files?.length) return false;
    for (const file of files) void add(file);
    return true;
  }

  return { uploading, take };
}
