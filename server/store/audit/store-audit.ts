import type { Audit } from '@/server/engine/ports/audit';
import { planWrites } from '../write-plan';
import type { Writer } from '../writer';
import type { AuditChain } from './audit-chain';

/** The audit log as others write to it: by the same chain as the acts that come with events. */
export function createAudit({ chain, writer }: { readonly chain: AuditChain; readonly writer: Writer }): Audit {
  return {
    record: (draft) => chain.append([draft], (links) => writer.write(planWrites([], links))),
  };
}
