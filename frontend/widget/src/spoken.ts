import type { Event, MessagePosted } from "../../shared/types";
import { plainName } from "./format";
import type { Translate } from "./i18n";
import { plainText } from "./markdown";

export interface Speaker {
  kind: "own" | "assistant" | "person" | "system";
  name: string;
}

/** Who says an event, as the customer is told. `assistant` is the assistant's own name. */
export function speakerOf(event: Event, assistant: string, t: Translate): Speaker {
  const name = plainName(event.author.name ?? "");
  switch (event.author.kind) {
    case "customer":
      return { kind: "own", name: t("you") };
    case "helper":
      return { kind: "own", name: name || t("you") };
    case "assistant":
      return { kind: "assistant", name: `${assistant} · ${t("ai")}` };
    case "system":
      return { kind: "system", name: t("system") };
    default:
      return { kind: "person", name: name || t("person") };
  }
}

/** A message's words for ears: no marks, then what was attached and what may be chosen. */
export function spokenText(payload: MessagePosted, t: Translate): string {
  if (payload.erased) return t("erased");
  const text = payload.format === "markdown" ? plainText(payload.text ?? "") : (payload.text ?? "");
  const files = (payload.attachments ?? []).map((file) => plainName(file.name));
  const choices = (payload.choices ?? []).map((choice) => choice.text);
  const offered = choices.length ? [`${t("choices")}: ${choices.join(" / ")}`] : [];
  return [text, ...files, ...offered].filter(Boolean).join("\n");
}
