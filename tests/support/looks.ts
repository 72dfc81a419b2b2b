import { openLook } from '@/lib/domain/queue-query';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { CommandOf } from '@/lib/protocol/commands';

type Look = CommandOf<'queue.watch'>['look'];

/** A look as a browser says it. */
export function lookAt(view: Look['view']): Look {
  return { ...openLook, view, kinds: [], risks: [], teams: [] };
}

/** Asks for everything that is open, and for what follows. */
export const watchOpen: CommandOf<'queue.watch'> = { type: 'queue.watch', look: lookAt('open') };

/** The page of what is open after this one, by deadline. */
export function pageAfter({ request }: QueueItem): CommandOf<'queue.page'> {
  const { requestId, deadline } = request;
  return { type: 'queue.page', look: lookAt('open'), after: { at: deadline.at, requestId } };
}
