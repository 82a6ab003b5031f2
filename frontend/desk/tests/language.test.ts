import { beforeEach, describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";
import type { Me } from "@/api/types";
import { chooseLanguage, startLanguage } from "@/stores/language";
import { me } from "@/stores/session";
import { browserLocale, picked, settings } from "@/stores/settings";

const person = (id: string, locale: string, locale_chosen: boolean) => ({ id, locale, locale_chosen, roles: [] }) as unknown as Me;
let told: unknown[] = [];

startLanguage();
beforeEach(async () => {
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
    told.push(JSON.parse(String(init.body)));
    return Promise.resolve(Response.json({}));
  });
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["zh-TW"]);
  me.value = null;
  sessionStorage.clear();
  settings.locale = browserLocale();
  await nextTick();
  told = [];
});

async function signIn(who: Me): Promise<string> {
  me.value = who;
  await nextTick();
  return settings.locale;
}

describe("the language of the desk", () => {
  it("is the browser's until somebody chose one, whatever the account began with", async () => {
    expect(await signIn(person("a", "zh-Hans", false))).toBe("zh-Hant");
    expect(told).toEqual([]);
  });

  it("is the person's own choice once they made one, on every computer", async () => {
    expect(await signIn(person("a", "en", true))).toBe("en");
  });

  it("picked before the sign-in is theirs from then on", async () => {
    chooseLanguage("en");
    expect(picked()).toBe("en");
    expect(await signIn(person("a", "zh-Hans", true))).toBe("en");
    expect(told).toEqual([{ locale: "en" }]);
    expect(picked()).toBeNull();
  });

  it("is not left to the next person at this computer", async () => {
    await signIn(person("a", "zh-Hans", false));
    chooseLanguage("en");
    me.value = null;
    await nextTick();
    expect(await signIn(person("b", "zh-Hans", false))).toBe("zh-Hant");
  });
});
