import DOMPurify from "dompurify";
import MarkdownIt from "markdown-it";

const parser = new MarkdownIt({ html: false, linkify: true, breaks: true });

const ALLOWED = ["p", "br", "strong", "em", "s", "ul", "ol", "li", "a", "code", "pre", "blockquote", "h1", "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td", "hr"];

/** Markdown as safe HTML; nothing but text marks survives, links open elsewhere. */
export function toHtml(markdown: string): string {
  const clean = DOMPurify.sanitize(parser.render(markdown), { ALLOWED_TAGS: ALLOWED, ALLOWED_ATTR: ["href", "start"], ALLOWED_URI_REGEXP: /^(https?|mailto|tel):/i });
  return clean.replaceAll("<a ", '<a target="_blank" rel="noopener noreferrer" ');
}

/** The text a customer's plain message would carry: marks gone, list numbers kept. */
export function toPlain(markdown: string): string {
  return markdown
    .replace(/\*\*(.+?)\*\*/g, "$1")
    .replace(/__(.+?)__/g, "$1")
    .replace(/\[([^\]]+)\]\(([^)]+)\)/g, "$1 $2")
    .replace(/^#{1,6}[ \t]+/gm, "")
    .replace(/^[ \t]*[-*][ \t]+/gm, "· ")
    .replace(/`([^`]+)`/g, "$1")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
