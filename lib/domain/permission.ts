import type { PersonId } from './ids';

export type Role = 'admin' | 'approver' | 'observer';
export const roles: readonly Role[] = ['admin', 'approver', 'observer'];

export type Action =
  | 'queue.read'
  | 'request.read'
  | 'request.claim'
  | 'request.answer'
  | 'session.read'
  | 'session.raw'
  | 'session.end'
  | 'server.read'
  | 'rule.read'
  | 'agent.read'
  | 'agent.manage'
  | 'person.read'
  | 'person.manage';

/** Who may do what: the one table, checked at the engine for HTTP, WebSocket and MCP alike (I11). */
export const permissions: { readonly [A in Action]: readonly Role[] } = {
  'queue.read': ['admin', 'approver', 'observer'],
  'request.read': ['admin', 'approver', 'observer'],
  'request.claim': ['admin', 'approver'],
  'request.answer': ['admin', 'approver'],
  'session.read': ['admin', 'approver', 'observer'],
  'session.raw': ['admin', 'approver', 'observer'],
  'session.end': ['admin'],
  'server.read': ['admin'],
  'rule.read': ['admin'],
  'agent.read': ['admin'],
  'agent.manage': ['admin'],
  'person.read': ['admin'],
  'person.manage': ['admin'],
};

/** A person who is signed in. */
export interface Person {
  readonly id: PersonId;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

export function may(role: Role, action: Action): boolean {
  return permissions[action].includes(role);
}

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
    'session.read': 'see sessions',
    'session.raw': 'see raw messages',
    'session.end': 'end sessions',
    'server.read': 'see servers',
    'rule.read': 'see rules',
    'agent.read': 'see agents',
    'agent.manage': 'manage agents',
    'person.read': 'see people',
    'person.manage': 'manage people',
  };
  return `${who} can ${verbs[action]}. You are signed in as ${role}.`;
}
