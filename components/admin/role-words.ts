import type { Role } from '@/lib/domain/permission';

export const roleWords: { readonly [R in Role]: { readonly name: string; readonly may: string } } = {
  admin: { name: 'Admin', may: 'Answers requests, ends sessions, manages agents and people' },
  approver: { name: 'Approver', may: 'Answers requests and watches sessions' },
  observer: { name: 'Observer', may: 'Watches the queue and sessions, answers nothing' },
};
