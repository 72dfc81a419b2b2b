import { z } from 'zod';
import type { Json } from '@/lib/domain/json';
import type { CallBodies } from '@/lib/domain/call-bodies';
import {
  type MaskingPreview,
  type MaskingProblem,
  type MaskingVersion,
  maskedParts,
  maskingNameMost,
  maskingPathMost,
  maskingRulesMost,
} from '@/lib/domain/masking/rule';
import type { KeptKind, PurgeCount, RetentionVersion } from '@/lib/domain/retention';
import { revealReasonMost } from '@/lib/domain/call-bodies';
import { idSchema } from './ids';

const pattern = z.string().min(1).max(120).nullable();

const maskingRules = z
  .array(
    z.strictObject({
      name: z.string().max(maskingNameMost),
      path: z.string().max(maskingPathMost),
      parts: z.array(z.enum(maskedParts)).max(maskedParts.length),
      server: pattern,
      tool: pattern,
    }),
  )
  .max(maskingRulesMost);

const keptMs = z.int().min(0).nullable();
const retention = z.strictObject({
  payloads: keptMs,
  raw: keptMs,
  events: keptMs,
  deliveries: keptMs,
  audit: keptMs,
} satisfies { readonly [K in KeptKind]: unknown });

const base = z.int().min(0);
const path = z.string().max(2_000);

/** What is masked and how long things are kept. */
export const keepingReadCommand = z.strictObject({ type: z.literal('keeping.read') });
export const keepingSaveMaskingCommand = z.strictObject({
  type: z.literal('keeping.save_masking'),
  /** The version that was looked at. */
  base,
  rules: maskingRules,
});
/** What rules would mask in the last calls. */
export const keepingPreviewMaskingCommand = z.strictObject({
  type: z.literal('keeping.preview_masking'),
  rules: maskingRules,
});
export const keepingSaveRetentionCommand = z.strictObject({
  type: z.literal('keeping.save_retention'),
  base,
  retention,
});
/** What would be purged now. */
export const keepingPreviewPurgeCommand = z.strictObject({ type: z.literal('keeping.preview_purge'), retention });

/** A call's arguments, result and answers, masked. */
export const callBodiesCommand = z.strictObject({ type: z.literal('call.bodies'), callId: idSchema('call') });

/** One value of them as it is; on record first. */
export const valueRevealCommand = z.strictObject({
  type: z.literal('value.reveal'),
  callId: idSchema('call'),
  of: z.enum(['arguments', 'edited', 'result', 'answer']),
  requestId: idSchema('request').nullable(),
  path,
  reason: z.string().max(revealReasonMost),
});

/** A masked argument of a request, for who judges it; on record first. */
export const requestRevealCommand = z.strictObject({
  type: z.literal('request.reveal'),
  requestId: idSchema('request'),
  path,
});

export interface KeepingReadReply {
  readonly masking: MaskingVersion;
  readonly retention: RetentionVersion;
  readonly lastPurge: { readonly at: number; readonly counts: readonly PurgeCount[] } | null;
}
export type KeepingSaveMaskingReply = MaskingVersion;
export interface KeepingPreviewMaskingReply {
  readonly preview: MaskingPreview | null;
  readonly problems: readonly MaskingProblem[];
}
export type KeepingSaveRetentionReply = RetentionVersion;
export interface KeepingPreviewPurgeReply {
  readonly counts: readonly PurgeCount[];
  readonly problem: string | null;
}
export type CallBodiesReply = CallBodies;
export interface RevealReply {
  readonly value: Json;
}
