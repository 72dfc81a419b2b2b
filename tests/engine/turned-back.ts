import type { CallId, SessionId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { HoldRequest } from '@/lib/domain/request';
import type { RpcError, SessionEvent } from '@/lib/domain/event';
import { ruleOf, TestPolicy } from '@/tests/support/desk';
import { ScriptedUpstream } from './scripted-upstream';
import { person, type PlacedCall, Workplace, type WorkplaceOptions } from './workplace';

export const allowAll = ruleOf({ id: 'all', decision: 'allow' });
export const holdAll = ruleOf({ id: 'hold', decision: 'hold' });
export const nowhere = { callRpcId: null, place: null };
export const admin = person('admin', 'Mika Laine');
export const places: Workplace[] = [];

export async function closeAll(): Promise<void> {
  for (const place of places.splice(0)) await place.close();
}

export interface Life {
  readonly place: Workplace;
  readonly upstream: ScriptedUpstream;
}

export interface TurnedCall extends PlacedCall {
  readonly session: SessionId;
  readonly callId: CallId;
  /** In the order of its pages. */
  readonly asked: readonly HoldRequest[];
}

export type Given = Omit<Partial<WorkplaceOptions>, 'policy'> & { readonly policy?: TestPolicy };

export async function setUp(given: Given = {}): Promise<Life> {
  const upstream = new ScriptedUpstream();
  const transport = { kind: 'http' as const, url: 'http://127.0.0.1:1/mcp', headers: {}, sign: null };
  const servers = ['kitchen', 'pantry'].map((name) => ({ name, transport, trusted: false }));
  const place = await Workplace.open({ servers, upstream, policy: new TestPolicy([allowAll]), ...given });
  places.push(place);
  return { place, upstream };
}

export function page(elicitationId: string, more: JsonObject = {}): JsonObject {
  const url = `https://accounts.example.com/allow/${elicitationId}`;
  return { mode: 'url', message: `Allow ${elicitationId}.`, url, elicitationId, ...more };
}

export function required(pages: readonly JsonObject[], message = 'Two permissions are needed first'): RpcError {
  return { code: -32_042, message, data: { elicitations: pages, hint: 'for your client' } };
}

/** The server turns a sending back. */
export function turnBack(upstream: ScriptedUpstream, rpcId: string, ...pages: readonly JsonObject[]): Promise<void> {
  return upstream.to().inbox.callError({ rpcId, error: required(pages) }, { callRpcId: rpcId, place: null });
}

export async function types(place: Workplace, session: SessionId): Promise<readonly string[]> {
  return (await place.events(session)).map(({ type }) => type);
}

export function isEvent(type: string): (event: SessionEvent) => boolean {
  return (event) => event.type === type;
}

export function titled(title: string): (request: HoldRequest) => boolean {
  return (request) => request.title === title;
}

/** A call that was sent and turned back, and its open requests in the order of its pages. */
export async function turned(life: Life, ...ids: readonly string[]): Promise<TurnedCall> {
  const { place, upstream } = life;
  const session = await place.session();
  const call = place.call(session, 'work', { note: 'once' });
  const callId = await call.received;
  await place.untilEvent(session, isEvent('call.sent'));
  await turnBack(upstream, callId, ...ids.map((id) => page(id)));
  const asked: HoldRequest[] = [];
  for (const id of ids) asked.push(await place.opened(titled(`Allow ${id}.`)));
  return { ...call, session, callId, asked };
}

export async function sentAgain(place: Workplace, session: SessionId, run: number): Promise<void> {
  await place.untilEvent(session, (event) => event.type === 'call.sent' && event.rpcId.endsWith(`.${run}`));
}
