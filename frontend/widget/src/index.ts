import { WarmlineChat } from "./element";

const script = document.currentScript as HTMLScriptElement | null;
WarmlineChat.origin = script?.src ? new URL(script.src).origin : location.origin;

if (!customElements.get("warmline-chat")) customElements.define("warmline-chat", WarmlineChat);

/** `<script src="…/widget.js" data-mount data-locale="en">` puts the element on the page by itself. */
function mount(source: DOMStringMap): void {
  const element = document.createElement("warmline-chat");
  for (const [name, value] of Object.entries(source)) if (name !== "mount") element.setAttribute(name, value ?? "");
  document.body.append(element);
}

if (script && "mount" in script.dataset) {
  const { dataset } = script;
  if (document.body) mount(dataset);
  else document.addEventListener("DOMContentLoaded", () => mount(dataset));
}

export { WarmlineChat };
