import "./styles/theme.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/overlays.css";
import "./styles/screens.css";
import { QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { createApp, watch, watchEffect } from "vue";
import App from "./App.vue";
import { ApiError } from "./api/http";
import { i18n } from "./i18n";
import { home, router } from "./router";
import { startAlerts, waitingForMe, whenNotified } from "./stores/alerts";
import { dropDrafts } from "./stores/drafts";
import { startLanguage } from "./stores/language";
import { startLive, status, stopLive, whenLive } from "./stores/live";
import { flush, startOutbox, stopOutbox, whenHeld } from "./stores/outbox";
import { can, me, onLeave, startSession } from "./stores/session";
import { settings, startSettings } from "./stores/settings";
import { toast } from "./stores/toasts";

const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status < 500) },
  },
});

startSettings();
startSession();
startLanguage();
watch(
  () => settings.locale,
  (locale) => (i18n.global.locale.value = locale),
);

watch(me, (now, before) => {
  if (now?.id === before?.id || !now) return;
  if (!can.talk.value) return;
  startOutbox(now.id);
  startLive();
});

whenLive(flush);
whenHeld((item) => {
  const path = `/c/${item.conversation_id}`;
  if (router.currentRoute.value.path === path) return;
  const { t } = i18n.global;
  toast(t("unsent.refused", { why: item.text }), { tone: "ember", action: { label: t("unsent.look"), run: () => void router.push(path) } });
});
startAlerts();
whenNotified((id) => void router.push(`/c/${id}`));
onLeave(async (wanted) => {
  const here = router.currentRoute.value.fullPath;
  stopOutbox();
  await router.push({ name: "sign-in", query: wanted || here === home() ? {} : { next: here } });
  stopLive();
  dropDrafts();
  queries.clear();
});
watch(status, (now) => now === "live" && queries.invalidateQueries());

watchEffect(() => {
  const { title } = router.currentRoute.value.meta;
  const count = waitingForMe.value ? `(${waitingForMe.value}) ` : "";
  document.title = count + (title ? `${i18n.global.t(title)} · Warmline` : "Warmline");
});

createApp(App).use(i18n).use(router).use(VueQueryPlugin, { queryClient: queries }).mount("#app");
