import type { AgentsCreateReply, AgentsListReply, AgentsRevokeReply, AgentsSetOwnerReply } from './command/agents';
import type { AuditReadReply } from './command/audit';
import type { HelloReply } from './command/hello';
import type {
  PeopleDisableReply,
  PeopleEnableReply,
  PeopleInviteReply,
  PeopleListReply,
  PeopleResetReply,
  PeopleSetRoleReply,
  PeopleWithdrawReply,
} from './command/people';
import type { ChoicesListReply, ChoicesRevokeReply } from './command/choices';
import type {
  MeCreateTokenReply,
  MeReadReply,
  MeRevokeTokenReply,
  MeSaveViewsReply,
  MeSetAwayReply,
} from './command/me';
import type { OverviewReadReply } from './command/overview';
import type { QueueCountsReply, QueuePageReply, QueueWatchReply } from './command/queue-watch';
import type {
  NoticesAddEndpointReply,
  NoticesEnableEndpointReply,
  NoticesEndpointsReply,
  NoticesLogReply,
  NoticesReadReply,
  NoticesReadTeamReply,
  NoticesRemoveEndpointReply,
  NoticesSaveReply,
  NoticesSaveTeamReply,
  NoticesTestReply,
} from './command/notices';
import type {
  RulesBacktestReply,
  RulesCheckReply,
  RulesExportReply,
  RulesImportReply,
  RulesReadReply,
  RulesSaveReply,
  RulesTryReply,
  RulesVersionReply,
} from './command/rules';
import type {
  TeamsCreateReply,
  TeamsListReply,
  TeamsRemoveReply,
  TeamsRenameReply,
  TeamsSetMembersReply,
} from './command/teams';
import type { RequestAssignReply, RequestPeopleReply } from './command/request-assign';
import type {
  SessionsPreviewEndReply,
  SessionsEndReply,
  SessionsEndingsReply,
  SessionsEndingReply,
  SessionsStopEndingReply,
  SessionForceEndReply,
  CallCancelReply,
} from './command/end-many';
import type { PausesLiftReply, PausesListReply, PausesSetReply } from './command/pauses';
import type { RequestDraftReply } from './command/request-draft';
import type { RequestEditReply } from './command/request-edit';
import type { RequestHistoryReply } from './command/request-history';
import type { RequestNoteReply } from './command/request-note';
import type { RequestAnswerReply } from './command/request-answer';
import type { RequestClaimReply } from './command/request-claim';
import type { RequestLookReply } from './command/request-look';
import type { RequestReadReply } from './command/request-read';
import type { RequestReleaseReply } from './command/request-release';
import type {
  ServersAcceptReply,
  ServersAddReply,
  ServersCancelTryReply,
  ServersChangeReply,
  ServersListReply,
  ServersReadReply,
  ServersRemoveReply,
  ServersTestReply,
  ServersToolReply,
  ServersTriedReply,
  ServersTryReply,
} from './command/servers';
import type { SessionEndReply } from './command/session-end';
import type { SessionFindReply } from './command/session-find';
import type { SessionPageReply } from './command/session-page';
import type { SessionPreviewEndReply } from './command/session-preview-end';
import type { SessionRawReply } from './command/session-raw';
import type { SessionUnwatchReply } from './command/session-unwatch';
import type { SessionWatchReply } from './command/session-watch';
import type { SessionsCountsReply, SessionsPicksReply, SessionsWatchReply } from './command/sessions-watch';
import type {
  KeepingReadReply,
  KeepingSaveMaskingReply,
  KeepingPreviewMaskingReply,
  KeepingSaveRetentionReply,
  KeepingPreviewPurgeReply,
  CallBodiesReply,
  RevealReply,
} from './command/keeping';

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
