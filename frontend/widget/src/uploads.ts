import type { Attachment } from "../../shared/types";
import { toError } from "./api";

export const ACCEPT = "image/png,image/jpeg,image/gif,image/webp,application/pdf";
export const MAX_BYTES = 10 * 1024 * 1024;

export type UploadState = "uploading" | "done" | "failed";

/** One chosen file on its way to the server. */
export interface Upload {
  id: string;
  file: File;
  /** Object URL of an image, for the preview. */
  preview: string | null;
  /** 0 to 100. */
  progress: number;
  state: UploadState;
  attachment: Attachment | null;
  reason: string | null;
}

export type FileProblem = "tooLarge" | "wrongType";

/** Why a file cannot be sent, null when it can. */
export function problemOf(file: { type: string; size: number }): FileProblem | null {
  if (!ACCEPT.split(",").includes(file.type)) return "wrongType";
  return file.size > MAX_BYTES ? "tooLarge" : null;
}

export interface UploadTarget {
  url: string;
  headers: Record<string, string>;
}

/** Sends the file; XMLHttpRequest because fetch tells no progress. Rejects with `ApiError`. */
export function sendFile(file: File, target: UploadTarget, progress: (percent: number) => void): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", target.url);
    for (const [name, value] of Object.entries(target.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => progress(event.total ? Math.round((100 * event.loaded) / event.total) : 0);
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as Attachment);
      else reject(toError(request.status, request.responseText));
    };
    request.onerror = request.ontimeout = () => reject(toError(0, ""));
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
}
