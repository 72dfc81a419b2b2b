import { z } from 'zod';
import {
  type AgentsCreateReply,
  type AgentsListReply,
  type AgentsRevokeReply,
  type AgentsSetOwnerReply,
  agentsCreateCommand,
  agentsListCommand,
  agentsRevokeCommand,
  agentsSetOwnerCommand,
} from './command/agents';
import { type AuditReadReply, auditReadCommand } from './command/audit';
import { type HelloReply, helloCommand } from './command/hello';
import {
  type PeopleDisableReply,
  type PeopleEnableReply,
  type PeopleInviteReply,
  type PeopleListReply,
  type PeopleResetReply,
  type PeopleSetRoleReply,
  type PeopleWithdrawReply,
  peopleDisableCommand,
  peopleEnableCommand,
  peopleInviteCommand,
  peopleListCommand,
  peopleResetCommand,
  peopleSetRoleCommand,
  peopleWithdrawCommand,
} from './command/people';
import {
  type ChoicesListReply,
  type ChoicesRevokeReply,
  choicesListCommand,
  choicesRevokeCommand,
} from './command/choices';
import {
  type MeCreateTokenReply,
  type MeReadReply,
  type MeRevokeTokenReply,
  type MeSaveViewsReply,
  type MeSetAwayReply,
  meCreateTokenCommand,
  meReadCommand,
  meRevokeTokenCommand,
  meSaveViewsCommand,
  meSetAwayCommand,
} from './command/me';
import { type OverviewReadReply, overviewReadCommand } from './command/overview';
import {
  type QueueCountsReply,
  type QueuePageReply,
  type QueueWatchReply,
  queueCountsCommand,
  queuePageCommand,
  queueWatchCommand,
} from './command/queue-watch';
import {
  type NoticesAddEndpointReply,
  type NoticesEnableEndpointReply,
  type NoticesEndpointsReply,
  type NoticesLogReply,
  type NoticesReadReply,
  type NoticesReadTeamReply,
  type NoticesRemoveEndpointReply,
  type NoticesSaveReply,
  type NoticesSaveTeamReply,
  type NoticesTestReply,
  noticesAddEndpointCommand,
  noticesEnableEndpointCommand,
  noticesEndpointsCommand,
  noticesLogCommand,
  noticesReadCommand,
  noticesReadTeamCommand,
  noticesRemoveEndpointCommand,
  noticesSaveCommand,
  noticesSaveTeamCommand,
  noticesTestCommand,
} from './command/notices';
import {
  type RulesBacktestReply,
  type RulesCheckReply,
  type RulesExportReply,
  type RulesImportReply,
  type RulesReadReply,
  type RulesSaveReply,
  type RulesTryReply,
  type RulesVersionReply,
  rulesBacktestCommand,
  rulesCheckCommand,
  rulesExportCommand,
  rulesImportCommand,
  rulesReadCommand,
  rulesSaveCommand,
  rulesTryCommand,
  rulesVersionCommand,
} from './command/rules';
import {
  type TeamsCreateReply,
  type TeamsListReply,
  type TeamsRemoveReply,
  type TeamsRenameReply,
  type TeamsSetMembersReply,
  teamsCreateCommand,
  teamsListCommand,
  teamsRemoveCommand,
  teamsRenameCommand,
  teamsSetMembersCommand,
} from './command/teams';
import {
  type RequestAssignReply,
  type RequestPeopleReply,
  requestAssignCommand,
  requestPeopleCommand,
} from './command/request-assign';
import {
  type SessionsPreviewEndReply,
  type SessionsEndReply,
  type SessionsEndingsReply,
  type SessionsEndingReply,
  type SessionsStopEndingReply,
  type SessionForceEndReply,
  type CallCancelReply,
  sessionsPreviewEndCommand,
  sessionsEndCommand,
  sessionsEndingsCommand,
  sessionsEndingCommand,
  sessionsStopEndingCommand,
  sessionForceEndCommand,
  callCancelCommand,
} from './command/end-many';
import {
  type PausesLiftReply,
  type PausesListReply,
  type PausesSetReply,
  pausesLiftCommand,
  pausesListCommand,
  pausesSetCommand,
} from './command/pauses';
import { type RequestDraftReply, requestDraftCommand } from './command/request-draft';
import { type RequestEditReply, requestEditCommand } from './command/request-edit';
import { type RequestHistoryReply, requestHistoryCommand } from './command/request-history';
import { type RequestNoteReply, requestNoteCommand } from './command/request-note';
import { type RequestAnswerReply, requestAnswerCommand } from './command/request-answer';
import { type RequestClaimReply, requestClaimCommand } from './command/request-claim';
import { type RequestLookReply, requestLookCommand } from './command/request-look';
import { type RequestReadReply, requestReadCommand } from './command/request-read';
import { type RequestReleaseReply, requestReleaseCommand } from './command/request-release';
import {
  type ServersAcceptReply,
  type ServersAddReply,
  type ServersCancelTryReply,
  type ServersChangeReply,
  type ServersListReply,
  type ServersReadReply,
  type ServersRemoveReply,
  type ServersTestReply,
  type ServersToolReply,
  type ServersTriedReply,
  type ServersTryReply,
  serversAcceptCommand,
  serversAddCommand,
  serversCancelTryCommand,
  serversChangeCommand,
  serversListCommand,
  serversReadCommand,
  serversRemoveCommand,
  serversTestCommand,
  serversToolCommand,
  serversTriedCommand,
  serversTryCommand,
} from './command/servers';
import { type SessionEndReply, sessionEndCommand } from './command/session-end';
import { type SessionFindReply, sessionFindCommand } from './command/session-find';
import { type SessionPageReply, sessionPageCommand } from './command/session-page';
import { type SessionPreviewEndReply, sessionPreviewEndCommand } from './command/session-preview-end';
import { type SessionRawReply, sessionRawCommand } from './command/session-raw';
import { type SessionUnwatchReply, sessionUnwatchCommand } from './command/session-unwatch';
import { type SessionWatchReply, sessionWatchCommand } from './command/session-watch';
import {
  type SessionsCountsReply,
  type SessionsPicksReply,
  type SessionsWatchReply,
  sessionsCountsCommand,
  sessionsPicksCommand,
  sessionsWatchCommand,
} from './command/sessions-watch';
import {
  type KeepingReadReply,
  type KeepingSaveMaskingReply,
  type KeepingPreviewMaskingReply,
  type KeepingSaveRetentionReply,
  type KeepingPreviewPurgeReply,
  type CallBodiesReply,
  type RevealReply,
  keepingReadCommand,
  keepingSaveMaskingCommand,
  keepingPreviewMaskingCommand,
  keepingSaveRetentionCommand,
  keepingPreviewPurgeCommand,
  callBodiesCommand,
  valueRevealCommand,
  requestRevealCommand,
} from './command/keeping';

