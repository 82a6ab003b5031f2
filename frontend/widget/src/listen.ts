/** Listens until the function it returns is called. */
export function listen(target: EventTarget, type: string, run: (event: Event) => unknown): () => void {
  target.addEventListener(type, run);
  return () => target.removeEventListener(type, run);
}
