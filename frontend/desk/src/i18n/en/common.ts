export default {
  common: {
    close: "Close", cancel: "Cancel", save: "Save", edit: "Edit", remove: "Delete", retry: "Try again", loading: "Loading…", more: "{n} more", less: "Show fewer",
    notice: "Notice", unreachable: "The server can't be reached. Try again in a moment.",
  },
  nav: {
    label: "Main", skip: "Skip to content", desk: "Desk", cases: "Cases", wall: "Wall", knowledge: "Articles", flows: "Flows", scripts: "Scripts", staff: "Staff", settings: "Settings", sign_out: "Sign out", attention: "waiting for you",
    unsent_confirm: "Unsent messages: {n}. They stay on this computer if you sign out. Sign out anyway?",
  },
  net: {
    lost: "The line is down; reconnecting. You can keep writing.", lost_unsent: "The line is down. Unsent messages ({n}) go out once it is back, each exactly once.", slow: "This network blocks live connections, so messages arrive a second or two late.", try_now: "Reconnect now",
  },
  sign_in: {
    saying: "First the feeling,\nthen the problem.", title: "Sign in to the desk", hint: "Use your staff account, or open the one-time link you were sent.", email: "Email", password: "Password", go: "Sign in", busy: "Signing in…", or: "or",
    oidc: "Sign in with {name}", bank: "single sign-on", link_used: "This sign-in link no longer works",
  },
  sign_in_error: {
    oidc_refused: "Your account at the bank may not use the desk yet. Please ask an administrator.", oidc_unavailable: "The bank's sign-in is not available right now. Try again in a moment.", link_spent: "This link was used or has expired.",
  },
  presence: {
    missed_notice: "A customer was offered to you and couldn't wait, so a colleague was asked. Press Start when you're back.", why: "On a break for", away_notice: "You are away; no new customers come.", start: "Start",
    label: "My status", button: "{name}, now {state}. Open to change", available: "Available", break: "On a break", away: "Away",
    available_hint: "New customers may come to me", break_hint: "No new customers, no sound", away_hint: "Not at my desk",
  },
  alert: { offer: "{name} is offered to you", waiting: "{name} is waiting for a person", message: "New message from {name}", given: "{name} was passed to you", called: "A colleague asks you in to help {name}", risk: "The callback for {name} may be late" },
  settings: {
    title: "Settings", language: "Language", theme: "Appearance", theme_system: "As the system", theme_light: "Light", theme_dark: "Dark",
    sound: "Sound", sound_hint: "One chime when a customer waits or a customer of mine writes. Silent during a break.",
    notify: "Desktop notifications", notify_hint: "Tells you while the desk is out of sight.", notify_refused: "The browser refuses notifications. Allow them in the site settings beside the address.",
    keys: "Single-key shortcuts", keys_hint: "One letter acts while you are not typing. Switch off if a screen reader needs the keys.",
  },
  keys: {
    title: "Keyboard shortcuts", hint: "Press ? at any time to see this.", anywhere: "Anywhere", writing: "While writing",
    palette: "Find an article", next: "Next conversation", previous: "Previous conversation", note: "Internal note on or off", article: "Insert ready reply 1–3", dropReplies: "None of these replies", opening: "Insert the suggested opening", takeNext: "Take whoever waited longest",
    accept: "Take this customer", reply: "Write a reply", transfer: "Transfer", handBack: "Hand back to the assistant", callback: "Arrange a callback", finish: "Recap and close", promise: "Confirm the promise heard",
    side: "Side panel on or off", help: "Shortcuts", send: "Send", newline: "New line", slash: "Choose a script", leave: "Leave the text box",
  },
  language: { "zh-Hans": "Simplified Chinese", "zh-Hant": "Traditional Chinese", en: "English" },
  language_short: { "zh-Hans": "简", "zh-Hant": "繁", en: "EN" },
  age_band: {
    under_18: "under 18", "18_29": "18–29", "30_44": "30–44", "45_59": "45–59", "60_69": "60–69", "70_": "70 or older",
  },
  channel: { web: "Web", app: "App", wechat: "WeChat", sms: "SMS", mail: "Mail", api: "API", voice: "Phone" },
  outcome: { solved: "Solved", follow_up: "Needs follow-up", not_solved: "Not solved", no_answer: "Customer went quiet" },
  category: {
    cards: "Cards", transfers: "Transfers", deposits: "Deposits", savings: "Savings", loans: "Loans", wealth: "Wealth", app: "App", digital: "Digital", fraud: "Fraud",
    security: "Security", fees: "Fees", elders: "Older customers", branches: "Branches", account: "Account", accounts: "Accounts", credit: "Credit cards",
  },
};
