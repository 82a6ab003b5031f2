import { keepPreviousData, useQuery } from "@tanstack/vue-query";
import { wall } from "@/api/wall";
import { ApiError } from "@/api/http";

export const WALL_MS = 5_000;
const FORECAST_MS = 60_000;

/** How the house stands; the last answer stays on the wall while the next one is on its way, or fails. */
export const useWall = () =>
  useQuery({ queryKey: ["wall"], queryFn: wall.look, refetchInterval: WALL_MS, refetchIntervalInBackground: true, placeholderData: keepPreviousData, retry: false });

/** What today is expected to take. A refusal says something about the house, so it is not asked for again at once. */
export const useForecast = () =>
  useQuery({ queryKey: ["wall", "staffing"], queryFn: wall.staffing, refetchInterval: FORECAST_MS, placeholderData: keepPreviousData, retry: (count, error) => !(error instanceof ApiError) && count < 2 });
