import { t } from "./i18n/index.svelte";
import type { Alert } from "./live/office";

const KEY = "gad.alarm";

/** Two tones, twice: heard over talk, and no file. */
function ring(context: AudioContext): void {
  const tones = [880, 660, 880, 660];
  tones.forEach((frequency, index) => {
    const begin = context.currentTime + index * 0.22;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(0.25, begin + 0.02);
    volume.gain.linearRampToValueAtTime(0, begin + 0.2);
    tone.connect(volume).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + 0.2);
  });
}

/** Sound, and a notification of the machine while the page is not in sight, for emergencies. */
class Alarm {
  isOn = $state(localStorage.getItem(KEY) === "on");
  private context: AudioContext | undefined;

  toggle(): void {
    this.isOn = !this.isOn;
    localStorage.setItem(KEY, this.isOn ? "on" : "off");
    if (!this.isOn) return;
    this.play(); // So that it is known how it sounds; and browsers let only a click begin it.
    if ("Notification" in globalThis && Notification.permission === "default") void Notification.requestPermission();
  }

  emergency(alert: Alert): void {
    if (!this.isOn) return;
    this.play();
    if (document.hidden && "Notification" in globalThis && Notification.permission === "granted")
      new Notification(t("alert.new"), { body: alert.message, tag: alert.id, requireInteraction: true });
  }

  private play(): void {
    this.context ??= new AudioContext();
    void this.context.resume().then(
      () => this.context && ring(this.context),
      () => {},
    );
  }
}

export const alarm = new Alarm();
