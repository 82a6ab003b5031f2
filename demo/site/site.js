/* Fills the page in the language of ?lang (or the browser's), and lets buttons ask the assistant. */
(() => {
  const LOCALES = ["zh-Hans", "zh-Hant", "en"];

  function nearest(tag) {
    const lower = (tag || "").toLowerCase();
    if (lower.startsWith("zh")) return /hant|tw|hk|mo/.test(lower) ? "zh-Hant" : "zh-Hans";
    return lower.startsWith("en") ? "en" : null;
  }

  const asked = new URLSearchParams(location.search).get("lang");
  const locale = [asked, ...navigator.languages].map(nearest).find(Boolean) || "zh-Hans";
  const texts = window.CHUNHE_TEXTS;
  const text = (key) => texts[key]?.[LOCALES.indexOf(locale)];

  /** A telephone number or a span of hours is never broken over two lines. */
  function unbroken(words) {
    return words.split(/(\d[\d:\- –]*\d)/).map((part, n) => {
      const whole = n % 2 && Object.assign(document.createElement("span"), { className: "whole", textContent: part });
      return whole || part;
    });
  }

  document.documentElement.lang = locale;
  for (const node of document.querySelectorAll("[data-t]")) {
    const found = text(node.dataset.t);
    if (found !== undefined) node.replaceChildren(...(node.matches(".button") ? [found] : unbroken(found)));
  }
  const title = text(document.body.dataset.title);
  if (title) document.title = title;

  for (const link of document.querySelectorAll("a[data-lang]")) {
    link.href = `?lang=${link.dataset.lang}`;
    if (link.dataset.lang === locale) link.setAttribute("aria-current", "true");
  }
  for (const link of document.querySelectorAll("a[data-keep]")) link.search = `?lang=${locale}`;

  const chat = document.querySelector("warmline-chat");
  chat?.setAttribute("locale", locale);
  chat?.setAttribute("assistant", text("assistant"));
  window.CHUNHE = { text, chat };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-ask], [data-human], [data-open]");
    if (!button || !chat) return;
    if ("human" in button.dataset) chat.human?.();
    else if ("ask" in button.dataset) chat.ask?.(text(button.dataset.ask));
    else chat.open = true;
  });
})();
