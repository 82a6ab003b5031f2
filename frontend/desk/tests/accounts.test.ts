import { describe, expect, it } from "vitest";
import type { Account } from "@/api/types";
import { canServe, isSkillId, matchAccounts, membershipChanges } from "@/lib/accounts";

const account = (id: string, patch: Partial<Account> = {}): Account => ({
  id, name: id, email: `${id}@bank.example`, roles: ["agent"], skills: [], levels: {}, languages: [], chats: null, presence: "away", presence_reason: "", oidc: false, has_password: false, disabled_at: null, ...patch,
});
const roleName = (role: string) => ({ agent: "座席", editor: "知识运营" })[role] ?? role;

describe("accounts", () => {
  const people = [account("closed", { disabled_at: "2026-11-22T03:00:00Z" }), account("chen", { name: "陈曦" }), account("sun", { roles: ["editor"] })];

  it("are found by name, address or role, the closed ones last", () => {
    expect(matchAccounts(people, "", roleName).map(({ id }) => id)).toEqual(["chen", "sun", "closed"]);
    expect(matchAccounts(people, " 陈 ", roleName).map(({ id }) => id)).toEqual(["chen"]);
    expect(matchAccounts(people, "SUN@", roleName).map(({ id }) => id)).toEqual(["sun"]);
    expect(matchAccounts(people, "座席", roleName).map(({ id }) => id)).toEqual(["chen", "closed"]);
  });

  it("are offered as members when they serve customers and are open", () => {
    expect(people.filter(canServe).map(({ id }) => id)).toEqual(["chen"]);
  });
});

describe("a skill group", () => {
  it("changes only those who come or go, and leaves their other groups alone", () => {
    const people = [account("stays", { skills: ["loans", "cards"] }), account("goes", { skills: ["cards", "loans"] }), account("comes", { skills: ["elders"] }), account("other")];
    const changes = membershipChanges(people, "loans", new Set(["stays", "comes"]));
    expect(changes.map(({ id, skills }) => [id, skills])).toEqual([["goes", ["cards"]], ["comes", ["elders", "loans"]]]);
  });

  it("is named by one word, in any script", () => {
    expect(["cards", "贷款", "a.b-c_1"].every(isSkillId)).toBe(true);
    expect(["", "two words", "a/b", "x".repeat(41)].some(isSkillId)).toBe(false);
  });
});
