import { createRouter, createWebHistory, type RouteLocationNormalized } from "vue-router";
import { can, known, loadSession, me } from "@/stores/session";

declare module "vue-router" {
  interface RouteMeta {
    open?: boolean;
    title: string;
    needs?: keyof typeof can;
  }
}

const knowledge = () => import("@/screens/KnowledgeScreen.vue");
const article = () => import("@/screens/ArticleScreen.vue");

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes: [
    { path: "/sign-in", name: "sign-in", component: () => import("@/screens/SignInScreen.vue"), meta: { title: "sign_in.title", open: true } },
    { path: "/link", name: "link", component: () => import("@/screens/LinkScreen.vue"), meta: { title: "sign_in.title", open: true } },
    { path: "/", name: "desk", component: () => import("@/screens/DeskScreen.vue"), meta: { title: "nav.desk", needs: "talk" } },
    { path: "/c/:id", name: "conversation", component: () => import("@/screens/DeskScreen.vue"), meta: { title: "nav.desk", needs: "talk" } },
    { path: "/cases", name: "cases", component: () => import("@/screens/CasesScreen.vue"), meta: { title: "nav.cases", needs: "workCases" } },
    { path: "/cases/:id", name: "case", component: () => import("@/screens/CaseScreen.vue"), meta: { title: "nav.cases", needs: "workCases" } },
    { path: "/wall", name: "wall", component: () => import("@/screens/WallScreen.vue"), meta: { title: "nav.wall", needs: "seeWall" } },
    { path: "/knowledge", name: "knowledge", component: knowledge, meta: { title: "nav.knowledge", needs: "readKnowledge" } },
    { path: "/knowledge/new", name: "new-article", component: article, meta: { title: "nav.knowledge", needs: "editKnowledge" } },
    { path: "/knowledge/a/:id", name: "article", component: article, meta: { title: "nav.knowledge", needs: "readKnowledge" } },
    { path: "/flows", name: "flows", component: () => import("@/screens/FlowsScreen.vue"), meta: { title: "nav.flows", needs: "readFlows" } },
    { path: "/flows/:id", name: "flow", component: () => import("@/screens/FlowScreen.vue"), meta: { title: "nav.flows", needs: "readFlows" } },
    { path: "/scripts", name: "scripts", component: () => import("@/screens/ScriptsScreen.vue"), meta: { title: "nav.scripts", needs: "readScripts" } },
    { path: "/staff", name: "staff", component: () => import("@/screens/StaffScreen.vue"), meta: { title: "nav.staff", needs: "manageStaff" } },
    { path: "/settings", name: "settings", component: () => import("@/screens/SettingsScreen.vue"), meta: { title: "nav.settings" } },
    { path: "/:rest(.*)*", redirect: "/" },
  ],
});

/** Where a person with these rights begins. */
export function home(): string {
  if (can.talk.value) return "/";
  return can.readKnowledge.value ? "/knowledge" : "/settings";
}

const WISH = "warmline.desk.next";

/** Where to go after the bank's own sign-in, which knows only the desk. */
export function keepWish(path: string): void {
  try {
    sessionStorage.setItem(WISH, path);
  } catch {
    /* then it begins at home */
  }
}

function takeWish(): string {
  try {
    const wish = sessionStorage.getItem(WISH) ?? "";
    sessionStorage.removeItem(WISH);
    return wish;
  } catch {
    return "";
  }
}

async function guard(to: RouteLocationNormalized) {
  if (to.name === "sign-in" && to.hash.startsWith("#link=")) return { name: "link", hash: `#${to.hash.slice(6)}` };
  if (!known.value && to.name !== "link") await loadSession();
  if (to.meta.open) return me.value && to.name === "sign-in" ? home() : true;
  if (!me.value) return { name: "sign-in", query: to.query.sign_in_error ? { error: to.query.sign_in_error } : to.fullPath === "/" ? {} : { next: to.fullPath } };
  const wish = takeWish();
  if (wish) return wish;
  if (to.meta.needs && !can[to.meta.needs].value) return home();
  return true;
}

router.beforeEach(guard);
