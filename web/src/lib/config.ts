/** What the office says of itself to its pages (`/config.json`). */
export interface Config {
  map_style_url: string | null;
  environment: string;
  version: string;
  demo: boolean;
}

let asked: Promise<Config> | null = null;

export function config(): Promise<Config> {
  asked ??= fetch("/config.json").then((answer) => {
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json() as Promise<Config>;
  });
  asked.catch(() => (asked = null));
  return asked;
}
