export default {
  assist: {
    tab: "Assist", waiting: "The customer has not written yet. Help comes as soon as they do.", about: "They said: {text}", passage: "The passage that answers", replies: "Ready replies", none: "No article fits these words.", use: "Insert", whole: "Whole article", failed: "Assist cannot be reached just now. Reply as usual.",
    felt: "Sounds {feeling}", strong: "strongly", why: "From: {signs}", open_with: "You could open with", drop: "Not this one",
    origin: { article: "Article", script: "Script", colleague: "A colleague's" },
    sign: { words: "their words", punctuation: "the punctuation", again: "saying it again", classifier: "the tone as a whole", negated: "a negation", risk: "something serious" },
    calm: "calm", joy: "glad",
    solved: "Solved like this before", solved_by: "{name} · {date}", open_solved: "See that conversation",
  },
  step: {
    title: "Next step", can_do: "You can do this now: {title}", under_way: "Under way: {title}", identified: "Identity confirmed", level: { basic: "Confirm identity first", strong: "Confirm identity first, with a code" }, keyed: "keyed in by the customer", ask: "Ask this",
  },
  heed: {
    title: "Not to be missed", never: "Never ask for {what}", and: ", ", secret: { pin: "the PIN or password", code: "a one-time code", cvv: "the CVV", card_number: "the full card number" },
  },
  wording: {
    blocked: "This cannot be sent", look: "A second look before it goes",
    kind: { pin: "We never ask for a PIN or password; only fraudsters do. To confirm who it is, hand back to the assistant and let them key it in.", code: "We never ask for a one-time code; only fraudsters do. To confirm who it is, hand back to the assistant and let them key it in.", cvv: "We never ask for the CVV. The last four digits are enough to find the card.", full_card: "No need for the full card number: the last four digits are enough.", card_number: "This looks like a full card number. The last four digits are enough.", guarantee: "This sounds like a guaranteed return. Say that it changes and may be lost.", rude: "This may hurt. Another way to say it?" },
  },
  beside: {
    title: "Colleagues here", wanted: "{name} asks you in", called: "asked, not here yet", watch: "reading along", speak: "speaking too", join: "Come in and speak", watch_it: "Read along", leave: "Leave", decline: "Not now", take_over: "Take over",
    take_over_sure: "You will answer the customer from here; {name} stays to read along. What they have not sent stays with them.", asked: "{name} asks you in to help this customer", whisper: "A private word to {name}", whisper_hint: "Only {name} and colleagues see this…", whisper_send: "Whisper", whispered: "{name} whispers",
    give: "Give to {name}", gone: "You have left", called_done: "{name} has been asked in", joined: "You are in, and the customer knows", watching: "You are reading along, and the customer knows", taken: "This one is yours now", cold: "Pass on now", warm: "Ask in first", warm_hint: "They see the story and your word first, come in and say hello; then you pass it on.",
  },
  line_beside: { called: "{name} was asked in", watch: "{name} is reading along", speak: "{name} came in to speak", left: "{name} left", declined: "{name} did not come in", vanished: "{name}'s line broke", taken_over: "{name} took over", wrapped: "{name} wrote the wrap-up" },
  wrapup: {
    title: "Wrap-up for colleagues", hint: "Filled in from this conversation. One glance, and mend what is wrong. Only colleagues see it.", request: "Request", facts: "Facts", done: "Done", promised: "Promised", feeling: "Feeling", next: "Next", add: "Add a line", remove: "Remove this line", from: "From message {n}", category: "Category",
    tell_bank: "The bank should know", tell_bank_hint: "Such as: the text message does not say where to unfreeze, third customer today", loading: "Gathering the wrap-up…", failed: "The wrap-up could not be gathered. You can write it yourself.",
  },
};
