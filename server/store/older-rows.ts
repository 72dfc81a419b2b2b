import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';

/**
 * Bodies of an earlier release, completed by what their absent fields meant then. Each takes the
 * present shape through unchanged, for it is the usual one.
 */
export function completeSession(session: JsonObject): JsonObject {
  return 'protocolVersion' in session ? session : { ...session, protocolVersion: '' };
}

/** A call was sent at most once, and its agent waited to the end. */
export function completeCall(call: JsonObject): JsonObject {
  const facts = 'runs' in call ? call : { ...call, runs: runsOf(call) };
  const whole = 'agentLeft' in facts ? facts : { ...facts, agentLeft: null };
  const field = fieldOfState(whole['state']);
  return field === null || field in whole ? whole : { ...whole, [field]: null };
}

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

export function completeRequest(request: JsonObject): JsonObject {
  return 'earlier' in request ? request : { ...request, earlier: null };
}

export function completeEvent(event: JsonObject): JsonObject {
  switch (event['type']) {
    case 'session.started':
      return completeSession(event);
    case 'request.opened':
      return completeRequest(event);
    default:
      return event;
  }
}
