import type { CallBodies, RevealOrder } from '@/lib/domain/call-bodies';
import type { CallId, RequestId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import type { MaskingRule, MaskingVersion } from '@/lib/domain/masking/rule';
import type { Person } from '@/lib/domain/permission';
import type { Result } from '@/lib/domain/refusal';
import type { Retention, RetentionVersion } from '@/lib/domain/retention';
import type { ReplyOf } from '@/lib/protocol/replies';
import type { Handlers } from './commands';

/** Masking, retention and revealing as people reach them; whoever keeps them checks who asks (I11). */
export interface KeepingPort {
  read(person: Person): Promise<Result<ReplyOf['keeping.read']>>;
  previewMasking(person: Person, rules: readonly MaskingRule[]): Promise<Result<ReplyOf['keeping.preview_masking']>>;
  saveMasking(
    person: Person,
    order: { readonly base: number; readonly rules: readonly MaskingRule[] },
  ): Promise<Result<MaskingVersion>>;
  previewPurge(person: Person, retention: Retention): Promise<Result<ReplyOf['keeping.preview_purge']>>;
  saveRetention(
    person: Person,
    order: { readonly base: number; readonly retention: Retention },
  ): Promise<Result<RetentionVersion>>;
}

/** What calls were given and gave. */
export interface ValuesPort {
  bodies(person: Person, callId: CallId): Promise<Result<CallBodies>>;
  reveal(person: Person, order: RevealOrder): Promise<Result<{ readonly value: Json }>>;
  judge(person: Person, requestId: RequestId, path: string): Promise<Result<{ readonly value: Json }>>;
}

type KeepingCommand =
  | `keeping.${'read' | 'save_masking' | 'preview_masking' | 'save_retention' | 'preview_purge'}`
  | 'call.bodies'
  | 'value.reveal'
  | 'request.reveal';

export function keepingHandlers(ports: {
  readonly keeping: KeepingPort;
  readonly values: ValuesPort;
}): Pick<Handlers, KeepingCommand> {
  const { keeping, values } = ports;
  return {
    'keeping.read': (guest) => keeping.read(guest.person),
    'keeping.preview_masking': (guest, { rules }) => keeping.previewMasking(guest.person, rules),
    'keeping.save_masking': (guest, { base, rules }) => keeping.saveMasking(guest.person, { base, rules }),
    'keeping.preview_purge': (guest, { retention }) => keeping.previewPurge(guest.person, retention),
    'keeping.save_retention': (guest, { base, retention }) => keeping.saveRetention(guest.person, { base, retention }),
    'call.bodies': (guest, { callId }) => values.bodies(guest.person, callId),
    'value.reveal': (guest, { type: _type, ...order }) => values.reveal(guest.person, order),
    'request.reveal': (guest, { requestId, path }) => values.judge(guest.person, requestId, path),
  };
}
