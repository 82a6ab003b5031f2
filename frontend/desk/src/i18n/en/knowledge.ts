export default {
  knowledge: {
    title: "Articles", new: "New article", tab_list: "All", tab_check: "Check", tab_gaps: "Unanswered", category: "Category", status: "Status", question: "Standard question", changed: "Changed",
    all_categories: "All categories", all_status: "Any status", all_languages: "All languages", none: "No articles match", none_hint: "Change the filters, or write a new one.", total: "{n} articles", previous: "Previous page", next: "Next page",
    back: "Back to the list", similar: "Similar questions", similar_hint: "One a line, the way customers really type. {n} so far.", answer: "Answer", markdown: "Markdown: **bold**, - lists, 1. steps.", preview: "As the customer sees it",
    variants: "Other answers", variants_hint: "Say it differently on the phone, in a text message or to an older customer.", add_variant: "Add an answer", variant_for: "Where it is used", valid_from: "Valid from", valid_until: "Valid until", owner: "Owner",
    id: "Id", id_hint: "Letters, digits, hyphens; made for you if left empty.", history: "History", version: "Version {n}", was_live: "Published {time}", never_live: "Never published", restore: "Bring this back", restored: "Brought back as a draft",
    language_of_text: "Language", not_written: "not written", publish: "Publish", retire: "Retire", saved: "Saved as a draft", published: "Published; live within a second", retired: "Retired", leave: "Your changes are not saved. Leave anyway?",
  },
  status: { draft: "Draft", published: "Published", retired: "Retired", changed: "Unpublished changes", expired: "Expired" },
  problem: {
    question: "Write the standard question.", category: "Choose a category.", dates: "It ends before it begins.", id: "The id may hold letters, digits and hyphens only.",
  },
  variant: { channel_voice: "Phone", channel_sms: "SMS", channel_wechat: "WeChat", channel_app: "App", channel_mail: "Mail", audience_elder: "Older customers" },
  check: {
    hint: "Finds articles that repeat or contradict each other, have expired, lack a translation or can't be reached.", again: "Check again", running: "Checking…", clean: "Nothing to mend", unavailable: "Checking here is not switched on. Use the command warmline kb check.",
    error: "Customers get a wrong answer, or none", warning: "Likely wrong", info: "Worth knowing",
  },
  gaps: {
    none: "Nothing was left unanswered", none_hint: "Questions nobody could answer appear here.", unavailable: "Unanswered questions are not recorded yet.", asked: "asked {n} times", nearest: "Nearest:", write: "Write one",
  },
  scripts: {
    title: "Scripts", hint: "While replying, type / and the shortcut.", new: "New script", edit: "Edit script", search: "Search scripts", none: "No scripts.", saved: "Script saved", removed: "Script deleted", name: "Name", shortcut: "Shortcut", text: "Text",
    general: "General", example_name: "Ms Wang",
  },
  variable: { customer_name: "Customer's name", agent_name: "My name", bank_name: "Bank", time_of_day: "Time of day" },
};
