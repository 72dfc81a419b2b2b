import type { CommandType } from '@/lib/protocol/commands';
import { type Column, columns } from './world';

/** How a request came to be where it is. */
export const situations = ['for a team', 'for everyone', 'escalated', 'handed over', 'routed away by an edit'] as const;
export type Situation = (typeof situations)[number];

const yes = true;
const non = false;

/** Whether a request is there at all for somebody. Read as a table: a row is a situation, a column a person. */
const sees: Readonly<Record<Situation, readonly boolean[]>> = {
  //                         admin  team  other  none  assigned  covering  obs. team  obs. elsewhere
  'for a team': [yes, yes, non, non, non, yes, yes, non],
  'for everyone': [yes, yes, yes, yes, yes, yes, yes, yes],
  escalated: [yes, yes, yes, non, non, yes, yes, non],
  'handed over': [yes, yes, non, non, yes, yes, yes, non],
  'routed away by an edit': [yes, non, yes, non, non, non, non, non],
};

export function isSeen(situation: Situation, column: Column): boolean {
  return sees[situation][columns.indexOf(column)] === true;
}

/** What becomes of an attempt on a request that is there; for who does not see it every one is `not_found`. */
export type Becomes = 'ok' | 'forbidden' | 'not_allowed_now';
type RequestCommand = Extract<CommandType, `request.${string}`>;

export const onRequests: Readonly<Record<RequestCommand, { readonly answers: Becomes; readonly watches: Becomes }>> = {
  //                    approvers and admins          observers
  'request.read': { answers: 'ok', watches: 'ok' },
  'request.history': { answers: 'ok', watches: 'ok' },
  'request.people': { answers: 'ok', watches: 'ok' },
  'request.note': { answers: 'ok', watches: 'ok' },
  'request.look': { answers: 'ok', watches: 'ok' },
  'request.claim': { answers: 'ok', watches: 'forbidden' },
  'request.release': { answers: 'ok', watches: 'forbidden' },
  'request.assign': { answers: 'ok', watches: 'forbidden' },
  'request.draft': { answers: 'not_allowed_now', watches: 'forbidden' },
  'request.edit': { answers: 'ok', watches: 'forbidden' },
  'request.answer': { answers: 'ok', watches: 'forbidden' },
  // No rule masks anything there.
  'request.reveal': { answers: 'not_allowed_now', watches: 'forbidden' },
};

/** `may`: not kept from it by who they are. What is sent asks for things that do not exist, so it may still fail. */
export type May = 'may' | 'forbidden';
type OtherCommand = Exclude<CommandType, RequestCommand>;

