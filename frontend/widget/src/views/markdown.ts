import { html, nothing, type TemplateResult } from "lit";
import { parse, type Block, type Span } from "../markdown";

const PHONE = /(?<![\d-])(\d{3,4}-\d{3,4}-\d{4})(?![\d-])/;

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

/** A telephone number in one piece, to be pressed where there is a telephone. */
function phone(number: string): TemplateResult {
  return html`<a class="whole" href="tel:${number}">${number}</a>`;
}

function span(one: Span): TemplateResult {
  if (one.kind === "bold") return html`<strong>${one.text}</strong>`;
  if (one.kind === "text") return html`${one.text.split(PHONE).map((part, n) => (n % 2 ? phone(part) : part))}`;
  return html`<a href=${one.href} target="_blank" rel="noopener noreferrer nofollow">${one.text}</a>`;
}
