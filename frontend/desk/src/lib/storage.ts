/** localStorage that never throws: private windows and full disks lose persistence, not the desk. */
const PREFIX = "warmline.desk.";

export function load<T>(key: string, fallback: T): T {
  try {
    const text = localStorage.getItem(PREFIX + key);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

export function save(key: string, value: unknown): void {
  try {
    if (value === null || value === undefined) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    /* kept in memory only */
  }
}

/** Forgets everything under `prefix`. */
export function forget(prefix: string): void {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX + prefix)) localStorage.removeItem(key);
  }
}

/** Calls back when another tab changed `key`. */
export function onOtherTab(key: string, callback: (value: unknown) => void): () => void {
  const listen = (event: StorageEvent) => {
    if (event.key !== PREFIX + key) return;
    callback(event.newValue === null ? null : JSON.parse(event.newValue));
  };
  window.addEventListener("storage", listen);
  return () => window.removeEventListener("storage", listen);
}
