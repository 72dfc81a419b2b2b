import { describe, expect, it } from 'vitest';
import type { PersonId, TeamId } from '@/lib/domain/ids';
import {
  type Action,
  may,
  permissions,
  type Person,
  type Role,
  roles,
  type Routed,
  standsInFor,
} from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';

/** Written out once more, apart from the code: a change of either must be a change of both (I11). */
const table: { readonly [A in Action]: { readonly [R in Role]: 'yes' | 'no' } } = {
  'queue.read': { admin: 'yes', approver: 'yes', observer: 'yes' },
  'request.read': { admin: 'yes', approver: 'yes', observer: 'yes' },
  'request.claim': { admin: 'yes', approver: 'yes', observer: 'no' },
  'request.answer': { admin: 'yes', approver: 'yes', observer: 'no' },
  'request.edit': { admin: 'yes', approver: 'yes', observer: 'no' },
  'request.assign': { admin: 'yes', approver: 'yes', observer: 'no' },
  'request.note': { admin: 'yes', approver: 'yes', observer: 'yes' },
  'request.draft': { admin: 'yes', approver: 'yes', observer: 'no' },
  'choice.read': { admin: 'yes', approver: 'yes', observer: 'no' },
  'choice.revoke': { admin: 'yes', approver: 'yes', observer: 'no' },
  'session.read': { admin: 'yes', approver: 'yes', observer: 'yes' },
  'session.raw': { admin: 'yes', approver: 'yes', observer: 'yes' },
  'session.end': { admin: 'yes', approver: 'no', observer: 'no' },
  'call.cancel': { admin: 'yes', approver: 'no', observer: 'no' },
  'value.reveal': { admin: 'yes', approver: 'no', observer: 'no' },
  'pause.read': { admin: 'yes', approver: 'yes', observer: 'yes' },
  'pause.manage': { admin: 'yes', approver: 'no', observer: 'no' },
  'overview.read': { admin: 'yes', approver: 'yes', observer: 'yes' },
  'audit.read': { admin: 'yes', approver: 'no', observer: 'no' },
  'keeping.manage': { admin: 'yes', approver: 'no', observer: 'no' },
  'server.manage': { admin: 'yes', approver: 'no', observer: 'no' },
  'server.read': { admin: 'yes', approver: 'no', observer: 'no' },
  'rule.read': { admin: 'yes', approver: 'no', observer: 'no' },
  'rule.manage': { admin: 'yes', approver: 'no', observer: 'no' },
  'team.read': { admin: 'yes', approver: 'yes', observer: 'yes' },
  'team.manage': { admin: 'yes', approver: 'no', observer: 'no' },
  'agent.read': { admin: 'yes', approver: 'no', observer: 'no' },
  'agent.manage': { admin: 'yes', approver: 'no', observer: 'no' },
  'person.read': { admin: 'yes', approver: 'no', observer: 'no' },
  'person.manage': { admin: 'yes', approver: 'no', observer: 'no' },
  'notice.manage': { admin: 'yes', approver: 'no', observer: 'no' },
};
const actions = Object.keys(table) as readonly Action[];
const cells = actions.flatMap((action) => roles.map((role) => ({ role, action, answer: table[action][role] })));

describe('who may do what', () => {
  it('is told in full', () => {
    expect([...actions].sort()).toEqual(Object.keys(permissions).sort());
    expect([...roles].sort()).toEqual(['admin', 'approver', 'observer']);
  });

  it.each(cells)('$role, $action: $answer (I11)', ({ role, action, answer }) => {
    expect(may(role, action)).toBe(answer === 'yes');
    const others = table[action].approver === 'yes' ? 'Only approvers and admins can ' : 'Only admins can ';
    const words = new RegExp(`^${others}[a-z ]+\\. You are signed in as ${role}\\.$`);
    expect(whyNot(role, action) ?? 'they may').toMatch(answer === 'yes' ? /^they may$/ : words);
  });
});

describe('for whom someone sees a request', () => {
  const who = (id: string, name: string): { readonly id: PersonId; readonly name: string } => ({
    id: `per_${id}` as PersonId,
    name,
  });
  const payments = { id: 'payments' as TeamId, name: 'Payments' };
  const cleo: Person = {
    ...who('cleo', 'Cleo Park'),
    email: 'cleo.park@example.com',
    role: 'approver',
    teams: ['platform' as TeamId],
    covers: [{ person: who('ben', 'Ben Okoro'), teams: [payments.id] }],
  };
  const routed: Routed = { team: payments, alsoTeams: [], assignedTo: null };
  const names = (person: Person, to: Routed): readonly string[] => standsInFor(person, to).map(({ name }) => name);

  it('names whom they stand in for, where it would not be theirs otherwise', () => {
    expect(names(cleo, routed)).toEqual(['Ben Okoro']);
    expect(
      names(cleo, { ...routed, team: { id: 'other' as TeamId, name: 'Other' }, assignedTo: who('ben', 'Ben Okoro') }),
    ).toEqual(['Ben Okoro']);
  });

  it('names nobody where it is theirs anyway, or nobody’s in particular', () => {
    expect(names(cleo, { ...routed, team: null })).toEqual([]);
    expect(names({ ...cleo, teams: [payments.id] }, routed)).toEqual([]);
    expect(names({ ...cleo, role: 'admin' }, routed)).toEqual([]);
    expect(names({ ...cleo, covers: [] }, routed)).toEqual([]);
  });
});
