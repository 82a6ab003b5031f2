import { reactive } from "vue";
import { ApiError } from "@/api/http";
import { i18n } from "@/i18n";

export interface Toast {
  id: number;
  tone: "plain" | "teal" | "ember";
  title: string;
  text?: string;
  action?: { label: string; run: () => void };
}

export const toasts = reactive<Toast[]>([]);
let next = 1;

export function toast(title: string, more: Partial<Omit<Toast, "id" | "title">> = {}): void {
  toasts.push({ id: next++, tone: "plain", title, ...more });
  if (toasts.length > 4) toasts.shift();
}

export function dismissToast(id: number): void {
  const index = toasts.findIndex((known) => known.id === id);
  if (index >= 0) toasts.splice(index, 1);
}

/** The server's own sentence where there is one, otherwise that it could not be reached. */
export function explain(error: unknown): string {
  if (error instanceof ApiError) return error.message || error.code;
  return i18n.global.t("common.unreachable");
}

export const toastError = (error: unknown) => toast(explain(error), { tone: "ember" });
