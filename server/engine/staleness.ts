import type { HeldCall } from '@/lib/domain/call';
import type { CallId } from '@/lib/domain/ids';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import { approvalOf, permitsOf } from './call-requests';
import type { Connections } from './connections';
import { digestAsked, holdOf } from './holding';
import { bookOf, type EngineParts, type LiveSession, type Outgoing } from './parts';
import { readBack } from './read-back';
import { isChoice } from './remembering';
import { ruleOn } from './ruling';

/** Whether what let a call go still does, asked just before it is sent (I6). */
export class Staleness {
  constructor(
    private readonly parts: EngineParts,
    private readonly connections: Connections,
  ) {}

  /** I6: the same as when it was approved, or first sent; null when nothing changed. */
  async of(
    live: LiveSession,
    sending: { readonly call: HeldCall; readonly outgoing: Outgoing },
  ): Promise<string | null> {
    const { call, outgoing } = sending;
    if (!this.parts.servers.has(call.server)) return `${call.server} was removed meanwhile.`;
    const digest = this.digestToKeep(live, call.callId);
    const isBound = digest !== null || call.runs > 0 || isChoice(call.rule);
    // Asked for again: a server that redefines a tool need not say so.
    const tools = isBound ? await this.connections.freshTools(live, call.server) : null;
    if (tools?.ok === false) return `${tools.message} Whether ${call.tool} is still what it was is not known.`;
    const definition = tools?.value.find((tool) => tool.name === call.tool)?.definition;
    const denial = await this.denialNow(live, { ...sending, definition: definition ?? null });
    if (denial !== null || !isBound) return denial;
    if (definition === undefined)
      return `${call.server} no longer offers ${call.tool}${digest === null ? '' : ', so the approval is void'}.`;
    if (digest === null)
      return (await this.isFirstDefinition(call.callId, definition))
        ? this.askingNow(live, sending, definition)
        : `${call.tool} changed its definition since it was ${isChoice(call.rule) ? 'asked for' : 'first sent'}.`;
    const asked = { server: call.server, tool: call.tool, definition, arguments: outgoing.arguments };
    if (digest === digestAsked(this.parts, asked)) return null;
    return (await this.isFirstDefinition(call.callId, definition))
      ? `The rules changed after ${call.tool} was approved, so the approval is void.`
      : `${call.tool} changed its definition after it was approved, so the approval is void.`;
  }

  /** The rules may have changed since it was let go: a deny always wins, and a choice decides only where it still would. */
  private async denialNow(
    live: LiveSession,
    sending: { readonly call: HeldCall; readonly outgoing: Outgoing; readonly definition: JsonObject | null },
  ): Promise<string | null> {
    const { call, outgoing } = sending;
    const { server, tool, callId } = call;
    const kept = sending.definition ?? (await readBack(this.parts, () => this.parts.store.payload(callId, 'tool')));
    const definition = isJsonObject(kept) ? kept : {};
    const asked = { server, tool, definition, arguments: outgoing.arguments };
    const verdict = ruleOn(this.parts, live, asked);
    if (verdict.decision === 'deny') return `A rule denies it now: ${verdict.rule.words}`;
    if (verdict.decision === 'allow' || !isChoice(call.rule)) return null;
    const now = this.parts.clock.now();
    const { choice } = holdOf(this.parts, live, { asked, verdict, now, patientUntilAt: null });
    return choice?.decision === 'approve'
      ? null
      : 'The remembered choice that let it go does not hold any more. Ask again.';
  }

  /**
   * Time went by while pages were visited, in which rules may have come that ask people about what was let go without
   * them. Who says that a page is done does not let a call go that needs approval.
   */
  private askingNow(
    live: LiveSession,
    { call, outgoing }: { readonly call: HeldCall; readonly outgoing: Outgoing },
    definition: JsonObject,
  ): string | null {
    if (call.turnedBack === 0 || isChoice(call.rule) || isDecidedAnew(live, call.callId)) return null;
    const { server, tool } = call;
    const verdict = ruleOn(this.parts, live, { server, tool, definition, arguments: outgoing.arguments });
    return verdict.decision === 'hold' ? `A rule asks for approval of it now: ${verdict.rule.words} Ask again.` : null;
  }

  /** What an approval was bound to; a person who decided that it goes again decided it anew. */
  private digestToKeep(live: LiveSession, callId: CallId): string | null {
    const { requests } = bookOf(live);
    if (isDecidedAnew(live, callId)) return null;
    const approval = approvalOf(live, callId);
    return approval === null ? null : (requests.get(approval)?.digest ?? null);
  }

  private async isFirstDefinition(callId: CallId, definition: Json): Promise<boolean> {
    const first = await readBack(this.parts, () => this.parts.store.payload(callId, 'tool'));
    return first !== null && canonicalJson(first) === canonicalJson(definition);
  }
}

/** A person said of this very sending that it goes again. */
function isDecidedAnew(live: LiveSession, callId: CallId): boolean {
  return permitsOf(live, callId).some(({ kind }) => kind === 'recovery');
}
