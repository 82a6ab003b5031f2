export default {
  flow: {
    title: "Flows", hint: "What the assistant can do for customers, one flow each: what it must know, how it asks, what it does, how it ends.", new: "New flow", back: "Back to the flows", none: "No flows yet", none_hint: "Begin with a small template, or copy one that is there.", name: "Name", starts: "Begun by these articles", version: "Live version", published: "Last published",
    live: "Live: version {n}", not_live: "Not live", draft: "Draft", by: "{name}, {time}", read_only: "You can read and check this, not change it. Ask a knowledge editor.", service: "the service",
    editor: "Text of the flow", drawing: "Drawing", as_drawing: "Drawing", as_list: "List", view: "Show as", drawing_late: "The text has mistakes; the drawing is from before them.", no_drawing: "Put the mistakes right and the drawing appears.",
    tab_leaves: "Esc, then Tab, leaves the editor.",
    saved: "Saved as a draft", saving: "Saving…", unsaved: "Not saved yet", all_saved: "All saved", leave: "Your changes are not saved. Leave anyway?", drop: "Discard draft", drop_confirm: "The draft will be thrown away; what is live stays. Discard it?", dropped: "Draft discarded", retire: "Take out", retire_confirm: "It will not begin any more; whoever is in the middle of it finishes. Take it out of service?", retired: "Taken out of service",
    publish: "Publish", published_toast: "Version {n} is live. Customers in the middle of it finish on theirs.", publish_first: "Prove it first; once it holds you can publish",
  },
  flow_check: {
    checking: "Checking…", clean: "The text is in order", problems: "To put right: {n}", line: "Line {line}", title: "To put right",
  },
  flow_conflict: {
    title: "{name} has just saved this flow too", someone: "A colleague", yours: "What you wrote is still in the editor. It is not saved, and theirs was not overwritten.", theirs: "Take theirs", mine: "Save mine anyway", theirs_confirm: "Your unsaved changes will be lost. Take theirs?",
  },
  flow_proof: {
    prove: "Prove", again: "Prove again", running: "Proving…", running_hint: "Everything a customer may say and the systems may answer is walked through, usually in some ten seconds. You can do something else meanwhile.", none: "Not proved yet", none_hint: "The proof walks through everything that can happen, to see whether anybody could be trapped. Only what holds can be published.", stale: "The text has changed and needs proving again.",
    holds: "It holds", holds_words: "All {states} situations and {transitions} ways between them were visited: nobody is ever trapped; from anywhere a person, or a dated callback, is {turns} turn away.", fails: "It does not hold", fails_words: "As it is written, this can happen:", broke: "The proof was not finished", broke_hint: "The machine is busy, or the service has just restarted. Try once more.", also: "Besides", took: "{n} s", dialogue: "A conversation that goes wrong", where: "What is wrong",
    customer: "Customer", assistant: "Assistant (AI)", bank: "Bank's system", agent: "Colleague", live_stays: "What is live stays as it is.", mistakes: "The text has mistakes. Put them right, then prove it.",
  },
  flow_history: {
    title: "Earlier versions", empty: "Never published.", live: "live", take: "Take as draft", taken: "Version {n} is the draft now. Once it is proved you can publish it again.", look: "Read it", version: "Version {n}",
  },
  flow_new: {
    title: "New flow", id: "Id", id_hint: "Small letters, figures, hyphens, such as find-branch. It stays for good.", id_bad: "It begins with a small letter; small letters, figures and hyphens follow.", id_taken: "There is a flow with this id.", name: "Name", name_hint: "As colleagues read it at the desk", article: "Article that begins it", article_hint: "When customers ask about it, the assistant offers to do this.", from: "Begin with", blank: "A small template: ask something, then end", copy: "A copy of “{name}”", go: "Make a draft",
  },
  flow_node: {
    start: "Start", ask: "Ask", identify: "Who is it?", call: "Do in the system", confirm: "Ask for agreement", say: "Say", branch: "If", end: "End", person: "A person", level_basic: "Basic check", level_strong: "Strict check", falls_back: "A person comes if this can't be done", everywhere: "At every step a person comes as soon as the customer says so.", goes: "{way}: step {target}", wrong: "There is a mistake here", line: "line {line}",
  },
  flow_edge: { next: "Next", yes: "Yes", no: "No", otherwise: "Otherwise", none: "Nothing to choose", retry: "Ask again" },
  invariant: {
    I2: "A conversation belongs to exactly one side, and each change has a reason.", I3: "Who asked for a person goes back to the assistant only by their own yes or a colleague's handback.", I4: "From everywhere a person or a dated callback is one turn away.", I5: "While a colleague serves, the assistant is silent.", I6: "When a colleague drops out, the customer is at the front of the queue, the time waited kept.", I7: "Whoever waits keeps their place; with nobody there, the callback falls into opening hours.", I8: "What is known is not asked again.", I9: "A face scan is never the only way to show who one is.", I10: "Every message is met with a sentence, in all three languages.",
    ends: "From every step the end can be reached.", steps: "Every step can be reached.", one_question: "One question a turn at most.", no_selling: "Nothing is offered to who is upset.", nonsense: "After two answers nobody can read, a person comes.", distress: "Distress is answered or brings a person.", failure: "What failed is told as it is, a person comes, and it is never told as done.", arguments: "Nothing is done before all it needs is known.", agreement: "Nothing is changed without agreement to exactly that.", once: "Nothing is done twice unless it is asked for anew.", secrets: "A secret such as a code is forgotten once used.", tries: "Wrong tries are not forgotten, whatever else is talked about.",
  },
};
