import { randomBytes } from 'node:crypto';
import type { AuditDraft } from '@/lib/domain/audit';
import { type PersonId, type RandomBytes, readTeamId, type TeamId } from '@/lib/domain/ids';
import { type EndpointRow, type NoticeKind, noticeKinds, type TeamChannel } from '@/lib/domain/notice';
import type { AuditDue } from '@/server/engine/ports/audit';
import { foundAfter } from '@/server/engine/ports/lost-word';
import { mintLocalId } from './delivery';
import type { Seal } from './seal';
import { type EndpointTable, type NotifyDb, readInstant } from './tables';

/** A place to post to, with what that takes. */
export interface Endpoint extends EndpointRow {
  /** Null when it was sealed with another secret than the server has now. */
  readonly url: string | null;
  /** `whsec_…`, of webhooks. */
  readonly secret: string | null;
  readonly failures: number;
  readonly failingSinceAt: number | null;
}

export interface NewEndpoint {
  readonly kind: TeamChannel;
  readonly team: TeamId | null;
  readonly url: string;
  readonly shown: string;
  readonly kinds: readonly NoticeKind[];
  readonly createdBy: PersonId;
  readonly at: number;
}

interface Parts {
  readonly db: NotifyDb;
  readonly seal: Seal;
  readonly random: RandomBytes;
  /** Keeps who added, enabled and removed places; without it nothing is kept. */
  readonly audit?: AuditDue;
}

/** How a place stands once a change is on disk. */
type End = 'there' | 'enabled' | 'gone';

/** Nothing went wrong with it since it was made, or enabled. */
const well = { disabledAt: null, disabledWhy: null, failures: 0, failingSinceAt: null } as const;

/** What the audit log keeps of a change. */
type ActOf = (endpoint: Endpoint) => AuditDraft;

/** The Standard Webhooks specification: 24 to 64 random bytes in base64 after `whsec_`. */
const secretBytes = 32;

/** Where Slack messages and webhooks go; few, so they are kept in memory. Addresses and secrets are sealed at rest. */
export class EndpointStore {
  private readonly endpoints = new Map<string, Endpoint>();

  constructor(private readonly parts: Parts) {}

  async load(): Promise<void> {
    const rows = await this.parts.db
      .selectFrom('hp_endpoint')
      .selectAll()
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    for (const row of rows) this.endpoints.set(row.id, endpointOf(row, this.parts.seal));
  }

  all(): readonly Endpoint[] {
    return [...this.endpoints.values()];
  }

  find(id: string): Endpoint | null {
    return this.endpoints.get(id) ?? null;
  }

  /** On disk with its act when this resolves, both or neither. */
  async add(order: NewEndpoint, actOf: ActOf): Promise<Endpoint> {
    const { seal, random } = this.parts;
    const id = mintLocalId('end', random);
    const secret = order.kind === 'webhook' ? `whsec_${randomBytes(secretBytes).toString('base64')}` : null;
    const row: EndpointTable = {
      id,
      kind: order.kind,
      team: order.team,
      url_sealed: seal.seal(order.url, `${id}:url`),
      url_shown: order.shown,
      secret_sealed: secret === null ? null : seal.seal(secret, `${id}:secret`),
      kinds: JSON.stringify(order.kinds),
      created_by: order.createdBy,
      created_at: order.at,
      disabled_at: null,
      disabled_why: null,
      failures: 0,
      failing_since: null,
    };
    const endpoint = endpointOf(row, seal);
    await this.known({ id, end: 'there', act: actOf(endpoint) }, async (trx) => {
      await trx.insertInto('hp_endpoint').values(row).execute();
    });
    this.endpoints.set(id, endpoint);
    await this.parts.audit?.settle();
    return endpoint;
  }

