import { html, nothing, type TemplateResult } from "lit";
import { parse, type Block, type Span } from "../markdown";

/** An answer's Markdown as elements; its text never becomes HTML. */
export function markdown(source: string): TemplateResult {
  return html`${parse(source).map(block)}`;
}

function block(one: Block): TemplateResult {
  if (one.kind === "p") {
    return html`<p dir="auto">${one.lines.map((line, n) => html`${n ? html`<br />` : nothing}${line.map(span)}`)}</p>`;
  }
  const items = one.items.map((item) => html`<li dir="auto">${item.map(span)}</li>`);
  return one.kind === "ul" ? html`<ul>${items}</ul>` : html`<ol start=${one.start}>${items}</ol>`;
}

function span(one: Span): TemplateResult {
  if (one.kind === "bold") return html`<strong>${one.text}</strong>`;
  if (one.kind === "text") return html`${one.text}`;
  return html`<a href=${one.href} target="_blank" rel="noopener noreferrer nofollow">${one.text}</a>`;
}
