import type { Question } from '@/tests/chaos/world';
import { type CallRecord, interruptions, type WorldIndex } from './index-of-world';
import type { Violation } from './violation';
import { isPageFirst } from './answers';

/** What servers ran against what they were allowed to run. */
export function checkExecutions(index: WorldIndex): readonly Violation[] {
  return index.calls.flatMap((call) => [...unexplained(index, call), ...notApproved(call), ...notVisited(call)]);
}

/** I3, I4: a second run needs a person's word, a tool that is safe to repeat, or an agent that asked twice. */
function unexplained(index: WorldIndex, call: CallRecord): readonly Violation[] {
  const distinct = call.sends.filter((send) => !send.keyed).length + (call.sends.some((send) => send.keyed) ? 1 : 0);
  const again = saidOf(call, 'recovery').filter((saying) => saying.choice === 'run_again');
  const isRepeatable = call.server.repeatable.includes(call.tool);
  const firstAt = call.executions[0]?.at ?? 0;
  return call.executions.flatMap((execution, position): readonly Violation[] => {
    const asked = again.filter((saying) => saying.saidAt <= execution.at).length;
    const struck = isRepeatable
      ? interruptions(index.world, call.server.name, { fromAt: firstAt, toAt: execution.at }).length
      : 0;
    if (position < distinct + asked + struck) return [];
    const words = `${call.tool} of ${call.server.name} ran ${position + 1} times; ${asked} repeats were asked for by a person, ${struck} excused by an interruption`;
    return [{ kind: 'unexplained_execution', subject: call.mark, words }];
  });
}

/** I6: a held tool runs only after a person said yes. */
function notApproved(call: CallRecord): readonly Violation[] {
  if (!call.server.held.includes(call.tool)) return [];
  const approvals = saidOf(call, 'approval').filter((saying) => saying.answer.action === 'accept');
  return call.executions.flatMap((execution): readonly Violation[] => {
    if (approvals.some((saying) => saying.saidAt <= execution.at)) return [];
    const words = `${call.tool} is held for a person and ran without an approval saved before it`;
    return [{ kind: 'executed_though_not_approved', subject: call.mark, words }];
  });
}

/** I3: what was turned back for a page goes again only after a person said that it was visited. */
function notVisited(call: CallRecord): readonly Violation[] {
  if (!call.questions.some(isPageFirst) || call.sends.some((send) => !send.keyed)) return [];
  const visits = saidOf(call, 'url').filter((saying) => saying.answer.action === 'accept');
  return call.executions.flatMap((execution): readonly Violation[] => {
    if (visits.some((saying) => saying.saidAt <= execution.at)) return [];
    const words = `${call.tool} waits for a page and ran before anybody said that it was visited`;
    return [{ kind: 'executed_though_not_approved', subject: call.mark, words }];
  });
}

export function saidOf(call: CallRecord, kind: Question['kind']): CallRecord['saved'] {
  const ids = new Set(call.questions.filter((question) => question.kind === kind).map(({ requestId }) => requestId));
  return call.saved.filter((saying) => ids.has(saying.requestId));
}
