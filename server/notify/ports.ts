import type { RequestKind, SessionEvent } from '@/lib/domain/event';
import type { CallId, PersonId, RequestId, SessionId } from '@/lib/domain/ids';
import type { RandomBytes } from '@/lib/domain/ids';
import type { Pace } from '@/lib/domain/pace';
import type { Roster, Watched } from '@/lib/domain/notice/recipients';
import type { NoticeKind } from '@/lib/domain/notice';
import type { Routed } from '@/lib/domain/permission';
import type { RequestState } from '@/lib/domain/request';
import type { Risk } from '@/lib/domain/tool';
import type { AuditDue } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';

/** A request as notices speak of it: no title, no arguments, no question, no answer, no notes (I14). */
export interface NoticeSubject extends Routed {
  readonly requestId: RequestId;
  readonly sessionId: SessionId;
  readonly kind: RequestKind;
  readonly state: RequestState;
  readonly server: string;
  readonly tool: string | null;
  readonly agent: string;
  readonly risk: Risk;
  readonly openedAt: number;
  readonly deadlineAt: number;
  /** Who answered or voted, of people. */
  readonly answeredBy: readonly PersonId[];
  /** True while a model is to answer it: nobody is told. */
  readonly forModel: boolean;
  /** What a rule marked as safe: the JSON Pointer's last step and the value as text. Masked and cut here. */
  readonly safe: readonly { readonly name: string; readonly value: string }[];
}

/** A call as notices speak of it (I14). */
export interface CallSubject extends Watched {
  readonly callId: CallId;
  readonly sessionId: SessionId;
  readonly server: string;
  readonly tool: string;
  readonly agent: string;
  readonly risk: Risk;
  /** Null once its server does not have it any more. */
  readonly underWay: {
    readonly lastSignAt: number;
    readonly pace: Pace;
    /** It waits for an answer, so its server is not quiet. */
    readonly isAsking: boolean;
  } | null;
}

export interface OpenSubject {
  readonly requestId: RequestId;
  readonly openedAt: number;
  readonly deadlineAt: number;
}

/** What a browser shows; plain text. */
export interface DesktopNotice {
  readonly id: string;
  readonly kind: NoticeKind | 'digest';
  readonly title: string;
  readonly body: string;
  /** A path of ours, such as `/queue/req_…`. */
  readonly path: string;
}

export interface NotifyPorts {
  readonly clock: Clock;
  /** Keeps who added and removed places; without it nothing is kept. */
  readonly audit?: AuditDue;
  readonly log: Log;
  readonly random: RandomBytes;
  /** Null when it is no more. May throw while the database is away. */
  requestOf(id: RequestId): Promise<NoticeSubject | null>;
  /** The same of a call. */
  callOf(id: CallId): Promise<CallSubject | null>;
  /** As of now, from memory. */
  roster(): Roster;
  /** What waits for people now, with when it opened and until when it waits. */
  openRequests(): Promise<readonly OpenSubject[]>;
  /** Committed events of `noticeEventTypes` at or after this instant, the oldest when there are too many: for what came while we were not there. */
  eventsSince(at: number): Promise<readonly SessionEvent[]>;
  /** Whether this person has a browser open: nobody is told where nobody looks. */
  isAtBrowser(id: PersonId): boolean;
  /** To every browser this person has open; how many those were. */
  pushToPerson(id: PersonId, notice: DesktopNotice): number;
}
