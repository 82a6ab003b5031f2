/** One door to the REST API: cookies, the CSRF header, the language and the error body. */

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Record<string, unknown> = {},
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }
}

/** The server was not reached, or said that it cannot answer now: trying again is right. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status >= 500 || error.status === 429 || error.status === 408;
}

export function cookie(name: string): string {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

let language = "zh-Hans";
let onSignedOut: () => void = () => undefined;

export function speak(locale: string): void {
  language = locale;
}

export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

type Query = Record<string, string | number | boolean | null | undefined>;

export function withQuery(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

async function readError(answer: Response): Promise<ApiError> {
  const body = await answer.json().catch(() => null);
  const error = body?.error ?? {};
  const wait = Number(answer.headers.get("Retry-After"));
  return new ApiError(answer.status, error.code ?? `http_${answer.status}`, error.message ?? answer.statusText, error.fields ?? {}, wait || null);
}

export async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { "Accept-Language": language };
  const form = body instanceof FormData;
  if (method !== "GET") headers["X-CSRF-Token"] = cookie("warmline_csrf");
  if (body !== undefined && !form) headers["Content-Type"] = "application/json";
  const answer = await fetch(`/api/v1${path}`, {
    method,
    headers,
    signal,
    credentials: "same-origin",
    body: body === undefined ? undefined : form ? body : JSON.stringify(body),
  });
  if (!answer.ok) {
    const error = await readError(answer);
    if (answer.status === 401 && !path.startsWith("/auth/")) onSignedOut();
    throw error;
  }
  return (answer.status === 204 ? undefined : await answer.json().catch(() => undefined)) as T;
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) => call<T>("GET", withQuery(path, query), undefined, signal);
export const post = <T>(path: string, body: unknown = {}) => call<T>("POST", path, body);
export const put = <T>(path: string, body: unknown) => call<T>("PUT", path, body);
export const remove = <T>(path: string) => call<T>("DELETE", path);
