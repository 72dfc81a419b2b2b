import type { ChoiceId } from '@/lib/domain/ids';
import type { AuditDue } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import type { RememberedChoice } from '@/lib/domain/policy/choice';
import type { Models } from '@/server/engine/ports/models';
import type { Choices } from '@/server/engine/ports/policy';
import type { Commit, Store } from '@/server/engine/ports/store';
import type { Upstream, UpstreamConnection, UpstreamInbox } from '@/server/engine/ports/upstream';
import type { Gate } from './gate';

/** The store of one life: a boundary before and after each commit. `committed` hears of what reached the disk. */
export function gatedStore(store: Store, gate: Gate, committed: (batch: readonly Commit[]) => void): Store {
  return gate.mortal(store, {
    commit: async (batch) => {
      const what = wordsOf(batch);
      await gate.pass(`before the commit of ${what}`);
      const outcome = await store.commit(batch);
      if (outcome.ok) committed(batch);
      await gate.pass(`after the commit of ${what}`);
      return outcome;
    },
  });
}

function wordsOf(batch: readonly Commit[]): string {
  const types = batch.flatMap((commit) => commit.events.map((event) => event.type));
  if (types.length > 0) return types.join(' + ');
  return batch.some((commit) => commit.cursors.length > 0) ? 'a cursor' : 'raw messages';
}

/** Real connections of one life: a boundary before and after each opening, restoring and sending. */
export function gatedUpstream(upstream: Upstream, gate: Gate): Upstream {
  return gate.mortal(upstream, {
    open: async (order, inbox) => {
      await gate.pass('before open');
      const outcome = await upstream.open(order, mortalInbox(inbox, gate));
      await gate.pass('after open');
      return outcome.ok ? { ok: true, connection: gatedConnection(outcome.connection, gate) } : outcome;
    },
    restore: (order, inbox) => {
      gate.strike('before restore');
      const outcome = gate.isDead ? null : upstream.restore(order, mortalInbox(inbox, gate));
      gate.strike('after restore');
      // It is not there any more to be surprised by what it gets.
      const connection = outcome?.ok === true ? outcome.connection : ({ facts: order.facts } as UpstreamConnection);
      return outcome?.ok === false ? outcome : { ok: true, connection: gatedConnection(connection, gate) };
    },
  });
}

function mortalInbox(inbox: UpstreamInbox, gate: Gate): UpstreamInbox {
  return gate.mortal(inbox);
}

function gatedConnection(connection: UpstreamConnection, gate: Gate): UpstreamConnection {
  const around = async <T>(what: string, act: () => Promise<T>): Promise<T> => {
    await gate.pass(`before ${what}`);
    const outcome = await act();
    await gate.pass(`after ${what}`);
    return outcome;
  };
  return gate.mortal(connection, {
    sendCall: (call) => around('sendCall', () => connection.sendCall(call)),
    respond: (answer) => around('respond', () => connection.respond(answer)),
    cancelCall: (rpcId, reason) => around('cancelCall', () => connection.cancelCall(rpcId, reason)),
    resume: () => {
      gate.strike('before resume');
      if (!gate.isDead) connection.resume();
      gate.strike('after resume');
    },
  });
}

/** Real time; what was due after the life's end does not happen. */
export function gatedClock(gate: Gate): Clock {
  return {
    now: () => Date.now(),
    after(delayMs, run) {
      const timer = setTimeout(() => {
        if (!gate.isDead) run();
      }, delayMs);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

/** A boundary before and after a choice is kept. `kept` hears of what reached the disk. */
export function gatedChoices(choices: Choices, gate: Gate, kept: (choice: RememberedChoice) => void): Choices {
  return gate.mortal(choices, {
    add: async (choice, act) => {
      await gate.pass('before a choice is kept');
      await choices.add(choice, act);
      kept(choice);
      await gate.pass('after a choice is kept');
    },
  });
}

/** A boundary between the commit of a choice with what is kept of it and its place in the audit log. */
export function gatedAudit(audit: AuditDue, gate: Gate, kept: (choiceId: ChoiceId) => void): AuditDue {
  const waiting: ChoiceId[] = [];
  return {
    gather: () => audit.gather(),
    row: (draft) => {
      if (draft.act === 'choice.remembered') waiting.push(draft.about.id as ChoiceId);
      return audit.row(draft);
    },
    settle: async () => {
      for (const choiceId of waiting.splice(0)) kept(choiceId);
      await gate.pass('before a choice is on record');
      await gate.shield(audit.settle());
    },
  };
}

/** A boundary before and after a model writes. */
export function gatedModels(models: Models, gate: Gate): Models {
  return {
    names: models.names,
    write: async (ask, how) => {
      await gate.pass('before the model writes');
      const reply = await models.write(ask, how);
      await gate.pass('after the model wrote');
      return reply;
    },
  };
}
