/* Who is at the bank's page: one of the demo's customers or nobody. A real bank has its own sign-in here. */
(() => {
  const KEY = "chunhe:customer";
  const { text, chat } = window.CHUNHE;
  const button = document.querySelector("[data-account]");
  if (!button || !chat) return;

  /** Customer by customer, where the widget asks for a fresh signed identity whenever it needs one. */
  window.chunheIdentity = {};

  async function identityOf(ref) {
    const answer = await fetch(`/demo/identity/${encodeURIComponent(ref)}`);
    return answer.ok ? (await answer.json()).identity : null;
  }

  function current() {
    try {
      return JSON.parse(sessionStorage.getItem(KEY));
    } catch {
      return null;
    }
  }

  function remember(customer) {
    try {
      if (customer) sessionStorage.setItem(KEY, JSON.stringify(customer));
      else sessionStorage.removeItem(KEY);
    } catch {
      return;
    }
  }

  function make(tag, className, ...children) {
    const node = document.createElement(tag);
    node.className = className;
    node.append(...children);
    return node;
  }

  const PERSON = "M12 4.25a3.75 3.75 0 1 1 0 7.5 3.75 3.75 0 0 1 0-7.5M4.5 20c.8-4 3.7-6 7.5-6s6.7 2 7.5 6";
  const CHECK = "M5 12.5l4.5 4.5L19 7.5";
  const CLOSE = "M6 6l12 12M18 6L6 18";

  function icon(path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS(svg.namespaceURI, "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  function mark(customer) {
    const inside = customer ? [...customer.name][0] : icon(PERSON);
    const node = make("span", "face", inside);
    node.setAttribute("aria-hidden", "true");
    return node;
  }

  function show() {
    const customer = current();
    button.replaceChildren(mark(customer), make("span", "account-name", customer ? customer.name : text("account.in")));
    if (customer) button.setAttribute("aria-label", text("account.now").replace("{name}", customer.name));
    else button.removeAttribute("aria-label");
  }

  function become(customer) {
    remember(customer);
    show();
    if (!customer) return chat.removeAttribute("identity");
    window.chunheIdentity[customer.ref] = () => identityOf(customer.ref);
    chat.setAttribute("identity", `chunheIdentity.${customer.ref}`);
  }

  const list = make("ul", "people");
  const dialog = make("dialog", "account-dialog");
  dialog.setAttribute("aria-labelledby", "account-title");
  document.body.append(dialog);

  function row(customer) {
    const age = customer && text("account.age").replace("{n}", new Date().getFullYear() - customer.birth_year);
    const about = customer ? [age, customer.elder && text("account.elder")].filter(Boolean).join(" · ") : text("account.nobody.p");
    const name = customer ? customer.name : text("account.nobody");
    const pick = make("button", "person", mark(customer), make("span", "", make("strong", "", name), make("small", "", about)));
    pick.type = "button";
    if ((customer?.ref ?? null) === (current()?.ref ?? null)) {
      pick.setAttribute("aria-current", "true");
      pick.append(icon(CHECK));
    }
    pick.addEventListener("click", () => {
      // The same person again is no new visit: the conversation on screen stays as it is.
      if (!pick.hasAttribute("aria-current")) become(customer && { ref: customer.ref, name: customer.name });
      dialog.close();
    });
    return make("li", "", pick);
  }

  async function fill() {
    list.replaceChildren(make("li", "soft", text("account.loading")));
    try {
      const customers = await (await fetch("/demo/customers")).json();
      list.replaceChildren(...customers.map(row), row(null));
      list.querySelector("[aria-current]")?.focus();
    } catch {
      list.replaceChildren(make("li", "soft", text("account.failed")));
    }
  }

  function build() {
    const title = make("h2", "", text("account.title"));
    title.id = "account-title";
    const close = make("button", "icon-button", icon(CLOSE));
    close.type = "button";
    close.setAttribute("aria-label", text("account.close"));
    close.addEventListener("click", () => dialog.close());
    dialog.append(make("div", "account-head", title, close), make("p", "soft", text("account.lead")), list);
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }

  build();
  become(current());
  button.addEventListener("click", () => {
    dialog.showModal();
    void fill();
  });
})();
