import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { CallId, ChoiceId } from '@/lib/domain/ids';
import type { HoldRequest } from '@/lib/domain/request';
import type { Log } from '@/server/engine/ports/log';
import type { Models } from '@/server/engine/ports/models';
import type { Choices } from '@/server/engine/ports/policy';
import type { Commit, Store } from '@/server/engine/ports/store';
import type { Upstream } from '@/server/engine/ports/upstream';
import { openStore } from '@/server/store/open-store';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';
import type { ServerRecord } from '@/tests/servers/records';
import { Disk } from './disk';
import type { Gate } from './gate';
import type { Scenario } from './scenarios';
import { ScriptedAgent } from './scripted-agent';
import { ScriptedModel } from './scripted-model';
import { ScriptedPerson, staff } from './scripted-person';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

/** What an engine writes to and sends through. */
export interface Outlets {
  readonly store: Store;
  readonly upstream: Upstream;
  readonly choices: Choices;
  readonly models: Models;
}

/** Makes an engine's outlets lie, to see the lie found. */
export type Tamper = (outlets: Outlets) => Outlets;

/** Everything outside the process that is killed: a server, an agent, a person, and the disk. */
export class World {
  readonly disk = new Disk();
  readonly agent: ScriptedAgent;
  readonly people: readonly ScriptedPerson[];
  readonly model = new ScriptedModel();
  /** Choices that reached the disk, and in which life. */
  readonly choices: { readonly choiceId: ChoiceId; readonly life: number }[] = [];
  /** In which life a call was recorded. */
  readonly receivedIn = new Map<CallId, number>();
  /** The life that is lived now. */
  gate: Gate | null = null;
  /** Where each life was killed. */
  readonly kills: string[] = [];
  /** A life was killed while a call could not have been resumed. */
  wasVulnerable = false;
  /** What no life should do, whatever happens to it. */
  readonly complaints: string[] = [];
  tamper: Tamper = (outlets) => outlets;
  /** Long after anything here should have happened by itself. */
  restWithinMs = 20_000;
  private forgot = false;

  private constructor(
    readonly scenario: Scenario,
    readonly kitchen: KitchenSink,
    readonly folder: string,
  ) {
    this.agent = new ScriptedAgent(scenario);
    const hooks = {
      random: (count: number) => randomBytes(count),
      disk: this.disk,
      thinking: (request: HoldRequest) => this.thinking(request),
    };
    const [ana, jo] = staff;
    const first = new ScriptedPerson(ana, scenario, { ...hooks, first: () => null });
    this.people = [first, new ScriptedPerson(jo, scenario, { ...hooks, first: () => first })];
    kitchen.records.onRecord((record) => this.seen(record));
  }

  static async create(scenario: Scenario, template: Template): Promise<World> {
    const folder = await mkdtemp(path.join(template.folder, 'world-'));
    await copyFile(template.file, path.join(folder, 'holdpoint.db'));
    return new World(
      scenario,
      await startKitchenSink({ events: scenario.events, questionsOn: scenario.questionsOn }),
      folder,
    );
  }

  get databaseUrl(): string {
    return `sqlite:${path.join(this.folder, 'holdpoint.db')}`;
  }

  async close(): Promise<void> {
    await this.kitchen.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** What reached the disk. */
  committed(batch: readonly Commit[]): void {
    this.disk.note(batch);
    for (const { events } of batch)
      for (const event of events)
        if (event.type === 'call.received') this.receivedIn.set(event.callId, this.kills.length);
  }

  /** Between two lives. */
  async meanwhile(): Promise<void> {
    const { downMs = 0 } = this.scenario.desk ?? {};
    if (downMs > 0) await new Promise((resolve) => setTimeout(resolve, downMs));
    if (this.scenario.forgets !== 'while_down' || this.forgot) return;
    this.forgot = true;
    await this.kitchen.forgetSessions();
  }

  private async thinking(request: HoldRequest): Promise<void> {
    if (this.scenario.forgets !== 'while_thinking' || this.forgot || request.kind === 'recovery') return;
    this.forgot = true;
    await this.kitchen.forgetSessions();
  }

  /** What a server does lies between our own boundaries: the bytes have arrived, and we have not heard of it. */
  private seen(record: ServerRecord): void {
    const { disk, gate } = this;
    switch (record.kind) {
      case 'execution_started':
        if (this.kitchen.records.of('execution_started').length > disk.sendings)
          this.complaints.push('I3: the tool started before its sending was on the disk');
        return gate?.strike('the tool started');
      case 'execution_finished':
        return gate?.strike('the tool finished');
      case 'answer_received': {
        const request = disk.requestOf(record.sessionId, record.requestId);
        if (!isCancel(record) && request !== null && !disk.hasAnswer(request.requestId))
          this.complaints.push(`I2: the server has an answer to a ${request.kind} request that is not on the disk`);
        return gate?.strike('the server has the answer');
      }
      default:
        return;
    }
  }
}

function isCancel({ result, error }: Extract<ServerRecord, { kind: 'answer_received' }>): boolean {
  if (error !== undefined) return true;
  return typeof result === 'object' && result !== null && 'action' in result && result.action === 'cancel';
}

/** An empty database with its schema, made once and copied for each world. */
export interface Template {
  readonly folder: string;
  readonly file: string;
}

export async function makeTemplate(root: string): Promise<Template> {
  const folder = await mkdtemp(path.join(root, 'holdpoint-crash-'));
  const file = path.join(folder, 'empty.db');
  const opening = await openStore({ databaseUrl: `sqlite:${file}`, log: silent });
  if (!opening.ok) throw new Error(opening.message);
  // Closing folds the write-ahead log into the one file that is copied.
  await opening.store.close();
  return { folder, file };
}
