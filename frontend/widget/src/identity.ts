/** The page's word for who is signed in: a JWT, or the name of a function on `window` that gives one (or a promise). */
export async function readIdentity(attribute: string | null): Promise<string | null> {
  if (!attribute) return null;
  if (isJwt(attribute)) return attribute;
  const source = attribute.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], window);
  if (typeof source !== "function") return null;
  const token: unknown = await (source as () => unknown)();
  return typeof token === "string" && isJwt(token) ? token : null;
}

/** Whose drawer it is while nobody is signed in. */
export const ANYONE = "anyone";

/** The `sub` claim, read without checking: it only names the drawer in local storage. */
export function subject(jwt: string | null): string {
  try {
    const part = (jwt ?? "").split(".")[1] ?? "";
    const json = decodeURIComponent(escape(atob(part.replace(/-/g, "+").replace(/_/g, "/"))));
    return String((JSON.parse(json) as { sub: unknown }).sub ?? ANYONE);
  } catch {
    return ANYONE;
  }
}

function isJwt(text: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text) && text.length > 40;
}