export const others: Readonly<Record<OtherCommand, readonly [admin: May, approver: May, observer: May]>> = {
  hello: ['may', 'may', 'may'],
  'queue.watch': ['may', 'may', 'may'],
  'queue.page': ['may', 'may', 'may'],
  'queue.counts': ['may', 'may', 'may'],
  'sessions.watch': ['may', 'may', 'may'],
  'sessions.counts': ['may', 'may', 'may'],
  'sessions.picks': ['may', 'may', 'may'],
  'overview.read': ['may', 'may', 'may'],
  'audit.read': ['may', 'forbidden', 'forbidden'],
  'session.watch': ['may', 'may', 'may'],
  'session.page': ['may', 'may', 'may'],
  'session.find': ['may', 'may', 'may'],
  'session.unwatch': ['may', 'may', 'may'],
  'session.raw': ['may', 'may', 'may'],
  'session.preview_end': ['may', 'forbidden', 'forbidden'],
  'session.end': ['may', 'forbidden', 'forbidden'],
  'servers.list': ['may', 'forbidden', 'forbidden'],
  'servers.read': ['may', 'forbidden', 'forbidden'],
  'servers.tool': ['may', 'forbidden', 'forbidden'],
  'servers.add': ['may', 'forbidden', 'forbidden'],
  'servers.change': ['may', 'forbidden', 'forbidden'],
  'servers.remove': ['may', 'forbidden', 'forbidden'],
  'servers.test': ['may', 'forbidden', 'forbidden'],
  'servers.accept': ['may', 'forbidden', 'forbidden'],
  'servers.try': ['may', 'forbidden', 'forbidden'],
  'servers.tried': ['may', 'forbidden', 'forbidden'],
  'servers.cancel_try': ['may', 'forbidden', 'forbidden'],
  'agents.list': ['may', 'forbidden', 'forbidden'],
  'agents.create': ['may', 'forbidden', 'forbidden'],
  'agents.revoke': ['may', 'forbidden', 'forbidden'],
  'agents.set_owner': ['may', 'forbidden', 'forbidden'],
  'people.list': ['may', 'forbidden', 'forbidden'],
  'people.invite': ['may', 'forbidden', 'forbidden'],
  'people.withdraw': ['may', 'forbidden', 'forbidden'],
  'people.set_role': ['may', 'forbidden', 'forbidden'],
  'people.disable': ['may', 'forbidden', 'forbidden'],
  'people.enable': ['may', 'forbidden', 'forbidden'],
  'people.reset': ['may', 'forbidden', 'forbidden'],
  'teams.list': ['may', 'may', 'may'],
  'teams.create': ['may', 'forbidden', 'forbidden'],
  'teams.rename': ['may', 'forbidden', 'forbidden'],
  'teams.set_members': ['may', 'forbidden', 'forbidden'],
  'teams.remove': ['may', 'forbidden', 'forbidden'],
  'rules.read': ['may', 'forbidden', 'forbidden'],
  'rules.version': ['may', 'forbidden', 'forbidden'],
  'rules.check': ['may', 'forbidden', 'forbidden'],
  'rules.save': ['may', 'forbidden', 'forbidden'],
  'rules.try': ['may', 'forbidden', 'forbidden'],
  'rules.backtest': ['may', 'forbidden', 'forbidden'],
  'rules.import': ['may', 'forbidden', 'forbidden'],
  'rules.export': ['may', 'forbidden', 'forbidden'],
  'choices.list': ['may', 'may', 'forbidden'],
  'choices.revoke': ['may', 'may', 'forbidden'],
  'me.read': ['may', 'may', 'may'],
  'me.set_away': ['may', 'may', 'may'],
  'me.save_views': ['may', 'may', 'may'],
  'me.create_token': ['may', 'may', 'may'],
  'me.revoke_token': ['may', 'may', 'may'],
  'notices.read': ['may', 'may', 'may'],
  'notices.save': ['may', 'may', 'may'],
  'notices.read_team': ['may', 'forbidden', 'forbidden'],
  'notices.save_team': ['may', 'forbidden', 'forbidden'],
  'notices.endpoints': ['may', 'forbidden', 'forbidden'],
  'notices.add_endpoint': ['may', 'forbidden', 'forbidden'],
  'notices.remove_endpoint': ['may', 'forbidden', 'forbidden'],
  'notices.enable_endpoint': ['may', 'forbidden', 'forbidden'],
  'notices.test': ['may', 'may', 'may'],
  // Their own alone, for who is no admin.
  'notices.log': ['may', 'may', 'may'],
  'pauses.list': ['may', 'may', 'may'],
  'pauses.set': ['may', 'forbidden', 'forbidden'],
  'pauses.lift': ['may', 'forbidden', 'forbidden'],
  'keeping.read': ['may', 'forbidden', 'forbidden'],
  'keeping.preview_masking': ['may', 'forbidden', 'forbidden'],
  'keeping.save_masking': ['may', 'forbidden', 'forbidden'],
  'keeping.preview_purge': ['may', 'forbidden', 'forbidden'],
  'keeping.save_retention': ['may', 'forbidden', 'forbidden'],
  'call.bodies': ['may', 'may', 'may'],
  'value.reveal': ['may', 'forbidden', 'forbidden'],
  'sessions.preview_end': ['may', 'forbidden', 'forbidden'],
  'sessions.end': ['may', 'forbidden', 'forbidden'],
  'sessions.endings': ['may', 'forbidden', 'forbidden'],
  'sessions.ending': ['may', 'forbidden', 'forbidden'],
  'sessions.stop_ending': ['may', 'forbidden', 'forbidden'],
  'session.force_end': ['may', 'forbidden', 'forbidden'],
  'call.cancel': ['may', 'forbidden', 'forbidden'],
};

/** Every endpoint of `/api/v1` that names a request, as the statuses of who sees it and may answer, sees it only, and does not. */
export const endpoints = [
  { method: 'GET', path: '', answers: 200, watches: 200, blind: 404 },
  { method: 'POST', path: '/claim', answers: 200, watches: 403, blind: 404 },
  { method: 'POST', path: '/release', answers: 200, watches: 403, blind: 404 },
  { method: 'POST', path: '/answer', answers: 200, watches: 403, blind: 404 },
] as const;