/** Everything a browser may say, as one validated union. Sent as the socket event `command` with an acknowledgement. */
export const commandSchema = z.discriminatedUnion('type', [
  helloCommand,
  queueWatchCommand,
  queuePageCommand,
  queueCountsCommand,
  requestReadCommand,
  requestHistoryCommand,
  requestEditCommand,
  requestAssignCommand,
  requestPeopleCommand,
  requestNoteCommand,
  requestDraftCommand,
  requestLookCommand,
  requestClaimCommand,
  requestReleaseCommand,
  requestAnswerCommand,
  sessionsWatchCommand,
  sessionsCountsCommand,
  sessionsPicksCommand,
  overviewReadCommand,
  auditReadCommand,
  sessionWatchCommand,
  sessionPageCommand,
  sessionFindCommand,
  sessionUnwatchCommand,
  sessionRawCommand,
  sessionPreviewEndCommand,
  sessionEndCommand,
  serversListCommand,
  serversReadCommand,
  serversToolCommand,
  serversAddCommand,
  serversChangeCommand,
  serversRemoveCommand,
  serversTestCommand,
  serversAcceptCommand,
  serversTryCommand,
  serversTriedCommand,
  serversCancelTryCommand,
  agentsListCommand,
  agentsCreateCommand,
  agentsRevokeCommand,
  peopleListCommand,
  peopleInviteCommand,
  peopleWithdrawCommand,
  peopleSetRoleCommand,
  peopleDisableCommand,
  peopleEnableCommand,
  peopleResetCommand,
  agentsSetOwnerCommand,
  teamsListCommand,
  teamsCreateCommand,
  teamsRenameCommand,
  teamsSetMembersCommand,
  teamsRemoveCommand,
  rulesReadCommand,
  rulesVersionCommand,
  rulesCheckCommand,
  rulesSaveCommand,
  rulesTryCommand,
  rulesBacktestCommand,
  rulesImportCommand,
  rulesExportCommand,
  choicesListCommand,
  choicesRevokeCommand,
  meReadCommand,
  meSetAwayCommand,
  meSaveViewsCommand,
  meCreateTokenCommand,
  meRevokeTokenCommand,
  noticesReadCommand,
  noticesSaveCommand,
  noticesReadTeamCommand,
  noticesSaveTeamCommand,
  noticesEndpointsCommand,
  noticesAddEndpointCommand,
  noticesRemoveEndpointCommand,
  noticesEnableEndpointCommand,
  noticesTestCommand,
  noticesLogCommand,
  pausesListCommand,
  pausesSetCommand,
  pausesLiftCommand,
  keepingReadCommand,
  keepingSaveMaskingCommand,
  keepingPreviewMaskingCommand,
  keepingSaveRetentionCommand,
  keepingPreviewPurgeCommand,
  callBodiesCommand,
  valueRevealCommand,
  requestRevealCommand,
  sessionsPreviewEndCommand,
  sessionsEndCommand,
  sessionsEndingsCommand,
  sessionsEndingCommand,
  sessionsStopEndingCommand,
  sessionForceEndCommand,
  callCancelCommand,
]);

