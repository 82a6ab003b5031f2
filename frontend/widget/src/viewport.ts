const SHORT_PX = 520;

/** Keeps `--vh` and `--vtop` on the host at the part of the page the on-screen keyboard leaves free; `data-short` when little is left. */
export function followViewport(host: HTMLElement): () => void {
  const view = window.visualViewport;
  if (!view) return () => undefined;
  const update = () => {
    host.style.setProperty("--vh", `${view.height}px`);
    host.toggleAttribute("data-short", view.height < SHORT_PX);
    host.style.setProperty("--vtop", `${view.offsetTop}px`);
  };
  update();
  view.addEventListener("resize", update);
  view.addEventListener("scroll", update);
  return () => {
    view.removeEventListener("resize", update);
    view.removeEventListener("scroll", update);
  };
}

/** Phones show the panel on the whole screen. */
export function fullScreen(): boolean {
  return matchMedia("(max-width: 540px)").matches;
}

/** A mouse or a pen; focusing the input does not push up a keyboard. */
export function finePointer(): boolean {
  return matchMedia("(pointer: fine)").matches;
}
