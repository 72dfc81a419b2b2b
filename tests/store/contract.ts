import { afterAll, beforeAll, describe } from 'vitest';
import { agentCallTests } from './contract/agent-calls';
import { auditTests } from './contract/audit';
import { auditPageTests } from './contract/audit-pages';
import { tamperTests } from './contract/audit-tamper';
import { commitTests } from './contract/commits';
import { controlTests } from './contract/control';
import { corruptTests } from './contract/corrupt';
import { hostileTests } from './contract/hostile';
import { keepingTests } from './contract/keeping';
import { listTests } from './contract/lists';
import { loadLiveTests } from './contract/load-live';
import { olderTests } from './contract/older';
import { paceTests } from './contract/paces';
import { pastTests } from './contract/past';
import { planTests } from './contract/plans';
import { queueTests } from './contract/queue';
import { queueUpgradeTests } from './contract/queue-upgrade';
import { sessionFilterTests } from './contract/session-filters';
import { tallyTests } from './contract/tallies';
import { type Opened, opened } from './opened';

export interface Harness {
  /** A URL of an empty database. */
  freshUrl(): Promise<string>;
  stop(): Promise<void>;
}

/** What a group of contract tests works on: one database for all of them, sessions of their own each. */
export interface Subject {
  opened(): Opened;
  freshUrl(): Promise<string>;
}

/** The one contract of every store (habit 24). */
export function storeContract(name: string, start: () => Promise<Harness>): void {
  describe(`the store on ${name}`, () => {
    let harness: Harness | null = null;
    let current: Opened | null = null;
    beforeAll(async () => {
      harness = await start();
      current = await opened(await harness.freshUrl());
    });
    afterAll(async () => {
      await current?.store.close();
      await harness?.stop();
    });
    const subject: Subject = {
      opened() {
        if (current === null) throw new Error('the store is not open yet');
        return current;
      },
      freshUrl() {
        if (harness === null) throw new Error('the database has not started yet');
        return harness.freshUrl();
      },
    };
    commitTests(subject);
    hostileTests(subject);
    loadLiveTests(subject);
    listTests(subject);
    corruptTests(subject);
    agentCallTests(subject);
    olderTests(subject);
    queueTests(subject);
    queueUpgradeTests(subject);
    pastTests(subject);
    paceTests(subject);
    sessionFilterTests(subject);
    tallyTests(subject);
    planTests(subject);
    auditTests(subject);
    auditPageTests(subject);
    controlTests(subject);
    tamperTests(subject);
    keepingTests(subject);
  });
}