  async remove(endpoint: Endpoint, actOf: ActOf): Promise<void> {
    const { id } = endpoint;
    await this.known({ id, end: 'gone', act: actOf(endpoint) }, async (trx) => {
      await trx.deleteFrom('hp_endpoint').where('id', '=', id).execute();
    });
    this.endpoints.delete(id);
    await this.parts.audit?.settle();
  }

  private async known(
    what: { readonly id: string; readonly end: End; readonly act: AuditDraft },
    change: (trx: NotifyDb) => Promise<void>,
  ): Promise<void> {
    const { db, audit } = this.parts;
    const write = async (trx: NotifyDb): Promise<true> => {
      await change(trx);
      if (audit !== undefined) await trx.insertInto('hp_audit_due').values(audit.row(what.act)).execute();
      return true;
    };
    await foundAfter(
      () => db.transaction().execute(write),
      async () => ((await this.stands(what)) ? true : null),
    );
  }

  private async stands({ id, end }: { readonly id: string; readonly end: End }): Promise<boolean> {
    const found = this.parts.db.selectFrom('hp_endpoint').select('disabled_at').where('id', '=', id);
    const row = await found.executeTakeFirst();
    if (end === 'gone') return row === undefined;
    return row !== undefined && (end === 'there' || row.disabled_at === null);
  }

  disable(id: string, at: number, why: string): Promise<void> {
    return this.change(id, { disabledAt: at, disabledWhy: why });
  }

  /** Tried again from here; on disk with its act, both or neither. */
  async enable(endpoint: Endpoint, actOf: ActOf): Promise<void> {
    const { id } = endpoint;
    const enabled = { ...endpoint, ...well };
    await this.known({ id, end: 'enabled', act: actOf(endpoint) }, async (trx) => {
      await trx.updateTable('hp_endpoint').set(stateOf(enabled)).where('id', '=', id).execute();
    });
    this.endpoints.set(id, enabled);
    await this.parts.audit?.settle();
  }

  async gotThrough(id: string): Promise<void> {
    const endpoint = this.find(id);
    if (endpoint !== null && endpoint.failures > 0) await this.change(id, { failures: 0, failingSinceAt: null });
  }

  async failed(id: string, at: number): Promise<void> {
    const endpoint = this.find(id);
    if (endpoint === null) return;
    await this.change(id, { failures: endpoint.failures + 1, failingSinceAt: endpoint.failingSinceAt ?? at });
  }

  private async change(
    id: string,
    change: Partial<Pick<Endpoint, 'disabledAt' | 'disabledWhy' | 'failures' | 'failingSinceAt'>>,
  ): Promise<void> {
    const endpoint = this.find(id);
    if (endpoint === null) return;
    const changed = { ...endpoint, ...change };
    this.endpoints.set(id, changed);
    await this.parts.db.updateTable('hp_endpoint').set(stateOf(changed)).where('id', '=', id).execute();
  }
}

function stateOf({ disabledAt, disabledWhy, failures, failingSinceAt }: Endpoint): Partial<EndpointTable> {
  return { disabled_at: disabledAt, disabled_why: disabledWhy, failures, failing_since: failingSinceAt };
}

function endpointOf(row: EndpointTable, seal: Seal): Endpoint {
  return {
    id: row.id,
    kind: row.kind,
    team: readTeamId(row.team),
    where: row.url_shown,
    kinds: readKinds(row.kinds),
    createdBy: row.created_by,
    createdAt: Number(row.created_at),
    disabledAt: readInstant(row.disabled_at),
    disabledWhy: row.disabled_why,
    url: seal.open(row.url_sealed, `${row.id}:url`),
    secret: row.secret_sealed === null ? null : seal.open(row.secret_sealed, `${row.id}:secret`),
    failures: row.failures,
    failingSinceAt: readInstant(row.failing_since),
  };
}

function readKinds(text: string): readonly NoticeKind[] {
  const said: unknown = JSON.parse(text);
  return Array.isArray(said) ? noticeKinds.filter((kind) => said.includes(kind)) : [];
}
