export default {
  desk: {
    given: "Just handed to you",
    by_assistant: "AI: ", by_agent: "Reply: ",
    list: "Conversations", conversation: "Conversation", visitor: "Visitor", colleague: "A colleague", elder: "Elder", unsent: "Not sent", draft: "Draft", unread: "unread", waiting_for: "waiting for ",
    take_next: "Take next", taken: "{name} has already taken this customer.", inbox_failed: "The list could not be loaded", nothing_open: "No conversation open", nothing_open_waiting: "Customers are waiting", nothing_open_away: "You are away or on a break: no new customers come to you.",
    nothing_open_hint: "Nobody is waiting right now. You will be told when someone comes.", opening: "Opening…", open_failed: "This conversation can't be opened", back: "Back to the list", transcript: "Transcript", newest: "Newest", choices: "Choices offered",
    read: "Read", typing: "{name} is typing", confidence: "confidence {value}", staff_only: "Visible to staff only", note_only_staff: "noted, for staff only",
  },
  section: {
    waiting: "Waiting", mine: "Mine", callbacks: "Callbacks", team: "With colleagues",
    waiting_empty: "Nobody is waiting.", mine_empty: "You have no conversations.", callbacks_empty: "No callbacks arranged.", team_empty: "None.",
  },
  risk: { title: "Callbacks that may be late: {n}", hint: "The first is promised for {time}. Bring somebody online, or take it yourself.", nobody: "Nobody is there to take it", full: "Everyone there is full", news: "Callback for {name}, {time}: {why}." },
  offer: { title: "{name} is waiting for you", left: "{n} s left", take: "Take", decline: "Not now", declined: "All right, a colleague is asked." },
  rest: { wrap_up: "Wrapping up: nobody new for {n} s.", ready: "I'm ready", heavy: "That was a hard one. Thank you. Would a short pause help?", pause: "Take a pause", go_on: "I'm fine, go on" },
  urgency: { urgent: "Urgent", vulnerable: "Needs extra care", elder: "Elder", complaint: "Complaint", normal: "Normal" },
  standing: { queue: "Waiting {time}", callback: "Callback {time}", mine: "With you", agent: "With {name}", assistant: "The assistant is answering", closed: "Ended" },
  accept: {
    go: "Take", again: "Take back", lost: "Your line broke; the customer waits at the front. Your unsent words are kept.", waiting: "Waiting for {time}. The customer sees your name once you take over.", callback: "Callback promised for {time}; you can take it now.", taken: "{name} has this one. You can read along, not reply.",
    assistant: "The assistant is answering. It comes to the list as soon as the customer asks for a person.", closed: "This conversation has ended. If the customer writes again it goes on here.",
  },
  slip: {
    summary: "Summary", earlier: "Came {n}×", overdue: "Overdue", promised: "Promised", feeling: "Feeling", offered: "Readings offered, none picked: ", nothing: "Nothing yet", title: "Handover slip", why: "Why here", question: "Question", tried: "Tried", done: "Done so far", known: "Known", opening: "First sentence to say", use: "Insert", fold: "Fold the slip", unfold: "Unfold the slip",
  },
  known: { flow: "Doing", language: "Language", elder: "Elder mode", yes: "on", name: "Name", phone: "Phone", card: "Card", amount: "Amount", time: "Time", place: "Place", reference: "Reference" },
  author: { assistant: "AI assistant", system: "System", me: "Me", helper: "{name} (helper)", agent_for_assistant: "{name} (assistant's draft)" },
  decision: {
    answer: "Answered", clarify: "Offered readings", continue: "Went on", act: "Acted", offer_human: "Offered a person", hand_off: "Handed off", refuse: "Did not comply", close: "Ended",
  },
  reason: {
    complaint: "Wants to complain", urgent: "Being cheated right now", elder_hesitates: "An elder who can't find the way", likely_dissatisfied: "Upset for several turns", came_again: "Has come about this several times, upset", asked_twice: "Asked the same twice", unsure_on_money_or_law: "Touches money or rights, not sure", going_in_circles: "Going in circles", not_identified: "Identity not shown", action_failed: "The system didn't do it", action_unknown: "The system didn't answer, may be done", customer_cannot_tell: "The customer can't tell", asks_whether: "Asked whether that is wanted",
    readings_did_not_fit: "none of the choices fitted", not_known_times: "not known several times", outside_hours: "outside hours", customer_wrote_again: "customer wrote again", waits_for_a_person: "waits for a person", told_lately: "told a moment ago", erased: "words erased", wish_withdrawn: "customer no longer wants a person", customer_choice: "customer's own choice",
    customer_asked: "Asked for a person", customer_accepted_offer: "Accepted a person", picked_reading: "the customer picked this", released: "sure enough", several_readings: "several readings",
    not_known: "Answer not known", not_understood_times: "Not understood several times", too_long: "message too long", instructions_in_message: "instructions to the AI in the message", attachment_only: "Only a file was sent",
    distress: "In distress", abuse: "Harsh words", language_not_spoken: "A language we don't speak", assistant_fault: "The assistant failed", assistant_busy: "Too many were asking at once", greeting: "greeting", thanks: "thanks", goodbye: "goodbye",
    robot: "asked if it is a robot", empty: "empty message", emoji: "emoji only", affirm: "said yes", deny: "said no", callback_due: "Callback due", agent_vanished: "A colleague's line broke", transferred: "Passed on",
    accepted: "taken", closed: "ended", customer_yes: "the customer agreed", agent_handback: "handed back",
  },
  feeling: {
    anger: "Angry", anxiety: "On edge", disappointment: "Let down", worry: "Worried", confusion: "Puzzled", rising: "Getting more upset", falling: "Calming down",
    fraud: "Fears a scam", card_stolen: "Card stolen", money_kept: "Money swallowed", card_kept: "Card swallowed", card_lost: "Card lost", hardship: "Short of money", distress: "Upset", again: "Not the first time", loud: "Sounds urgent" },
  feedback: { up: "The customer found this helpful", down: "The customer found this unhelpful" },
  line: {
    started: "Conversation started ({channel})", human_word: "The customer asked for a person", human_button: "The customer pressed “human”", human_key: "The customer pressed 0 for a person", human_policy: "Passed to a person by rule: {reason}",
    human_fault: "The assistant failed; passed to a person", human_transfer: "Passed to a person", human_by_assistant: "The assistant called a person: {reason}", human_by_agent: "A colleague called for help: {reason}", human_by_system: "Passed to a person: {reason}",
    accepted: "{name} took over", vanished: "{name}'s line broke; front of the queue, waiting time kept", transferred_agent: "{from} passed this to {name}", transferred_skill: "{from} passed this to {skill}",
    returned_by_customer: "The customer agreed to go on with the assistant", handed_back: "{name} handed back to the assistant", callback_customer: "The customer chose a callback: {time}", callback_system: "Reply promised for {time}", callback_agent: "A colleague arranged a callback: {time}",
    callback_due: "Callback due: front of the queue", elder_on: "The customer switched on elder mode", preferences: "The customer changed the display", closed: "Conversation ended", closed_outcome: "{name} ended it: {outcome}",
    reopened: "The customer wrote again", erased: "Erased at the customer's request",
  },
  composer: {
    label: "Reply to the customer", placeholder: "Reply to the customer… / for scripts", note_label: "Internal note", note_placeholder: "Only colleagues see this…", attach: "Add a picture or PDF", article: "Find an article", note: "Note", keep_note: "Keep note",
    send: "Send", hint: "Enter sends, Shift+Enter for a new line",
  },
  attach: { remove: "Remove {name}", uploading: "Uploading {name}…", type: "{name} can't be sent: pictures and PDF only.", size: "{name} is larger than 10 MB.", failed: "{name} was not uploaded" },
  unsent: { parted: "Not sent yet; goes out when you take the customer back", sending: "Sending", waiting: "Not sent yet; goes out when the line is back", look: "Look", refused: "Not sent: {why}" },
  conflict: {
    title: "{name} replied just now, so yours was held", yours: "Yours", send: "Send anyway", edit: "Edit", drop: "Drop",
  },
  action_short: { transfer: "Transfer", handBack: "Hand back", callback: "Callback" },
  action: {
    transfer: "Transfer", handBack: "Hand back to the assistant", callback: "Arrange a callback", finish: "Finish", finish_long: "Recap and close", more: "More",
    transferred: "Passed to {name}", handed_back: "Handed back to the assistant", callback_set: "Callback arranged", recap_sent: "Recap sent for the customer to confirm", closed: "Conversation ended",
  },
  transfer: {
    there: "{n} there now", nobody_there: "Nobody there now; the customer gets a time", away: "can't take anyone now", hint: "The customer sees who comes next. Only colleagues see the note.", find: "Find a group or colleague", to: "To whom", skills: "Groups", people: "Colleagues", nobody: "No other colleagues.", load: "{n} open", note: "One line for your colleague",
    note_hint: "For example: identity checked, only the reference is missing",
  },
  hand_back: { hint: "The customer is told the assistant goes on, and can ask for a person at any time.", note: "Note for the next colleague (optional)" },
  callback: { hint: "The customer keeps their place and comes first at that time.", none: "No times are free.", go: "Arrange" },
  recap: {
    title: "Recap for the customer", open: "Waiting for the customer to confirm", agreed: "The customer confirmed", declined: "The customer said it is not right", agreed_next: "The customer confirmed the recap. You can close.", declined_next: "The customer said the recap is not right. Ask before closing.",
    asked: "You asked: {question}", told: "We agreed: {agreed}",
  },
  finish: {
    outcome: "Outcome", recap: "Recap for the customer to confirm", recap_hint: "Say what was agreed, and who does what by when. Close once the customer says it is right.", close: "Close", close_without: "Close without", send_recap: "Send for confirmation",
  },
  side: { label: "Customer and sources", toggle: "Side panel", articles: "Articles", scripts: "Scripts" },
  customer: {
    title: "Customer", verified: "Verified", unverified: "Not verified", phone: "Phone", age: "Age", language: "Language", channel: "Channel", earlier: "Earlier conversations", no_outcome: "No outcome",
  },
  articles: {
    search: "Search articles", results: "Results", suggested: "For what the customer said: {text}", nothing_said: "The customer has not said anything yet.", none: "Nothing found. Try other words.", insert: "Insert", open: "Whole article", tried: "Customer saw this", score: "match {value}",
  },
  palette: { title: "Find an article", hint_insert: "inserts it into the reply", hint_open: "opens the article" },
};
