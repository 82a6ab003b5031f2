/** The little Markdown that answers use: paragraphs, lists, bold, links to http(s). Everything else stays text. */

export type Span = { kind: "text"; text: string } | { kind: "bold"; text: string } | { kind: "link"; text: string; href: string };
export type Block = { kind: "p"; lines: Span[][] } | { kind: "ul" | "ol"; start: number; items: Span[][] };

const BULLET = /^\s{0,3}[-*+]\s+(.*)$/;
const NUMBER = /^\s{0,3}(\d{1,4})(?:[.)]\s+|、\s*)(.*)$/;
const HEADING = /^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$/;
const INLINE = /\*\*(?=\S)([^*]+?)\*\*|\[([^[\]]+)\]\(([^()\s]+)\)/g;

/** Parses into plain data; no HTML is ever made of the text. Linear in its length. */
export function parse(source: string): Block[] {
  const blocks: Block[] = [];
  let open = null as Block | null;
  for (const line of source.replace(/\r\n?/g, "\n").split("\n")) {
    const next = line.trim() ? extend(open, line) : open?.kind === "p" ? null : open;
    if (next && next !== open) blocks.push(next);
    open = next;
  }
  return blocks;
}

/** The words without their marks, for reading aloud. */
export function plainText(source: string): string {
  const words = (spans: Span[]) => spans.map((span) => span.text).join("");
  return parse(source)
    .flatMap((block) => (block.kind === "p" ? block.lines : block.items))
    .map(words)
    .join("\n");
}

/** The address when it is a plain http(s) one, else null. */
export function safeHref(address: string): string | null {
  try {
    const url = new URL(address);
    const web = url.protocol === "https:" || url.protocol === "http:";
    return web && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}

function extend(open: Block | null, line: string): Block {
  const bullet = BULLET.exec(line);
  if (bullet) return item(open, "ul", 1, bullet[1] ?? "");
  const number = NUMBER.exec(line);
  if (number) return item(open, "ol", Number(number[1]), number[2] ?? "");
  const heading = HEADING.exec(line);
  if (heading) return { kind: "p", lines: [[{ kind: "bold", text: heading[1] ?? "" }]] };
  if (open && open.kind !== "p" && /^\s{2,}/.test(line)) {
    open.items.at(-1)?.push({ kind: "text", text: "\n" }, ...inline(line.trim()));
    return open;
  }
  if (open?.kind !== "p") return { kind: "p", lines: [inline(line.trim())] };
  open.lines.push(inline(line.trim()));
  return open;
}

function item(open: Block | null, kind: "ul" | "ol", start: number, text: string): Block {
  if (open?.kind !== kind) return { kind, start, items: [inline(text)] };
  open.items.push(inline(text));
  return open;
}

function inline(text: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) spans.push({ kind: "text", text: text.slice(end, match.index) });
    spans.push(span(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) spans.push({ kind: "text", text: text.slice(end) });
  return spans;
}

function span(match: RegExpMatchArray): Span {
  const [whole, bold, label, address] = match;
  if (bold !== undefined) return { kind: "bold", text: bold };
  const href = safeHref(address ?? "");
  return href ? { kind: "link", text: label ?? "", href } : { kind: "text", text: whole };
}
