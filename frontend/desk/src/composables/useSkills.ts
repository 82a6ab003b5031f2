import { useQuery } from "@tanstack/vue-query";
import { conversations as api } from "@/api/staff";
import { settings } from "@/stores/settings";
import { computed } from "vue";

const LONG_MS = 600_000;

/** Skill groups by name, in the reader's language. */
export function useSkills() {
  const { data } = useQuery({ queryKey: ["skills"], queryFn: api.skills, staleTime: LONG_MS });
  const skills = computed(() => (data.value ?? []).map((skill) => ({ ...skill, name: skill.names[settings.locale] ?? skill.name })));
  const skillName = (id: string | null | undefined) => (id ? (skills.value.find((skill) => skill.id === id)?.name ?? id) : "");
  return { skills, skillName };
}
