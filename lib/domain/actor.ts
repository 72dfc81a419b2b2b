import type { AgentId, PersonId } from './ids';

/** Who made an event happen. */
export type Actor =
  | { readonly kind: 'agent'; readonly id: AgentId; readonly name: string }
  | { readonly kind: 'person'; readonly id: PersonId; readonly name: string }
  | { readonly kind: 'server'; readonly name: string }
  /** A configured model, where a rule lets it answer. */
  | { readonly kind: 'model'; readonly name: string }
  | { readonly kind: 'holdpoint' };

export const holdpoint: Actor = { kind: 'holdpoint' };

/** The name people read. */
export function actorName(actor: Actor): string {
  return actor.kind === 'holdpoint' ? 'Holdpoint' : actor.name;
}
