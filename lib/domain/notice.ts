import { type CallId, type ConnectionId, readId, type RequestId, type TeamId } from './ids';
import { type QuietHours, quietUntil } from './notice/quiet-hours';

/** What people are told of. */
export type RequestNoticeKind =
  | 'opened'
  | 'expiring'
  | 'escalated'
  | 'assigned'
  | 'mentioned'
  | 'expired'
  | 'undelivered';
/** Of calls under way, for those who watch over them. */
export type CallNoticeKind = 'stalled' | 'session_expiring';
export type NoticeKind = RequestNoticeKind | CallNoticeKind;
export const requestNoticeKinds: readonly RequestNoticeKind[] = [
  'opened',
  'expiring',
  'escalated',
  'assigned',
  'mentioned',
  'expired',
  'undelivered',
];
export const callNoticeKinds: readonly CallNoticeKind[] = ['stalled', 'session_expiring'];
export const noticeKinds: readonly NoticeKind[] = [...requestNoticeKinds, ...callNoticeKinds];

/** What a notice is about: a request, a call, or for a limit of a whole connection that one. */
export type NoticeAbout = RequestId | CallId | ConnectionId;

export function readNoticeAbout(text: string): NoticeAbout | null {
  return readId('request', text) ?? readId('call', text) ?? readId('connection', text);
}

/** Words for a list of kinds to choose from. */
export const noticeKindWords: { readonly [K in NoticeKind]: string } = {
  opened: 'A request waits for you or your team',
  expiring: 'An open request has little time left',
  escalated: 'A request was escalated to your team',
  assigned: 'A request was assigned to you',
  mentioned: 'Someone mentioned you in a note',
  expired: 'Nobody answered a request in time',
  undelivered: 'Your answer could not be delivered',
  stalled: 'A server stalled during a call (admins, observers, the agent’s owner)',
  session_expiring: 'A call is about to reach a limit of its server or agent (the same people)',
};

/** Kinds that concern one person and never a team. */
export const personalKinds: readonly NoticeKind[] = ['assigned', 'mentioned', 'undelivered'];
/** What a team's places can be told; of calls only where that was chosen. */
export const teamKinds: readonly NoticeKind[] = noticeKinds.filter((kind) => !personalKinds.includes(kind));

/** Chosen for a new place, unless others are: it hears of calls only where someone asked for that. */
export const usualPlaceKinds: readonly NoticeKind[] = requestNoticeKinds.filter((kind) => teamKinds.includes(kind));

export type PersonChannel = 'desktop' | 'email';
export type TeamChannel = 'slack' | 'webhook';
export type Channel = PersonChannel | TeamChannel;
export const personChannels: readonly PersonChannel[] = ['desktop', 'email'];
export const teamChannels: readonly TeamChannel[] = ['slack', 'webhook'];

/** What a person or a team wants to be told, where and when. */
export interface Preferences<C extends Channel> {
  /** The kinds each channel is told; escalations come whatever is chosen. */
  readonly kinds: { readonly [K in C]: readonly NoticeKind[] };
  /** An IANA name, such as `Europe/Berlin`: for quiet hours and for the times in messages. */
  readonly timeZone: string;
  readonly quiet: QuietHours | null;
  /** Gathers into one message per channel; null sends each at once. */
  readonly digestMinutes: number | null;
}

export type PersonPreferences = Preferences<PersonChannel>;
export type TeamPreferences = Preferences<TeamChannel>;

export const usualPersonPreferences: PersonPreferences = {
  kinds: { desktop: noticeKinds, email: ['escalated', 'assigned', 'mentioned'] },
  timeZone: 'UTC',
  quiet: null,
  digestMinutes: null,
};

export const usualTeamPreferences: TeamPreferences = {
  kinds: { slack: teamKinds, webhook: teamKinds },
  timeZone: 'UTC',
  quiet: null,
  digestMinutes: null,
};

