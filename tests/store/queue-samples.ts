import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { mintId, type SessionId } from '@/lib/domain/ids';
import type { HoldRequest, RequestFacts } from '@/lib/domain/request';
import type { QueueQuery } from '@/server/engine/ports/store';
import { lookOf, nowAt, personId, team } from './queue-model';
import { requestOf } from './samples';

/** Random requests and looks of few values, so that they meet, and of names that hold one another. */
const teams = ['Pay', 'Payments', 'pay-2', 'y', 'Security'].map(team);
const people = ['ada', 'Grace', 'ad', 'a_a'].map((name) => ({ id: personId(name), name }));
const words = ['Refund', '50%', 'a_b', 'aXb', 'back\\slash', 'Élan', 'refund', "o'clock", '\u0000', 'İ'];
const kinds = ['form', 'url', 'approval', 'sampling', 'recovery'] as const;
const risks = ['read_only', 'writes', 'destructive'] as const;
const states = ['open', 'open', 'open', 'answered', 'delivered', 'undelivered', 'expired', 'withdrawn'] as const;

const agents = ['Night shift', 'oncall_copilot', '50% agent'] as const;
const instant = fc.integer({ min: -4, max: 12 }).map((step) => nowAt + step * 60_000);
const title = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 }).map((chosen) => chosen.join(' '));

const facts: fc.Arbitrary<Partial<RequestFacts>> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    risk: fc.constantFrom(...risks),
    title,
    server: fc.constantFrom('files', 'kitchen', 'Élan'),
    tool: fc.constantFrom(null, 'write', 're%fund'),
    team: fc.option(fc.constantFrom(...teams)),
    alsoTeams: fc.uniqueArray(fc.constantFrom(...teams), { maxLength: 2 }),
    assignedTo: fc.option(fc.constantFrom(...people), { freq: 2 }),
    writer: fc.constantFrom('person', 'person', 'person', 'model'),
    deadline: instant.map((at) => ({ at, cause: 'default', reason: 'as configured', onExpiry: 'deny' }) as const),
  })
  .map((made): Partial<RequestFacts> => made);

const choices = fc.array(
  fc.record({
    facts,
    state: fc.constantFrom(...states),
    openedAt: instant,
    claim: fc.option(fc.record({ by: fc.constantFrom(...people), untilAt: instant }), { freq: 2 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** The same ids for the same seed, in no order. */
const bytesOf = (name: string) => (): Uint8Array => createHash('sha256').update(name).digest().subarray(0, 12);

interface SessionOfRequests {
  readonly sessionId: SessionId;
  readonly agent: string;
  readonly requests: readonly HoldRequest[];
}

/** Requests of one session, so of one agent. */
export const sessionsOfRequests: fc.Arbitrary<readonly SessionOfRequests[]> = fc
  .array(fc.record({ agent: fc.constantFrom(...agents), choices }), { minLength: 1, maxLength: 4 })
  .map((sessions) =>
    sessions.map(({ agent, choices: chosen }, at) => {
      const sessionId = mintId('session', bytesOf(`${at}`));
      const requests = chosen.map((choice, nth) =>
        requestOf(sessionId, mintId('request', bytesOf(`${at}/${nth}`)), choice),
      );
      return { sessionId, agent, requests };
    }),
  );

const someTeams = fc.uniqueArray(fc.constantFrom(...teams.map(({ id }) => id)), { maxLength: 3 });
const somePeople = fc.uniqueArray(fc.constantFrom(...people.map(({ id }) => id)), { maxLength: 2 });

export const queries: fc.Arbitrary<QueueQuery> = fc
  .record({
    look: fc.record({
      view: fc.constantFrom('mine', 'teams', 'expiring', 'open', 'answered', 'open'),
      text: fc.oneof(
        { weight: 3, arbitrary: fc.constant('') },
        fc
          .array(fc.constantFrom(...words.filter((word) => word !== '\u0000'), 'night', 'PAY', '_', 'req_', 'zzz'), {
            maxLength: 2,
          })
          .map((chosen) => chosen.join('  ')),
      ),
      kinds: fc.oneof(fc.constant([]), fc.uniqueArray(fc.constantFrom(...kinds), { maxLength: 3 })),
      risks: fc.oneof(fc.constant([]), fc.uniqueArray(fc.constantFrom(...risks), { maxLength: 2 })),
      teams: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, someTeams),
      order: fc.constantFrom('deadline', 'opened'),
    }),
    visible: fc.oneof(fc.constant('all' as const), fc.record({ teams: someTeams, people: somePeople })),
    me: fc.record({ claims: fc.constantFrom(...people.map(({ id }) => id)), assigned: somePeople, teams: someTeams }),
    limit: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ look, ...rest }) => ({ ...lookOf(look), ...rest }));
