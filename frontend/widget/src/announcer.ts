/** Lines for a polite live region: each key is said once, old lines are let go. */
export class Announcer {
  lines: { key: string; text: string }[] = [];
  private readonly said = new Set<string>();

  /** False when `key` was said before. */
  say(key: string, text: string): boolean {
    if (this.said.has(key) || !text) return false;
    this.said.add(key);
    this.lines = [...this.lines.slice(-19), { key, text }];
    return true;
  }
}
