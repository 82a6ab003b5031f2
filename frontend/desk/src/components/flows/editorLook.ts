import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The editor in the desk's own colours, which follow light and dark. */
export const look = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "transparent", fontSize: "var(--text-s)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono CJK SC", monospace', lineHeight: "1.7" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--ember)" },
  ".cm-line": { padding: "0 12px 0 4px" },
  ".cm-cursor": { borderLeftColor: "var(--ember)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--ink-3)", border: "none" },
  ".cm-gutter-lint": { width: "20px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "4px 4px" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--sunken) 60%, transparent)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection": { backgroundColor: "var(--note) !important" },
  ".cm-matchingBracket": { backgroundColor: "var(--teal-soft)", outline: "none" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--ember) 1.5px", textUnderlineOffset: "4px" },
  ".cm-lintPoint-error:after": { borderBottomColor: "var(--ember)" },
  ".cm-lint-marker-error": { content: "none", width: "12px", height: "12px", borderRadius: "50%", backgroundColor: "var(--ember)" },
  ".cm-tooltip": { border: "1px solid var(--line)", borderRadius: "var(--r-m)", backgroundColor: "var(--surface)", color: "var(--ink)", boxShadow: "var(--shadow-pop)", fontFamily: "var(--font)" },
  ".cm-diagnostic-error": { borderLeft: "none", padding: "8px 12px", whiteSpace: "pre-line", maxWidth: "360px" },
});

/** Keys stand back, what is said stands out. */
export const signs = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "var(--ink-3)" },
  { tag: [tags.string, tags.content], color: "var(--ink)" },
  { tag: tags.attributeValue, color: "var(--teal-text)" },
  { tag: tags.comment, color: "var(--ink-3)", fontStyle: "italic" },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace, tags.meta], color: "var(--ink-3)" },
]);
