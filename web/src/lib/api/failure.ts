import { t } from "../i18n/index.svelte";
import { Refusal } from "./client";

/** What went wrong with a change, for whoever made it: the field that was refused, or that nothing came back. */
export function told(failure: unknown): string {
  if (!(failure instanceof Refusal)) return `${t("fail.unreachable")} ${t("fail.again")}`;
  const [field] = Object.entries(failure.fields);
  if (field) return `${field[0]}: ${field[1]}`;
  if (failure.status === 429) return t("fail.busy", { n: failure.retryAfter ?? 60 });
  return failure.message;
}
