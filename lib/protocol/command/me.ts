import { z } from 'zod';
import type { QueueLook } from '@/lib/domain/queue-query';
import type { Away } from '@/lib/domain/team';
import type { Colleague, TokenRow } from '@/lib/domain/directory';
import { idSchema } from './ids';
import { lookSchema } from './queue-watch';

/** What belongs to who asks: their views, whether they are out of office, their tokens. */
export const meReadCommand = z.strictObject({ type: z.literal('me.read') });
export interface MeReadReply {
  readonly away: Away | null;
  readonly views: readonly SavedView[];
  readonly tokens: readonly TokenRow[];
  /** Everyone else who is here, among them who may stand in. */
  readonly colleagues: readonly Colleague[];
}

/** A named look at the queue. */
export interface SavedView {
  readonly name: string;
  readonly look: QueueLook;
}

/** Out of office from now on; null to be back. */
export const meSetAwayCommand = z.strictObject({
  type: z.literal('me.set_away'),
  away: z.strictObject({ untilAt: z.int().nullable(), delegateId: idSchema('person').nullable() }).nullable(),
});
export type MeSetAwayReply = Away | null;

/** All of a person's views, in their order. */
export const meSaveViewsCommand = z.strictObject({
  type: z.literal('me.save_views'),
  views: z.array(z.strictObject({ name: z.string().trim().min(1).max(40), look: lookSchema })).max(50),
});
export type MeSaveViewsReply = readonly SavedView[];

export const meCreateTokenCommand = z.strictObject({
  type: z.literal('me.create_token'),
  name: z.string().trim().min(1).max(60),
  expiresAt: z.int().nullable(),
});
export interface MeCreateTokenReply {
  readonly row: TokenRow;
  /** Shown once. */
  readonly token: string;
}

export const meRevokeTokenCommand = z.strictObject({ type: z.literal('me.revoke_token'), id: z.string().max(64) });
export type MeRevokeTokenReply = TokenRow;
