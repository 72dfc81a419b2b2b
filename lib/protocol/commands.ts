import { z } from 'zod';
import {
  type AgentsCreateReply,
  type AgentsListReply,
  type AgentsRevokeReply,
  agentsCreateCommand,
  agentsListCommand,
  agentsRevokeCommand,
} from './command/agents';
import { type HelloReply, helloCommand } from './command/hello';
import {
  type PeopleDisableReply,
  type PeopleInviteReply,
  type PeopleListReply,
  type PeopleSetRoleReply,
  type PeopleWithdrawReply,
  peopleDisableCommand,
  peopleInviteCommand,
  peopleListCommand,
  peopleSetRoleCommand,
  peopleWithdrawCommand,
} from './command/people';
import { type QueueWatchReply, queueWatchCommand } from './command/queue-watch';
import { type RequestAnswerReply, requestAnswerCommand } from './command/request-answer';
import { type RequestClaimReply, requestClaimCommand } from './command/request-claim';
import { type RequestLookReply, requestLookCommand } from './command/request-look';
import { type RequestReadReply, requestReadCommand } from './command/request-read';
import { type RequestReleaseReply, requestReleaseCommand } from './command/request-release';
import { type ServersListReply, serversListCommand } from './command/servers-list';
import { type SessionEndReply, sessionEndCommand } from './command/session-end';
import { type SessionPreviewEndReply, sessionPreviewEndCommand } from './command/session-preview-end';
import { type SessionRawReply, sessionRawCommand } from './command/session-raw';
import { type SessionUnwatchReply, sessionUnwatchCommand } from './command/session-unwatch';
import { type SessionWatchReply, sessionWatchCommand } from './command/session-watch';
import { type SessionsWatchReply, sessionsWatchCommand } from './command/sessions-watch';

/** Everything a browser may say, as one validated union. Sent as the socket event `command` with an acknowledgement. */
export const commandSchema = z.discriminatedUnion('type', [
  helloCommand,
  queueWatchCommand,
  requestReadCommand,
  requestLookCommand,
  requestClaimCommand,
  requestReleaseCommand,
  requestAnswerCommand,
  sessionsWatchCommand,
  sessionWatchCommand,
  sessionUnwatchCommand,
  sessionRawCommand,
  sessionPreviewEndCommand,
  sessionEndCommand,
  serversListCommand,
  agentsListCommand,
  agentsCreateCommand,
  agentsRevokeCommand,
  peopleListCommand,
  peopleInviteCommand,
  peopleWithdrawCommand,
  peopleSetRoleCommand,
  peopleDisableCommand,
]);

export type Command = z.infer<typeof commandSchema>;
export type CommandType = Command['type'];
export type CommandOf<T extends CommandType> = Extract<Command, { readonly type: T }>;

/** What each command is answered with, inside a `Result`. */
export interface ReplyOf {
  hello: HelloReply;
  'queue.watch': QueueWatchReply;
  'request.read': RequestReadReply;
  'request.look': RequestLookReply;
  'request.claim': RequestClaimReply;
  'request.release': RequestReleaseReply;
  'request.answer': RequestAnswerReply;
  'sessions.watch': SessionsWatchReply;
  'session.watch': SessionWatchReply;
  'session.unwatch': SessionUnwatchReply;
  'session.raw': SessionRawReply;
  'session.preview_end': SessionPreviewEndReply;
  'session.end': SessionEndReply;
  'servers.list': ServersListReply;
  'agents.list': AgentsListReply;
  'agents.create': AgentsCreateReply;
  'agents.revoke': AgentsRevokeReply;
  'people.list': PeopleListReply;
  'people.invite': PeopleInviteReply;
  'people.withdraw': PeopleWithdrawReply;
  'people.set_role': PeopleSetRoleReply;
  'people.disable': PeopleDisableReply;
}