export const shortestDigestMinutes = 5;
export const longestDigestMinutes = 24 * 60;

/** Goes through quiet hours and digests, and cannot be switched off. */
const alwaysThrough: readonly NoticeKind[] = ['escalated'];
/** Gathered with others it would come too late to be of use. */
const neverGathered: readonly NoticeKind[] = ['escalated', 'expiring', 'session_expiring'];

export type NoticeDecision =
  | { readonly send: 'now' }
  /** Gathered with what else comes until then. */
  | { readonly send: 'digest'; readonly untilAt: number }
  /** Gathered until quiet hours are over. */
  | { readonly send: 'quiet'; readonly untilAt: number }
  | { readonly send: 'never' };

/** When each channel of one recipient is told of something that happened at `at`, epoch milliseconds. */
export function decideNotices<C extends Channel>(
  kind: NoticeKind,
  preferences: Preferences<C>,
  at: number,
): { readonly [K in C]: NoticeDecision } {
  const decided = Object.entries<readonly NoticeKind[]>(preferences.kinds).map(
    ([channel, kinds]): [string, NoticeDecision] => [channel, decide(kind, kinds, { preferences, at })],
  );
  return Object.fromEntries(decided) as { readonly [K in C]: NoticeDecision };
}

function decide(
  kind: NoticeKind,
  kinds: readonly NoticeKind[],
  { preferences, at }: { readonly preferences: Omit<Preferences<Channel>, 'kinds'>; readonly at: number },
): NoticeDecision {
  if (alwaysThrough.includes(kind)) return { send: 'now' };
  if (!kinds.includes(kind)) return { send: 'never' };
  const { quiet, timeZone, digestMinutes } = preferences;
  const untilAt = quiet === null ? null : quietUntil(quiet, timeZone, at);
  if (untilAt !== null) return { send: 'quiet', untilAt };
  if (digestMinutes === null || neverGathered.includes(kind)) return { send: 'now' };
  const digestAt = digestEnd(at, digestMinutes);
  const quietEndAt = quiet === null ? null : quietUntil(quiet, timeZone, digestAt);
  return quietEndAt === null ? { send: 'digest', untilAt: digestAt } : { send: 'quiet', untilAt: quietEndAt };
}

/** Digests end at whole multiples of their length, so that what comes in between shares one. */
function digestEnd(at: number, minutes: number): number {
  const lengthMs = minutes * 60_000;
  return (Math.floor(at / lengthMs) + 1) * lengthMs;
}

const expiringMs = 5 * 60_000;
const expiringShare = 0.1;

/** When `expiring` is told: 5 minutes before the deadline, or at the last tenth of a shorter wait. */
export function expiringAt(openedAt: number, deadlineAt: number): number {
  return deadlineAt - Math.min(expiringMs, Math.max(0, deadlineAt - openedAt) * expiringShare);
}

/** A place of a team's, or for all: where it is, without what would let others post there. */
export interface EndpointRow {
  readonly id: string;
  readonly kind: TeamChannel;
  /** Null: hears of every request. */
  readonly team: TeamId | null;
  /** The origin and a masked path. */
  readonly where: string;
  /** What it is told; escalations only when chosen. */
  readonly kinds: readonly NoticeKind[];
  readonly createdBy: string;
  readonly createdAt: number;
  readonly disabledAt: number | null;
  readonly disabledWhy: string | null;
}

export type DeliveryState = 'pending' | 'sent' | 'failed' | 'dropped';

/** One line of the delivery log. */
export interface DeliveryRow {
  readonly id: string;
  readonly about: NoticeAbout;
  /** Where it leads, a path of ours. */
  readonly path: string;
  readonly kind: NoticeKind;
  readonly channel: Channel;
  /** Who, or where, in words. */
  readonly to: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** While pending: when it is tried next. */
  readonly nextAt: number | null;
  readonly lastError: string | null;
  readonly lastStatus: number | null;
  readonly createdAt: number;
  readonly sentAt: number | null;
}
