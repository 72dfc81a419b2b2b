import { z } from 'zod';
import { agentsCreateCommand, agentsListCommand, agentsRevokeCommand, agentsSetOwnerCommand } from './command/agents';
import { auditReadCommand } from './command/audit';
import { helloCommand } from './command/hello';
import {
  peopleDisableCommand,
  peopleEnableCommand,
  peopleInviteCommand,
  peopleListCommand,
  peopleResetCommand,
  peopleSetRoleCommand,
  peopleWithdrawCommand,
} from './command/people';
import { choicesListCommand, choicesRevokeCommand } from './command/choices';
import {
  meCreateTokenCommand,
  meReadCommand,
  meRevokeTokenCommand,
  meSaveViewsCommand,
  meSetAwayCommand,
} from './command/me';
import { overviewReadCommand } from './command/overview';
import { queueCountsCommand, queuePageCommand, queueWatchCommand } from './command/queue-watch';
import {
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
  teamsCreateCommand,
  teamsListCommand,
  teamsRemoveCommand,
  teamsRenameCommand,
  teamsSetMembersCommand,
} from './command/teams';
import { requestAssignCommand, requestPeopleCommand } from './command/request-assign';
import {
  sessionsPreviewEndCommand,
  sessionsEndCommand,
  sessionsEndingsCommand,
  sessionsEndingCommand,
  sessionsStopEndingCommand,
  sessionForceEndCommand,
  callCancelCommand,
} from './command/end-many';
import { pausesLiftCommand, pausesListCommand, pausesSetCommand } from './command/pauses';
import { requestDraftCommand } from './command/request-draft';
import { requestEditCommand } from './command/request-edit';
import { requestHistoryCommand } from './command/request-history';
import { requestNoteCommand } from './command/request-note';
import { requestAnswerCommand } from './command/request-answer';
import { requestClaimCommand } from './command/request-claim';
import { requestLookCommand } from './command/request-look';
import { requestReadCommand } from './command/request-read';
import { requestReleaseCommand } from './command/request-release';
import {
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
import { sessionEndCommand } from './command/session-end';
import { sessionFindCommand } from './command/session-find';
import { sessionPageCommand } from './command/session-page';
import { sessionPreviewEndCommand } from './command/session-preview-end';
import { sessionRawCommand } from './command/session-raw';
import { sessionUnwatchCommand } from './command/session-unwatch';
import { sessionWatchCommand } from './command/session-watch';
import { sessionsCountsCommand, sessionsPicksCommand, sessionsWatchCommand } from './command/sessions-watch';
import {
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
