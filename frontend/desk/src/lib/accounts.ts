import type { Account, Role } from "@/api/types";

export const ROLES: readonly Role[] = ["agent", "supervisor", "editor", "analyst", "admin"];

/** Accounts whose name, address or role holds the words; open ones first, in the order given. */
export function matchAccounts(accounts: readonly Account[], find: string, roleName: (role: Role) => string): Account[] {
  const wanted = find.trim().toLocaleLowerCase();
  const holds = (text: string) => text.toLocaleLowerCase().includes(wanted);
  const found = accounts.filter((one) => !wanted || holds(one.name) || holds(one.email) || one.roles.some((role) => holds(roleName(role))));
  return found.sort((a, b) => Number(a.disabled_at !== null) - Number(b.disabled_at !== null));
}

/** Those whom customers of a group reach: whoever serves customers can be in one. */
export const canServe = ({ roles, disabled_at }: Account) => disabled_at === null && roles.some((role) => role === "agent" || role === "supervisor" || role === "admin");

/** Whose skills change, and to what, when exactly `members` shall be in the group. */
export function membershipChanges(accounts: readonly Account[], skill: string, members: ReadonlySet<string>): Account[] {
  return accounts
    .filter(({ id, skills }) => skills.includes(skill) !== members.has(id))
    .map((one) => ({ ...one, skills: members.has(one.id) ? [...one.skills, skill] : one.skills.filter((known) => known !== skill) }));
}

/** What the server takes as a group's code: one word of up to 40 letters, digits, dots, hyphens or underscores. */
export const isSkillId = (id: string) => /^[\p{L}\p{N}_.-]{1,40}$/u.test(id);
