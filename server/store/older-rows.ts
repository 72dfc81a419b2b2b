import { unknownPace } from '@/lib/domain/pace';
import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import { plainTerms } from '@/lib/domain/policy/approval';

/**
 * Bodies of an earlier release, completed by what their absent fields meant then. Each takes the
 * present shape through unchanged, for it is the usual one.
 */
export function completeSession(session: JsonObject): JsonObject {
  return 'protocolVersion' in session ? session : { ...session, protocolVersion: '' };
}

/** No request was for a team; every tool was judged alike. */
export function completeSummary(summary: JsonObject): JsonObject {
  const known: JsonObject = { teams: [], away: [], ...summary };
  if ('waits' in known) return known;
  const { verdict, ...rest } = known;
  return { ...rest, waits: waitsOfVerdict(isJsonObject(verdict) ? verdict : {}, known['lastEventAt']), limit: null };
}

const plainPace: JsonObject = { ...unknownPace } as unknown as JsonObject;

function waitsOfVerdict({ on, ...wait }: JsonObject, lastEventAt: Json | undefined): JsonObject {
  return {
    person: on === 'person' ? wait : null,
    model: on === 'model' ? wait : null,
    servers: on === 'server' ? [{ ...wait, pace: plainPace }] : [],
    quietSinceAt: lastEventAt ?? 0,
  };
}

/** A call was sent at most once, and its agent waited to the end. */
export function completeCall(call: JsonObject): JsonObject {
  const facts = 'runs' in call ? call : { ...call, runs: runsOf(call) };
  const met = 'agentLeft' in facts ? facts : { ...facts, agentLeft: null };
  const whole = 'sampling' in met ? met : { ...met, edited: false, ...plainQuestions };
  const field = fieldOfState(whole['state']);
  const held = withTurns(field === null || field in whole ? whole : { ...whole, [field]: null });
  return field === 'resultLost' && !('pace' in held) ? { ...held, ...plainSending } : held;
}

/** No call was turned back, and of one that was cut off it was never said that it had not run. */
function withTurns(call: JsonObject): JsonObject {
  if ('turnedBack' in call) return call;
  const isCutOff = Number(call['runs']) > 1 || isJsonObject(call['interrupted']);
  return { ...call, turnedBack: 0, mayHaveRun: isCutOff };
}

/** A server's questions were for everyone, and people wrote what it asked a model for. */
const plainQuestions: JsonObject = { questionsTeam: null, sampling: 'person' };

/** Nothing was known of its tool, and nobody gave it up. */
const plainSending: JsonObject = { pace: plainPace, limits: [] };

function runsOf(call: JsonObject): number {
  switch (call['state']) {
    case 'held':
      return 0;
    case 'working':
    case 'input_required':
      return 1;
    default:
      return isJsonObject(call['sent']) ? 1 : 0;
  }
}

function fieldOfState(state: Json | undefined): 'interrupted' | 'resultLost' | null {
  if (state === 'held') return 'interrupted';
  return state === 'working' || state === 'input_required' ? 'resultLost' : null;
}

/** Every request was for everyone, and one person decided it. */
export function completeRequest(request: JsonObject): JsonObject {
  const asked = completeAsked(request);
  const whole = 'votes' in asked ? asked : { ...asked, votes: [], edited: [], notes: 0 };
  const answer = whole['answer'];
  if (!isJsonObject(answer) || 'tookMs' in answer) return whole;
  return { ...whole, answer: { ...answer, ...plainAnswer } };
}

const plainAnswer: JsonObject = { tookMs: null, remember: null, usage: null };

/** What a request's row and the event that opened it have in common. */
function completeAsked(asked: JsonObject): JsonObject {
  const known = 'earlier' in asked ? asked : { ...asked, earlier: null };
  if ('writer' in known) return known;
  const approval = known['kind'] === 'approval' ? (plainTerms as unknown as JsonObject) : null;
  return { ...known, team: null, alsoTeams: [], assignedTo: null, approval, writer: 'person' };
}

export function completeEvent(event: JsonObject): JsonObject {
  switch (event['type']) {
    case 'session.started':
      return completeSession(event);
    case 'call.received':
      return 'sampling' in event ? event : { ...event, ...plainQuestions };
    case 'call.sent':
      return 'pace' in event ? event : { ...event, ...plainSending };
    case 'request.opened':
      return completeAsked(event);
    case 'request.answered':
      return 'tookMs' in event ? event : { ...event, as: null, ...plainAnswer };
    default:
      return event;
  }
}
