import { svg, html, type TemplateResult } from "lit";

const PATHS = {
  chat: svg`<path d="M4 5.5h16v11H10l-4.5 4v-4H4z"/><path d="M8 9.5h8M8 12.5h5"/>`,
  person: svg`<circle cx="12" cy="8" r="3.75"/><path d="M4.5 20c.8-4 3.7-6 7.5-6s6.7 2 7.5 6"/>`,
  close: svg`<path d="M6 6l12 12M18 6L6 18"/>`,
  down: svg`<path d="M5 9l7 7 7-7"/>`,
  gear: svg`<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>`,
  send: svg`<path d="M12 19V5.500M6 11l6-6 6 6"/>`,
  clip: svg`<path d="M19.5 11.500l-7.8 7.800a4.6 4.6 0 0 1-6.5-6.500l8.3-8.300a3 3 0 0 1 4.3 4.300l-8.2 8.200a1.5 1.5 0 0 1-2.1-2.100l7.3-7.3"/>`,
  up: svg`<path d="M7.5 11v8.500H4V11zM7.5 11l4-7c1.6 0 2.5 1.2 2.2 2.800L13 10h6.500l-1.5 8.300c-.2.7-.8 1.2-1.5 1.200h-9"/>`,
  thumbDown: svg`<path d="M16.5 13V4.500H20V13zM16.5 13l-4 7c-1.6 0-2.5-1.2-2.2-2.800L11 14H4.500L6 5.700c.2-.7.8-1.2 1.5-1.200h9"/>`,
  sound: svg`<path d="M4 9.500v5h3.500L12 18.500v-13L7.5 9.500zM15.5 9a4 4 0 0 1 0 6M18 6.500a7.5 7.5 0 0 1 0 11"/>`,
  stop: svg`<rect x="6" y="6" width="12" height="12" rx="2"/>`,
  file: svg`<path d="M6 3.500h8l4.5 4.500v12.500H6zM14 3.500V8h4.5"/>`,
  clock: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.500V12l3 2"/>`,
  check: svg`<path d="M5 12.500l4.5 4.500L19 7.5"/>`,
  alert: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.500v5.500M12 16.200v.1"/>`,
  back: svg`<path d="M14.5 5l-7 7 7 7"/>`,
} as const;

export type Icon = keyof typeof PATHS;

/** A decorative line icon in the colour of the text. */
export function icon(name: Icon): TemplateResult {
  return html`<svg class="i" viewBox="0 0 24 24" aria-hidden="true">${PATHS[name]}</svg>`;
}

/** The assistant's mark: a sun coming up over a line, plainly not a face. */
export function assistantMark(): TemplateResult {
  return html`<svg class="mark" viewBox="0 0 36 36" aria-hidden="true">
    <rect width="36" height="36" rx="11" /><path class="sun" d="M11 23.5a7 7 0 0 1 14 0z" />
    <path d="M7 23.5h22M12.5 28h11M18 8v4M8.7 12.7l2.8 2.8M27.3 12.7l-2.8 2.8" />
  </svg>`;
}
