import type { ErrorBody, Locale } from "../../shared/types";

/** The server's refusal; `status` 0 means it was not reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

export interface Caller {
  token(): string | null;
  locale(): Locale;
}

/** JSON over REST under `/api/v1`; every failure is an `ApiError`. */
export class Api {
  readonly base: string;

  constructor(server: string, private readonly caller: Caller) {
    this.base = `${server.replace(/\/+$/, "")}/api/v1`;
  }

  get streamUrl(): string {
    return `${this.base.replace(/^http/, "ws")}/stream`;
  }

  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.call<T>("GET", path, undefined, signal);
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.call<T>("POST", path, JSON.stringify(body));
  }

  headers(): Record<string, string> {
    const token = this.caller.token();
    return { "Accept-Language": this.caller.locale(), ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  }

  async blob(path: string): Promise<Blob> {
    return (await this.fetch(path, { headers: this.headers() })).blob();
  }

  private async call<T>(method: string, path: string, body?: string, signal?: AbortSignal): Promise<T> {
    const headers = body === undefined ? this.headers() : { ...this.headers(), "Content-Type": "application/json" };
    const response = await this.fetch(path, { method, headers, body, signal });
    const text = await response.text();
    return (text ? JSON.parse(text) : null) as T;
  }

  private async fetch(path: string, init: RequestInit): Promise<Response> {
    const response = await fetch(this.base + path, { credentials: "omit", ...init }).catch((error: unknown) => {
      throw new ApiError(0, "unreachable", String(error));
    });
    if (response.ok) return response;
    throw toError(response.status, await response.text().catch(() => ""));
  }
}

/** Reads the protocol's error body; anything else becomes code `http_<status>` without words. */
export function toError(status: number, text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as { error: ErrorBody };
    return new ApiError(status, error.code, error.message, error.fields);
  } catch {
    return new ApiError(status, `http_${status}`, "");
  }
}

/** For `catch`: null when the thing is not there, or no longer the caller's. */
export function nullIfGone(error: unknown): null {
  if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return null;
  throw error;
}
