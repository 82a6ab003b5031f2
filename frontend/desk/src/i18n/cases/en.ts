export default {
  cases: {
    title: "Cases and promises", hint: "What one conversation cannot finish, and what customers were promised, followed to its end.", tab_cases: "Cases", tab_promises: "Promises", find: "Find by case number", none: "No cases here", none_hint: "Open one beside a conversation, under “Cases”; it arrives filled in.",
    mine: "Mine", group: "Unclaimed", overdue: "Overdue", all: "All", closed: "Settled", view: "Which ones", number: "Number", what: "About", customer: "Customer", owner: "Owner", due: "Due", status: "Status", no_due: "No due date", nobody: "Unclaimed", visitor: "Visitor", late: "Late", erased: "Erased at the customer’s wish",
  },
  case: {
    new: "New case", new_hint: "Taken from this conversation; have a look before you open it.", name: "About", description: "Details", category: "Category", to: "For whom", to_me: "Myself", to_group: "Whoever in the group is free", to_no_group: "Any group", day: "Done by", time: "Before (optional)", go: "Open case", made: "Case {number} is open", back: "Back to the list", from: "Conversations", group: "Group", open_conversation: "Open conversation", link: "Add this conversation", linked: "Added to case {number}",
    take: "I’ll take it", save: "Save", saved: "Saved", edit: "Edit", comment: "Add a line on how it goes", comment_go: "Add", log: "History", promises: "Promises in this case", opened_by: "Opened by {name}, {time}", failed: "This case cannot be opened", title: "Case {number}",
    changed: "{name} has just changed this case; this is how it stands now. What you wrote is still here.", someone: "A colleague",
  },
  case_status: { open: "To do", in_progress: "In progress", waiting_customer: "Waiting for customer", done: "Done", cancelled: "Cancelled" },
  case_move: { open: "Back to do", in_progress: "Start work", waiting_customer: "Wait for customer", done: "Done", cancelled: "Cancel case" },
  case_again: { done: "Open again", cancelled: "Open again" },
  case_category: { card: "Cards", account: "Accounts", transfer: "Transfers", loan: "Loans", savings: "Savings", fee: "Fees", fraud: "Fraud", app: "App", service: "Service", other: "Other" },
  case_line: {
    opened: "opened the case", commented: "wrote", moved: "{from} → {to}", moved_late: "{from} → {to}, after it was due", assigned: "gave it to {name}", assigned_none: "gave it back to the group", edited: "changed the text", due_changed: "made it due {to}", due_removed: "took away the due date", linked: "added a conversation", reminded: "Reminder: due soon, {due}", overdue: "Past its due date, {due}", service: "System", words_erased: "(erased)",
    promise_proposed: "heard a promise", promise_made: "recorded a promise for {due}", promise_confirmed: "confirmed a promise for {due}", promise_changed: "changed a promise to {due}", promise_reminded: "Reminder: a promise is due soon, {due}", promise_broken: "A promise was not kept in time, {due}", promise_kept: "kept a promise", promise_made_good: "made good a promise, late", promise_withdrawn: "withdrew a promise",
  },
  promise: {
    heard: "You promised the customer", heard_other: "{name} promised the customer", due: "by {due}", callback: "Call the customer back", erased: "Erased", confirm: "Confirm", edit: "Edit", dismiss: "Not a promise", more: "{n} more", confirmed: "Confirmed; you will be reminded", kept_toast: "Noted as kept", made_good_toast: "Noted: late, but made good", withdrawn_toast: "Withdrawn",
    keep: "Mark kept", make_good: "Mark made good", withdraw: "Customer let it go", new: "Record a promise", new_hint: "What was promised, and by when. Its owner will be reminded.", words: "What was promised", day: "Day", time: "Before (empty: any time that day)", go: "Record", save: "Confirm promise", none: "Nothing is owed", none_hint: "What colleagues promise in conversations appears here by itself.", by: "{name}", by_bank: "The bank", by_assistant: "The assistant", edit_title: "What was promised, and by when", late_proposed: "Not confirmed, and its time has passed", actions: "This promise",
  },
  promise_status: { proposed: "To confirm", confirmed: "Open", kept: "Kept", broken: "Broken", withdrawn: "Withdrawn" },
  case_side: { tab: "Cases", cases: "Open cases", promises: "Promises owed", no_cases: "No open cases", no_promises: "Nothing is owed" },
};
