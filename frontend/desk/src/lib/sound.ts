let context: AudioContext | null = null;

/** Two soft notes, level for a message, else rising. Silent where audio is not allowed yet. */
export function chime(kind: "waiting" | "message" | "given" | "called" | "risk" | "offer"): void {
  try {
    context ??= new AudioContext();
    const notes = kind === "message" ? [587, 587] : [523, 698];
    notes.forEach((hertz, index) => note(context!, hertz, context!.currentTime + index * 0.16));
  } catch {
    /* no audio on this device */
  }
}

function note(audio: AudioContext, hertz: number, start: number): void {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = "sine";
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.12, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, start + 0.35);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + 0.4);
}
