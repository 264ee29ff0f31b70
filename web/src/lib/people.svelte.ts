import { pages } from "./api/client";
import type { User } from "./api/wire";
import { live } from "./live/live.svelte";
import { session } from "./session.svelte";

const full = ({ nombre, apellido }: User): string => `${nombre} ${apellido ?? ""}`.trim();

/** Names of users, for numbers that histories and the audit hold. They are read once, all together:
 * reading one person is looked at by the audit, and rightly so. */
class People {
  private names = $state.raw(new Map<number, string>());
  private isAsked = false;

  /** The name; the number until it is known, or where one's level does not tell. */
  name(user: number): string {
    const me = session.user;
    if (me && user === me.id) return full(me);
    const officer = live.officers.find(({ usuario_id }) => usuario_id === user);
    return officer?.nombre ?? this.names.get(user) ?? `#${user}`;
  }

  /** Reads the names, where one's level tells them. */
  learn(): void {
    if (session.level < 2 || this.isAsked) return;
    this.isAsked = true;
    pages<User>("/api/v1/users/", {}).then(
      (all) => (this.names = new Map(all.map((user) => [user.id, full(user)]))),
      () => (this.isAsked = false), // Numbers stay until somebody asks again.
    );
  }
}

export const people = new People();
