import { type Action, may, permissions, type Role } from './permission';

/** Why a person may not, in words for the disabled button; null when they may. */
export function whyNot(role: Role, action: Action): string | null {
  if (may(role, action)) return null;
  const allowed = permissions[action];
  const who = allowed.length === 1 && allowed[0] === 'admin' ? 'Only admins' : 'Only approvers and admins';
  const verbs: { readonly [A in Action]: string } = {
    'queue.read': 'see the queue',
    'request.read': 'see requests',
    'request.claim': 'claim requests',
    'request.answer': 'answer requests',
    'request.edit': 'edit arguments',
    'request.assign': 'assign requests',
    'request.note': 'write notes',
    'request.draft': 'ask the model',
    'choice.read': 'see remembered choices',
    'choice.revoke': 'revoke remembered choices',
    'session.read': 'see sessions',
    'session.raw': 'see raw messages',
    'session.end': 'end sessions',
    'call.cancel': 'cancel calls',
    'value.reveal': 'reveal masked values',
    'pause.read': 'see what is paused',
    'pause.manage': 'pause servers and agents',
    'overview.read': 'see the overview',
    'audit.read': 'see the audit log',
    'keeping.manage': 'change what is masked and how long it is kept',
    'server.read': 'see servers',
    'server.manage': 'change servers',
    'rule.read': 'see rules',
    'rule.manage': 'change rules',
    'team.read': 'see teams',
    'team.manage': 'manage teams',
    'agent.read': 'see agents',
    'agent.manage': 'manage agents',
    'person.read': 'see people',
    'person.manage': 'manage people',
    'notice.manage': 'manage where notifications go',
  };
  return `${who} can ${verbs[action]}. You are signed in as ${role}.`;
}
