import { isOpenCall } from '@/lib/domain/call';
import { type CallId, readId } from '@/lib/domain/ids';
import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import { done, type Refusal, type Result, refuse } from '@/lib/domain/refusal';
import type { AgentDesk, AgentIdentity, CallOrder, CallStatus } from '@/server/engine/ports/agents';
import { invalidParamsCode } from './http-error';
import { errorOfRefusal, type Reply } from './outcome';

/** What `initialize` says of tasks. */
export const tasksCapability: JsonObject = { list: {}, cancel: {}, requests: { tools: { call: {} } } };

const relatedTask = 'io.modelcontextprotocol/related-task';
const pollIntervalMs = 2_000;
const pageSize = 50;
/** A year: longer than anybody keeps a result, and safe to compute with. */
const ttlMost = 366 * 24 * 60 * 60_000;

/** The `task` of a `tools/call`; null when it is no task. */
export function readTaskOrder(given: Json | undefined): Result<CallOrder['task']> {
  if (given === undefined || given === null) return done(null);
  if (!isJsonObject(given)) return refuse('bad_input', 'task must be an object.');
  const { ttl } = given;
  if (ttl === undefined || ttl === null) return done({ ttlMs: null });
  if (typeof ttl !== 'number' || !Number.isFinite(ttl) || ttl < 0)
    return refuse('bad_input', 'The ttl of a task must be a number of milliseconds.');
  return done({ ttlMs: Math.min(Math.floor(ttl), ttlMost) });
}

/** `CreateTaskResult`. */
export function createdTask(status: CallStatus): Reply {
  return { result: { task: taskOf(status) } };
}

/** The outcome of a task's call, marked as the task's. */
export function withRelatedTask(reply: Reply, taskId: CallId): Reply {
  if (!('result' in reply)) return reply;
  const { _meta } = reply.result;
  return {
    result: { ...reply.result, _meta: { ...(isJsonObject(_meta) ? _meta : {}), [relatedTask]: { taskId } } },
  };
}

export async function getTask(desk: AgentDesk, agent: AgentIdentity, params: JsonObject): Promise<Reply> {
  const status = await statusOf(desk, agent, params);
  return status.ok ? { result: taskOf(status.value) } : taskError(status);
}

export async function cancelTask(desk: AgentDesk, agent: AgentIdentity, params: JsonObject): Promise<Reply> {
  const before = await statusOf(desk, agent, params);
  if (!before.ok) return taskError(before);
  if (!isOpenCall(before.value.call)) return overAlready(before.value);
  const after = await desk.cancel(agent, before.value.callId, 'the agent cancelled the task');
  if (!after.ok) return taskError(after);
  return after.value.call.state === 'cancelled' ? { result: taskOf(after.value) } : overAlready(after.value);
}

export async function listTasks(desk: AgentDesk, agent: AgentIdentity, params: JsonObject): Promise<Reply> {
  const { cursor } = params;
  const after = cursor === undefined || cursor === null ? null : readId('call', cursor);
  if (after === null && cursor !== undefined && cursor !== null)
    return { error: { code: invalidParamsCode, message: 'This cursor is not known.' } };
  // One more than a page says whether there is another.
  const found = await desk.tasks(agent, { after, limit: pageSize + 1 });
  if (!found.ok) return taskError(found);
  const page = found.value.slice(0, pageSize);
  const last = page.at(-1);
  const more = found.value.length > pageSize && last !== undefined ? { nextCursor: last.callId } : {};
  return { result: { tasks: page.map(taskOf), ...more } };
}

/** The call behind `taskId`; one that never was and another agent's read the same (I11). */
export function readTaskId(params: JsonObject): Result<CallId> {
  const callId = readId('call', params['taskId']);
  return callId === null ? refuse('not_found') : done(callId);
}

export function taskError(refusal: Refusal): Reply {
  return refusal.code === 'not_found'
    ? { error: { code: invalidParamsCode, message: 'Task not found.' } }
    : { error: errorOfRefusal(refusal) };
}

async function statusOf(desk: AgentDesk, agent: AgentIdentity, params: JsonObject): Promise<Result<CallStatus>> {
  const callId = readTaskId(params);
  return callId.ok ? desk.status(agent, callId.value) : callId;
}

function overAlready({ call }: CallStatus): Reply {
  return {
    error: { code: invalidParamsCode, message: `Cannot cancel this task: it is over already, ${call.state}.` },
  };
}

function taskOf(status: CallStatus): JsonObject {
  const { callId, words, task, createdAt, changedAt } = status;
  return {
    taskId: callId,
    status: taskStatusOf(status.call),
    statusMessage: words,
    createdAt: new Date(createdAt).toISOString(),
    lastUpdatedAt: new Date(changedAt).toISOString(),
    ttl: task?.ttlMs ?? null,
    pollInterval: pollIntervalMs,
  };
}

/** Never `input_required`: that asks the agent for something, and here a person is asked. */
function taskStatusOf(call: CallStatus['call']): 'working' | 'completed' | 'failed' | 'cancelled' {
  switch (call.state) {
    case 'held':
    case 'working':
    case 'input_required':
      return 'working';
    case 'completed':
      return call.isError ? 'failed' : 'completed';
    case 'cancelled':
      return 'cancelled';
    case 'failed':
    case 'rejected':
    case 'expired':
    case 'indeterminate':
      return 'failed';
  }
}
