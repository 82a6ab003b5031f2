import type { WarmlineChat } from "./element";

/** The elements of this page in their order. The first speaks; the others are silent until it is gone. */
const all: WarmlineChat[] = [];

export const isSpeaker = (one: WarmlineChat) => all[0] === one;
/** Whoever is called: the one that speaks. */
export const speaker = (one: WarmlineChat) => all[0] ?? one;

export function join(one: WarmlineChat): void {
  all.push(one);
  if (isSpeaker(one)) one.wake();
}

export function leave(one: WarmlineChat): void {
  const spoke = isSpeaker(one);
  all.splice(all.indexOf(one), 1);
  if (!spoke) return;
  one.sleep();
  all[0]?.wake();
}
