import type { Tried } from '@/lib/domain/server';

/** How a tool that this person calls by hand stands now. */
export interface ServerTriedPush {
  readonly type: 'server.tried';
  readonly tried: Tried;
}
