import { PostRefused } from "../../shared/outbox";
import type { Ack } from "../../shared/frames";
import type { Rest } from "../../shared/poller";
import type { Batch } from "../../shared/types";
import type { Access } from "./access";
import { ApiError } from "./api";

/** The calls that stand in for the socket. A message the server will never take rejects with `PostRefused`. */
export function restOf(access: Access): Rest {
  const { api } = access;
  const path = (id: string, rest: string) => `/conversations/${id}/${rest}`;
  return {
    events: (id, after, wait, signal) =>
      access.guard(() => api.get<Batch>(path(id, `events?after=${after}&wait=${wait}`), signal)),
    post: (id, message) => access.guard(() => api.post<Ack>(path(id, "messages"), message)).catch(refuse),
    read: (id, up_to) => access.guard(() => api.post(path(id, "read"), { up_to })),
  };
}

function refuse(error: unknown): never {
  const final = error instanceof ApiError && error.status >= 400 && error.status < 429;
  throw final ? new PostRefused(error.code, error.message, error.fields) : error;
}
