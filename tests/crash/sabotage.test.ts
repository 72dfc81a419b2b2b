import { describe, expect, it } from 'vitest';
import { isJsonObject } from '@/lib/domain/json';
import type { EventType } from '@/lib/domain/event';
import type { Commit } from '@/server/engine/ports/store';
import type { UpstreamConnection, UpstreamInbox } from '@/server/engine/ports/upstream';
import { runThrough, withTemplate } from './enumerate';
import type { KillAt } from './gate';
import { overlay } from './overlay';
import { type DeskPlay, desks, kinds, type Scenario } from './scenarios';
import { type Tamper, World } from './world';

function scenario(name: string): Scenario {
  const found = [...kinds, ...desks].find((kind) => kind.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
}

const plain = scenario('a call without a question');
const form = scenario('form');

/** Connections that lie. */
function lying(how: (connection: UpstreamConnection) => Partial<UpstreamConnection>): Tamper {
  return ({ upstream, ...others }) => ({
    ...others,
    upstream: overlay(upstream, {
      open: async (order, inbox) => {
        const outcome = await upstream.open(order, inbox);
        return outcome.ok ? { ok: true, connection: overlay(outcome.connection, how(outcome.connection)) } : outcome;
      },
    }),
  });
}

/** Servers that are misheard. */
function mishearing(how: (inbox: UpstreamInbox) => Partial<UpstreamInbox>): Tamper {
  return ({ upstream, ...others }) => ({
    ...others,
    upstream: overlay(upstream, { open: (order, inbox) => upstream.open(order, overlay(inbox, how(inbox))) }),
  });
}

/** A database that says it saved this, and did not. */
function forgetting(type: EventType): Tamper {
  const keeps = (commit: Commit): boolean => !commit.events.some((event) => event.type === type);
  return ({ store, ...others }) => ({
    ...others,
    store: overlay(store, { commit: (batch) => store.commit(batch.filter(keeps)) }),
  });
}

/** A disk that gives other arguments back than were written. */
const otherArguments: Tamper = ({ store, ...others }) => ({
  ...others,
  store: overlay(store, {
    payload: async (owner, kind) => {
      const body = await store.payload(owner, kind);
      return kind === 'edited' && body !== null ? { key: 'first', note: 'once' } : body;
    },
  }),
});

/** A play that was meant otherwise than it goes: what the engine does is then what must not be. */
function meant(name: string, otherwise: Partial<DeskPlay>): Scenario {
  const played = scenario(name);
  if (played.desk === null) throw new Error(`${name} has no desk`);
  return { ...played, desk: { ...played.desk, ...otherwise } };
}

const other = { action: 'accept', content: { value: 'something nobody said' } };

interface Sabotage {
  readonly name: string;
  readonly scenario: Scenario;
  readonly tamper: Tamper;
  readonly kills: readonly KillAt[];
  readonly finds: RegExp;
}

const sabotages: readonly Sabotage[] = [
  {
    name: 'I3: a call is sent twice',
    scenario: plain,
    tamper: lying((connection) => ({
      sendCall: async (call) => {
        await connection.sendCall({ ...call, rpcId: `${call.rpcId}-again` });
        return connection.sendCall(call);
      },
    })),
    kills: [],
    finds: /I3: it ran 2 times and was recorded as sent 1 times/,
  },
  {
    name: 'I4: it goes again by itself although nobody said that it may',
    scenario: { ...scenario('a call that is safe to repeat'), repeatable: false },
    tamper: (outlets) => outlets,
    kills: ['the tool started'],
    finds: /I4: it went again by itself/,
  },
  {
    name: 'I5: an answer arrives with other content',
    scenario: form,
    tamper: lying((connection) => ({
      respond: (answer) => connection.respond('result' in answer ? { rpcId: answer.rpcId, result: other } : answer),
    })),
    kills: [],
    finds: /I5: a form request was answered with .*something nobody said/,
  },
  {
    name: 'I5: an answer is called delivered and stays where it is',
    scenario: form,
    tamper: lying(() => ({ respond: () => Promise.resolve({ ok: true, status: 202 }) })),
    kills: [],
    finds: /I5: the agent was never told an outcome/,
  },
  {
    name: 'I2: an answer is called saved and is not on the disk',
    scenario: form,
    tamper: forgetting('request.answered'),
    kills: ['the server has the answer'],
    finds: /I5: the answer to the form request was called saved and is not|I15/,
  },
  {
    name: 'I15: an event is missing',
    scenario: plain,
    tamper: forgetting('connection.ready'),
    kills: [],
    finds: /I15: event \d+, [a-z._]+, does not fold/,
  },
  {
    name: 'the agent is told another result',
    scenario: plain,
    tamper: mishearing((inbox) => ({
      callResult: (given, arrival) =>
        inbox.callResult({ ...given, result: { content: [], structuredContent: { written: 7 } } }, arrival),
    })),
    kills: [],
    finds: /the agent was told .*"written":7.*, the server says/,
  },
  {
    name: 'I6: fewer people than needed let it go',
    scenario: meant('two people approve', { voters: 3 }),
    tamper: (outlets) => outlets,
    kills: [],
    finds: /I6: it was let go by 2 of 3 people/,
  },
  {
    name: 'I6: it runs with what the agent asked and not with what was approved',
    scenario: scenario('an edit between two votes'),
    tamper: otherArguments,
    kills: ['after the commit of request.edited'],
    finds: /void|I6: it ran with/,
  },
  {
    name: 'I6: it runs with other arguments, sent by a connection that lies',
    scenario: scenario('an edit between two votes'),
    tamper: lying((connection) => ({
      sendCall: (call) => connection.sendCall({ ...call, arguments: { key: 'first', note: 'once' } }),
    })),
    kills: [],
    finds: /I6: it ran with \{"key":"first","note":"once"\}/,
  },
  {
    name: 'I6: the digest is of something else',
    scenario: meant('an edit between two votes', { edit: { key: 'first', note: 'edited' }, voters: 2 }),
    tamper: ({ store, ...others }) => ({
      ...others,
      store: overlay(store, {
        payload: async (owner, kind) => {
          const body = await store.payload(owner, kind);
          return kind === 'tool' && isJsonObject(body) ? { ...body, description: 'Something else.' } : body;
        },
      }),
    }),
    kills: [],
    finds: /I6: the digest of the approval does not fit/,
  },
  {
    name: 'I5: a vote that was called saved is lost',
    scenario: scenario('two people approve'),
    tamper: forgetting('request.voted'),
    kills: [],
    finds: /no rest: approval request open/,
  },
  {
    name: 'I5: an escalation does not come',
    scenario: meant('two people approve', { escalates: true }),
    tamper: (outlets) => outlets,
    kills: [],
    finds: /I5: it was escalated 0 times/,
  },
  {
    name: 'I6: a deadline lets it go where somebody should have been asked',
    scenario: meant('a deadline that allows, due while nobody is there', { silent: true, voters: 1, escalates: true }),
    tamper: (outlets) => outlets,
    kills: [],
    finds: /I5: it was escalated 0 times/,
  },
  {
    name: 'the model’s words arrive otherwise than they are on record',
    scenario: scenario('a model writes'),
    tamper: lying((connection) => ({
      respond: (answer) =>
        connection.respond(
          'result' in answer
            ? { rpcId: answer.rpcId, result: { ...answer.result, content: { type: 'text', text: 'other words' } } }
            : answer,
        ),
    })),
    kills: [],
    finds: /I5: a sampling request was answered with .*other words/,
  },
  {
    name: 'I5: a choice that was kept is forgotten by the next life',
    scenario: scenario('a remembered choice, and the same call again'),
    tamper: ({ choices, ...others }) => ({ ...others, choices: overlay(choices, { add: async () => undefined }) }),
    kills: ['after a choice is kept'],
    finds: /I5: a choice that was kept in an earlier life is forgotten/,
  },
];

describe('what is done wrong on purpose is found', () => {
  it.each(sabotages)('$name', async ({ scenario: played, tamper, kills, finds }) => {
    const run = await withTemplate(async (template) => {
      const world = await World.create(played, template);
      world.tamper = tamper;
      world.restWithinMs = 4_000;
      return runThrough(world, kills);
    });
    expect(run.findings.join('\n')).toMatch(finds);
  });

  it('and nothing is found where nothing is wrong', async () => {
    const runs = await withTemplate((template) =>
      Promise.all([plain, form].map(async (played) => runThrough(await World.create(played, template), []))),
    );
    expect(runs.flatMap((run) => run.findings)).toEqual([]);
  });
});
