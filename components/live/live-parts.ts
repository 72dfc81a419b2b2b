import type { Command } from '@/lib/protocol/commands';
import type { ReplyOf } from '@/lib/protocol/replies';
import type { Result } from '@/lib/domain/refusal';
import type { LiveStore } from './store';
import type { Surroundings } from './surroundings';
import type { ReplyTo, Send } from './wire';

/** What the pieces of the live part share. */
export interface LiveParts {
  readonly store: LiveStore;
  readonly around: Surroundings;
  readonly send: Send;
  /** Counts the times the line came back: what was begun in an earlier turn is over. */
  readonly turn: () => number;
  /** Whether the server knows this page now: connected, and greeted. */
  readonly isOnline: () => boolean;
}

const patienceMs = 500;
const triesMost = 6;
const passing: ReadonlySet<string> = new Set(['offline', 'too_many', 'stopping', 'cannot_save']);

/**
 * Asks for something that may be asked twice, until there is an answer. Null when the line went away, or when
 * nothing came after several tries: coming back asks everything again.
 */
export async function readPatiently<C extends Command>(
  parts: LiveParts,
  command: C,
): Promise<Result<ReplyOf[C['type']]> | null> {
  const turn = parts.turn();
  for (let tries = 1; tries <= triesMost; tries += 1) {
    const reply: ReplyTo<C> = await parts.send(command);
    if (turn !== parts.turn() || !parts.isOnline()) return null;
    if (reply.ok) return reply;
    if (reply.code !== 'offline' && !(passing.has(reply.code) && tries < triesMost)) return reply;
    await new Promise<void>((resolve) => void parts.around.later(patienceMs * tries, resolve));
    if (turn !== parts.turn()) return null;
  }
  return null;
}
