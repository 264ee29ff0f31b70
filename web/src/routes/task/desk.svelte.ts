import { get, post, put, Refusal, type Answer } from "../../lib/api/client";
import { told } from "../../lib/api/failure";
import type { Assignment, Dispatch, History, Note, Task } from "../../lib/api/wire";
import { t } from "../../lib/i18n/index.svelte";
import { live } from "../../lib/live/live.svelte";

/** One task on the screen: read, kept up by events, and changed against the version that was seen. */
export class TaskDesk {
  task = $state.raw<Task | null>(null);
  history = $state.raw<History[]>([]);
  /** Assignments and offers, oldest first. */
  sent = $state.raw<Assignment[]>([]);
  notes = $state.raw<Note[]>([]);
  error = $state.raw<unknown>(null);
  wrong = $state("");
  said = $state("");
  isBusy = $state(false);

  constructor(readonly id: number) {}

  async load(): Promise<void> {
    try {
      const path = `/api/v1/tasks/${this.id}`;
      const [answer, past, sent, dispatch] = await Promise.all([
        get<Task>(path),
        get<History[]>(`${path}/historial`),
        get<Assignment[]>(`${path}/asignaciones`),
        get<Dispatch | null>(`${path}/despacho`),
      ]);
      this.task = answer.data;
      this.history = past.data;
      this.sent = sent.data;
      if (dispatch.data) live.takeDispatch(dispatch.data);
      this.error = null;
    } catch (failure) {
      this.error = failure;
    }
  }

  /** Takes what an event told, if it is newer. */
  hear(now: Task | undefined): void {
    const seen = this.task;
    if (!now || !seen || now.version <= seen.version) return;
    if (!this.isBusy) this.said = t("task.changed");
    this.task = now;
    if (now.estado !== seen.estado) void this.readHistory();
  }

  /** An assignment of this task took a step, or may have. */
  async stepped(): Promise<void> {
    if (this.task) await this.readHistory();
  }

  /** Changes fields. `"conflict"` says that somebody else was first; `task` then is as it is now. */
  change(body: object, version: number): Promise<"done" | "conflict" | "refused"> {
    return this.tell((ifMatch) => put<Task>(`/api/v1/tasks/${this.id}`, body, { ifMatch }), version);
  }

  /** Sends officers, or takes them off. */
  send(efectivos: number[], quitar: boolean, forzar = false): Promise<"done" | "conflict" | "refused"> {
    const path = `/api/v1/tasks/${this.id}/asignaciones`;
    return this.tell(
      (ifMatch) => post<Task>(path, { efectivos, quitar, forzar }, { ifMatch }),
      this.task?.version ?? 0,
    );
  }

  private async tell(
    ask: (ifMatch: string) => Promise<Answer<Task>>,
    version: number,
  ): Promise<"done" | "conflict" | "refused"> {
    this.isBusy = true;
    this.wrong = this.said = "";
    try {
      const { data } = await ask(`"${version}"`);
      live.take(data);
      this.task = data;
      this.said = t("task.saved");
      await this.readHistory();
      return "done";
    } catch (failure) {
      if (failure instanceof Refusal && failure.status === 412) {
        this.task = failure.problem.current as unknown as Task;
        return "conflict";
      }
      this.wrong = told(failure);
      return "refused";
    } finally {
      this.isBusy = false;
    }
  }

  private async readHistory(): Promise<void> {
    try {
      const path = `/api/v1/tasks/${this.id}`;
      const [past, sent] = await Promise.all([
        get<History[]>(`${path}/historial`),
        get<Assignment[]>(`${path}/asignaciones`),
      ]);
      this.history = past.data;
      this.sent = sent.data;
    } catch {
      // It is shown as it was; what was changed is saved in any case.
    }
  }
}
