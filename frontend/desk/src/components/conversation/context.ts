import { inject, type InjectionKey, type Ref } from "vue";

export interface DeskContext {
  side: Ref<boolean>;
  palette: Ref<boolean>;
  back: () => void;
}

export const deskKey: InjectionKey<DeskContext> = Symbol("desk");

export function useDesk(): DeskContext {
  const desk = inject(deskKey);
  if (!desk) throw new Error("used outside the desk");
  return desk;
}
