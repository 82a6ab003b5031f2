import type { Attachment } from "../../shared/types";
import { ApiError } from "./api";
import { size } from "./format";
import type { Key } from "./i18n";
import { newId } from "./store";
import { problemOf, sendFile, type Upload, type UploadTarget } from "./uploads";

export interface TrayHost {
  changed(): void;
  /** Says why a file was not taken. */
  refuse(key: Key, values: Record<string, string>): void;
  /** Where to upload to; opens the conversation when needed. */
  target(): Promise<UploadTarget>;
}

/** The files chosen for the next message. */
export class Tray {
  items: Upload[] = [];

  constructor(private readonly host: TrayHost) {}

  get busy(): boolean {
    return this.items.some((item) => item.state === "uploading");
  }

  add(files: Iterable<File>): void {
    for (const file of files) {
      const problem = problemOf(file);
      if (problem) this.host.refuse(problem, { name: file.name, size: size(file.size) });
      else this.start(file);
    }
  }

  retry(item: Upload): void {
    void this.upload(item);
  }

  remove(item: Upload): void {
    if (item.preview) URL.revokeObjectURL(item.preview);
    this.items = this.items.filter((one) => one !== item);
    this.host.changed();
  }

  /** What is ready to go with a message; the tray is empty afterwards but for what failed. */
  take(): Attachment[] {
    const done = this.items.filter((item) => item.attachment);
    for (const item of done) this.remove(item);
    return done.map((item) => item.attachment as Attachment);
  }

  private start(file: File): void {
    const preview = file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
    const item: Upload = { id: newId(), file, preview, progress: 0, state: "uploading", attachment: null, reason: null };
    this.items = [...this.items, item];
    void this.upload(item);
  }

  private async upload(item: Upload): Promise<void> {
    Object.assign(item, { state: "uploading", progress: 0, reason: null });
    this.host.changed();
    try {
      const target = await this.host.target();
      item.attachment = await sendFile(item.file, target, (percent) => {
        item.progress = percent;
        this.host.changed();
      });
      item.state = "done";
    } catch (error) {
      item.state = "failed";
      item.reason = error instanceof ApiError && error.status ? error.message : null;
    }
    this.host.changed();
  }
}