export type Command = z.infer<typeof commandSchema>;
export type CommandType = Command['type'];
export type CommandOf<T extends CommandType> = Extract<Command, { readonly type: T }>;

/** What each command is answered with, inside a `Result`. */
export interface ReplyOf {
  hello: HelloReply;
  'queue.watch': QueueWatchReply;
  'queue.page': QueuePageReply;
  'queue.counts': QueueCountsReply;
  'request.read': RequestReadReply;
  'request.history': RequestHistoryReply;
  'request.edit': RequestEditReply;
  'request.assign': RequestAssignReply;
  'request.people': RequestPeopleReply;
  'request.note': RequestNoteReply;
  'request.draft': RequestDraftReply;
  'request.look': RequestLookReply;
  'request.claim': RequestClaimReply;
  'request.release': RequestReleaseReply;
  'request.answer': RequestAnswerReply;
  'sessions.watch': SessionsWatchReply;
  'sessions.counts': SessionsCountsReply;
  'sessions.picks': SessionsPicksReply;
  'overview.read': OverviewReadReply;
  'audit.read': AuditReadReply;
  'session.watch': SessionWatchReply;
  'session.page': SessionPageReply;
  'session.find': SessionFindReply;
  'session.unwatch': SessionUnwatchReply;
  'session.raw': SessionRawReply;
  'session.preview_end': SessionPreviewEndReply;
  'session.end': SessionEndReply;
  'servers.list': ServersListReply;
  'servers.read': ServersReadReply;
  'servers.tool': ServersToolReply;
  'servers.add': ServersAddReply;
  'servers.change': ServersChangeReply;
  'servers.remove': ServersRemoveReply;
  'servers.test': ServersTestReply;
  'servers.accept': ServersAcceptReply;
  'servers.try': ServersTryReply;
  'servers.tried': ServersTriedReply;
  'servers.cancel_try': ServersCancelTryReply;
  'agents.list': AgentsListReply;
  'agents.create': AgentsCreateReply;
  'agents.revoke': AgentsRevokeReply;
  'people.list': PeopleListReply;
  'people.invite': PeopleInviteReply;
  'people.withdraw': PeopleWithdrawReply;
  'people.set_role': PeopleSetRoleReply;
  'people.disable': PeopleDisableReply;
  'people.enable': PeopleEnableReply;
  'people.reset': PeopleResetReply;
  'agents.set_owner': AgentsSetOwnerReply;
  'teams.list': TeamsListReply;
  'teams.create': TeamsCreateReply;
  'teams.rename': TeamsRenameReply;
  'teams.set_members': TeamsSetMembersReply;
  'teams.remove': TeamsRemoveReply;
  'rules.read': RulesReadReply;
  'rules.version': RulesVersionReply;
  'rules.check': RulesCheckReply;
  'rules.save': RulesSaveReply;
  'rules.try': RulesTryReply;
  'rules.backtest': RulesBacktestReply;
  'rules.import': RulesImportReply;
  'rules.export': RulesExportReply;
  'choices.list': ChoicesListReply;
  'choices.revoke': ChoicesRevokeReply;
  'me.read': MeReadReply;
  'me.set_away': MeSetAwayReply;
  'me.save_views': MeSaveViewsReply;
  'me.create_token': MeCreateTokenReply;
  'me.revoke_token': MeRevokeTokenReply;
  'notices.read': NoticesReadReply;
  'notices.save': NoticesSaveReply;
  'notices.read_team': NoticesReadTeamReply;
  'notices.save_team': NoticesSaveTeamReply;
  'notices.endpoints': NoticesEndpointsReply;
  'notices.add_endpoint': NoticesAddEndpointReply;
  'notices.remove_endpoint': NoticesRemoveEndpointReply;
  'notices.enable_endpoint': NoticesEnableEndpointReply;
  'notices.test': NoticesTestReply;
  'notices.log': NoticesLogReply;
  'pauses.list': PausesListReply;
  'pauses.set': PausesSetReply;
  'pauses.lift': PausesLiftReply;
  'keeping.read': KeepingReadReply;
  'keeping.save_masking': KeepingSaveMaskingReply;
  'keeping.preview_masking': KeepingPreviewMaskingReply;
  'keeping.save_retention': KeepingSaveRetentionReply;
  'keeping.preview_purge': KeepingPreviewPurgeReply;
  'call.bodies': CallBodiesReply;
  'value.reveal': RevealReply;
  'request.reveal': RevealReply;
  'sessions.preview_end': SessionsPreviewEndReply;
  'sessions.end': SessionsEndReply;
  'sessions.endings': SessionsEndingsReply;
  'sessions.ending': SessionsEndingReply;
  'sessions.stop_ending': SessionsStopEndingReply;
  'session.force_end': SessionForceEndReply;
  'call.cancel': CallCancelReply;
}
