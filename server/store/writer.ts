import type { WritePlan } from './write-plan';

/** Writes a plan in one transaction, whole or not at all; rejects with the database's own error. */
export interface Writer {
  write(plan: WritePlan): Promise<void>;
}
