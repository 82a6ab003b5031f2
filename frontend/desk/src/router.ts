import { createRouter, createWebHistory, type RouteLocationNormalized } from "vue-router";
import { can, known, loadSession, me } from "@/stores/session";

declare module "vue-router" {
  interface RouteMeta {
    open?: boolean;
    needs?: keyof typeof can;
  }
}

const knowledge = () => import("@/screens/KnowledgeScreen.vue");
const article = () => import("@/screens/ArticleScreen.vue");

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes: [
    { path: "/sign-in", name: "sign-in", component: () => import("@/screens/SignInScreen.vue"), meta: { open: true } },
    { path: "/link", name: "link", component: () => import("@/screens/LinkScreen.vue"), meta: { open: true } },
    { path: "/", name: "desk", component: () => import("@/screens/DeskScreen.vue"), meta: { needs: "talk" } },
    { path: "/c/:id", name: "conversation", component: () => import("@/screens/DeskScreen.vue"), meta: { needs: "talk" } },
    { path: "/knowledge", name: "knowledge", component: knowledge, meta: { needs: "readKnowledge" } },
    { path: "/knowledge/new", name: "new-article", component: article, meta: { needs: "editKnowledge" } },
    { path: "/knowledge/a/:id", name: "article", component: article, meta: { needs: "readKnowledge" } },
    { path: "/scripts", name: "scripts", component: () => import("@/screens/ScriptsScreen.vue"), meta: { needs: "readScripts" } },
    { path: "/staff", name: "staff", component: () => import("@/screens/StaffScreen.vue"), meta: { needs: "manageStaff" } },
    { path: "/settings", name: "settings", component: () => import("@/screens/SettingsScreen.vue") },
    { path: "/:rest(.*)*", redirect: "/" },
  ],
});

/** Where a person with these rights begins. */
export function home(): string {
  if (can.talk.value) return "/";
  return can.readKnowledge.value ? "/knowledge" : "/settings";
}

async function guard(to: RouteLocationNormalized) {
  if (to.name === "sign-in" && to.hash.startsWith("#link=")) return { name: "link", hash: `#${to.hash.slice(6)}` };
  if (!known.value && to.name !== "link") await loadSession();
  if (to.meta.open) return me.value && to.name === "sign-in" ? home() : true;
  if (!me.value) return { name: "sign-in", query: to.query.sign_in_error ? { error: to.query.sign_in_error } : to.fullPath === "/" ? {} : { next: to.fullPath } };
  if (to.meta.needs && !can[to.meta.needs].value) return home();
  return true;
}

router.beforeEach(guard);
