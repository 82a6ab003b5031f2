export default {
  knowledge: {
    title: "Articles", new: "New article", tab_list: "All", tab_check: "Check", tab_gaps: "Unanswered", tab_release: "When it answers", category: "Category", status: "Status", question: "Standard question", changed: "Changed",
    all_categories: "All categories", all_status: "Any status", all_languages: "All languages", none: "No articles match", none_hint: "Change the filters, or write a new one.", total: "Articles: {n}", previous: "Previous page", next: "Next page",
    back: "Back to the list", similar: "Similar questions", similar_hint: "One a line, the way customers really type. {n} so far.", answer: "Answer", markdown: "Markdown: **bold**, - lists, 1. steps.", preview: "As the customer sees it",
    variants: "Other answers", variants_hint: "Say it differently on the phone, in a text message or to an older customer.", add_variant: "Add an answer", variant_for: "Where it is used", valid_from: "Valid from", valid_until: "Valid until", owner: "Owner",
    id: "Id", id_hint: "Letters, digits, hyphens; made for you if left empty.", history: "History", version: "Version {n}", was_live: "Published {time}", never_live: "Never published", restore: "Bring this back", restored: "Brought back as a draft",
    language_of_text: "Language", reviewed: "Reviewed", review_hint: "A reviewed Traditional text is what customers read; until then they read the Simplified one, converted.", converted: "There is no Traditional text yet: customers read the Simplified one, converted.", take_converted: "Take the conversion to review", converting: "Converting…", auto: "auto", to_review: "to review", read_only: "You can read this, not change it. Ask a knowledge editor.", retire_confirm: "Customers will no longer find this one. Its versions stay, and it can be published again. Retire it?", no_similar: "No similar questions yet.",
    marked: "{language} ({mark})", not_written: "not written", publish: "Publish", retire: "Retire", saved: "Saved as a draft", published: "Published; live within a second", retired: "Retired", leave: "Your changes are not saved. Leave anyway?",
  },
  status: { draft: "Draft", published: "Published", retired: "Retired", changed: "Unpublished changes", expired: "Expired" },
  problem: {
    question: "Write the standard question.", category: "Choose a category.", dates: "It ends before it begins.", id: "The id may hold letters, digits and hyphens only.",
  },
  variant: { channel_voice: "Phone", channel_sms: "SMS", channel_wechat: "WeChat", channel_app: "App", channel_mail: "Mail", audience_elder: "Older customers" },
  check: {
    hint: "Finds articles that repeat or contradict each other, have expired or lack a translation. Which ones a search can't reach takes a search for each: run warmline kb check for that.", again: "Check again", running: "Checking…", clean: "Nothing to mend",
    error: "Customers get a wrong answer, or none", warning: "Likely wrong", info: "Worth knowing",
  },
  gaps: {
    none: "Everything was answered", none_hint: "What customers asked and the assistant could not answer appears here, most asked first.", hint: "What the assistant could not answer in the last 30 days. Questions that mean the same are one row; most asked first.", asked: "times asked: {n}", last: "last on {day}", nearest: "Nearest:", write: "Write one", make: "Make an article",
    alike: "one other wording | {n} other wordings", told: "{name} told a customer on {day}", open: "Open the conversation", others: "another answer by a colleague | {n} other answers by colleagues", use: "Write with this one", seeded: "The answer is what {name} told a customer on {day}; the similar questions are customers' own words. Check it, and make it true for everyone before you publish.",
  },
  release: {
    lead: "When it is sure, the assistant answers. When it is less sure, it offers two or three readings; below that, a person.", rate: "Tolerated wrong answers", rate_words: "of 100 answers given, about {n} may be wrong at most", covers: "Answered directly", covers_words: "of the questions; the others get readings, or a person", wrong: "Wrong among these", wrong_words: "as measured; with 95% confidence not above {value}", upper: "Wrong, 95% upper bound", threshold: "Confidence needed",
    ground_logs: "Measured on {n} labelled questions of the bank's own.", ground_estimated: "Estimated from similar questions ({n} of them), not from real conversations. Calibrate again on labelled real questions once you are live.", ground_pending: "The articles have just changed and it is calibrating anew. Until then a cautious threshold holds: it answers from a confidence of {answer} on.", ground_none: "Too few questions to calibrate on ({n}). Until then a cautious threshold holds: it answers from a confidence of {answer} on. With more articles and similar questions it calibrates by itself.",
    chart: "The more it answers, the more it gets wrong", chart_hint: "To the right: more questions answered. Upwards: more of those wrong. The dashed line is the tolerated rate, the diamond where it stands now.", axis_x: "questions answered directly", line: "wrong among these", limit: "tolerated: {value}", band: "Pale band: up to the 95% upper bound", now: "Now: answers {covers}, {wrong} of them wrong", nothing: "nothing is answered directly", as_table: "The numbers",
    other: "What another rate would give", in_force: "now", change: "The rate is set at start by WARMLINE_TARGET_ERROR; after a restart everything is computed anew.", bands: "From a confidence of {answer} on it answers; between {clarify} and {answer} it offers readings; below, a person.",
  },
  scripts: {
    title: "Scripts", hint: "While replying, type / and the shortcut.", new: "New script", edit: "Edit script", search: "Search scripts", none: "No scripts.", saved: "Script saved", remove_confirm: "Delete the script “{name}”? Nobody can use it any more.", removed: "Script deleted", name: "Name", shortcut: "Shortcut", text: "Text",
    general: "General", example_name: "Ms Wang",
  },
  variable: { customer_name: "Customer's name", agent_name: "My name", bank_name: "Bank", time_of_day: "Time of day" },
};
