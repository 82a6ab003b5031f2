/** Texts of flows: a small one to begin with, and an existing one under another name. */

export const FLOW_ID = /^[a-z][a-z0-9-]*$/;

/** A text in double quotes, as YAML reads it. */
const quoted = (text: string) => JSON.stringify(text);

/** The start of a flow: its id, its name in all languages, and the article that begins it. */
function head(id: string, name: string, article: string): string {
  const title = quoted(name);
  return `flow: ${id}\ntitle: {zh-Hans: ${title}, zh-Hant: ${title}, en: ${title}}\nstarts:\n  articles: [${article}]\n`;
}

/** A flow that asks one thing and ends: right as it stands, and short enough to be understood at once. */
export function template(id: string, name: string, article: string): string {
  return `${head(id, name, article)}offer:
  zh-Hans: 要我现在帮您办吗？
  zh-Hant: 要我現在幫您辦嗎？
  en: "Shall I do it for you now?"
slots:
  wish:
    name: {zh-Hans: 要办什么, zh-Hant: 要辦什麼, en: Wish}
    type: text
    ask:
      zh-Hans: 您想办哪一样？简单说几个字就行。
      zh-Hant: 您想辦哪一樣？簡單說幾個字就好。
      en: "What would you like? A few words will do."
steps:
  - ask: wish
  - id: agree
    confirm:
      zh-Hans: 我记下：“{wish}”。对吗？
      zh-Hant: 我記下：「{wish}」。對嗎？
      en: "I'll note “{wish}”. Is that right?"
    no: kept
  - end: noted
    say:
      zh-Hans: 记下了。同事会在一个工作日内联系您。
      zh-Hant: 記下了。同事會在一個工作天內聯絡您。
      en: I've noted it. A colleague will be in touch within one working day.
  - id: kept
    end: kept
    say:
      zh-Hans: 好的，先不记。想好了再说一声。
      zh-Hant: 好的，先不記。想好了再說一聲。
      en: All right, nothing is noted. Tell me whenever you like.
`;
}

/** Another flow's text under a new id and name, begun by `article` in place of the other's. */
export function copyOf(text: string, id: string, name: string, article: string): string {
  const rest = text.replace(/\r\n/g, "\n").replace(/^(?:flow|title|starts):.*\n(?:[ \t]+.*\n|\n)*/gm, "");
  return head(id, name, article) + rest.replace(/^\n+/, "");
}

/** `平日还是周末？ [平日 | 周末]` is words with choices below them. */
export function splitChoices(what: string): { words: string; choices: string[] } {
  const found = /^([\s\S]*?)\s*\[([^\][]*\|[^\][]*)\]\s*$/.exec(what);
  return found ? { words: found[1]!, choices: found[2]!.split("|").map((one) => one.trim()) } : { words: what, choices: [] };
}
