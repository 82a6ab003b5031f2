"""Who works here: accounts, sign-in, roles, skills, presence and scripts (话术)."""
