import { expect, it } from "vitest";
import { all, mount, page, say, settle, setUp } from "./harness";

setUp();

it("tells the server that no feeling is to be read, and remembers", async () => {
  await mount({ open: "" });
  await say("你好");
  page.chat.show("settings");
  await settle();
  const feeling = all(".switch")[1] as HTMLElement;
  expect([feeling.getAttribute("aria-checked"), feeling.textContent]).toEqual(["true", expect.stringContaining("留意我的心情")]);
  feeling.click();
  await settle();
  expect(page.calls.at(-1)).toMatchObject({ path: expect.stringMatching(/preferences$/), body: { feeling_refused: true } });
  page.chat.remove();
  localStorage.removeItem("warmline:session");
  await mount({ open: "" });
  await say("在吗");
  expect(page.chat.preferences.unfelt).toBe(true);
});
