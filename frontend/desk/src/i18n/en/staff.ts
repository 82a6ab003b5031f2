export default {
  staff: {
    title: "Staff", tab_accounts: "Accounts", tab_skills: "Skill groups", find: "Find by name, email or role", new: "Add a colleague", edit_of: "Edit {name}", name: "Name", name_hint: "Customers see this name.", email: "Email", roles: "Roles", skills: "Skill groups", sign_in: "Signs in by", standing: "Status",
    level_of: "Level in {skill}", level_1: "Learning", level_2: "Experienced", level_3: "Senior", languages: "Languages", languages_hint: "None ticked: customers in any language.", chats: "Customers at once, at most", chats_default: "As everybody", skills_hint: "Without a group: only customers who wait for no group in particular. Supervisors can take everyone.", none: "No colleague matches", none_hint: "Try another word, or add someone.", added: "{name} was added", saved: "Saved", in_use: "Open", closed: "Closed", me: " (me)",
    by_link: "One-time link", by_password: "Password", by_oidc: "Single sign-on", oidc_hint: "Whoever comes by single sign-on has the roles stated there, read anew at each sign-in.",
    link: "Make a sign-in link", link_title: "Sign-in link for {name}", link_hint: "Valid for {minutes} minutes and only once. Hand it over in person or by a way you trust.", link_again: "Too late? Come back here and make another.", copy: "Copy the link", copied: "Copied", copy_failed: "Copying failed. Select the link and copy it yourself.",
    disable: "Close the account", disable_confirm: "{name} will be signed out at once, and their customers go to the front of the queue. Close the account?", enable: "Open again", disabled: "{name}'s account is closed", enabled: "{name}'s account is open again", own: "You can't close your own account or give up your own administrator role.",
  },
  role: { agent: "Agent", supervisor: "Supervisor", editor: "Knowledge editor", analyst: "Analyst", admin: "Administrator" },
  role_hint: { agent: "looks after customers", supervisor: "looks after customers, sees all conversations, edits scripts", editor: "writes articles and scripts", analyst: "reads articles and figures", admin: "everything, accounts too" },
  skill: {
    hint: "Customers go to colleagues who can do what they came for.", new: "Add a skill group", edit_of: "Edit “{name}”", id: "Code", id_hint: "One word, such as cards; it stays for good.", names: "Name", names_hint: "At least one language; the others borrow it.", members: "Who is in it", nobody: "Nobody yet: only supervisors can take its customers.", none: "No skill groups yet", none_hint: "Without groups every agent can take every customer.",
    remove_confirm: "Delete the skill group “{name}”? Its members leave it, and its customers can then be taken by anyone.", removed: "Skill group “{name}” is deleted",
    saved: "Skill group saved", taken: "This code is taken.",
  },
  password: {
    title: "Password", set_hint: "You signed in by a one-time link. Set a password to sign in by yourself next time.", change_hint: "Every other computer you are signed in on is signed out.", set: "Set a password", change: "Change the password", old: "Present password", new: "New password", new_hint: "At least {n} characters. A few unrelated words in a row are easy to keep and hard to guess.", again: "Once more", differ: "The two are not the same.", done: "Password saved; you are signed out everywhere else",
  },
};
