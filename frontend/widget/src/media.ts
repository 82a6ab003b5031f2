import type { Attachment } from "../../shared/types";
import type { Access } from "./access";

/** Files of the conversation, fetched with the token in a header (never in an address) and kept as object URLs. */
export class Media {
  private readonly urls = new Map<string, string | null>();

  constructor(private readonly access: Access, private readonly changed: () => void) {}

  /** The image's object URL, null while it loads or when it cannot be had. Starts loading it. */
  image(file: Attachment): string | null {
    const known = this.urls.get(file.id);
    if (known === undefined) {
      this.urls.set(file.id, null);
      void this.load(file).then(this.changed, () => undefined);
    }
    return known ?? null;
  }

  /** Saves the file under its own name. */
  async download(file: Attachment): Promise<void> {
    const link = document.createElement("a");
    link.href = this.urls.get(file.id) ?? (await this.load(file));
    link.download = file.name;
    link.click();
  }

  /** Gives the memory back. */
  clear(): void {
    for (const url of this.urls.values()) if (url) URL.revokeObjectURL(url);
    this.urls.clear();
  }

  private async load(file: Attachment): Promise<string> {
    const blob = await this.access.guard(() => this.access.api.blob(`/attachments/${file.id}`));
    const url = URL.createObjectURL(new Blob([blob], { type: file.media_type }));
    this.urls.set(file.id, url);
    return url;
  }
}
