import { conversations as api } from "@/api/staff";
import type { ReplyUse } from "@/api/types";

/** Tells what became of a suggestion. A lost line loses a lesson, never a message: nothing is said about it. */
export function noteUse(conversationId: string, use: ReplyUse | null): void {
  if (use) api.noteUse(conversationId, use).catch(() => undefined);
}
