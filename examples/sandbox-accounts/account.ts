import { z } from 'zod';

export const dataClasses = [
  { const: 'public', title: 'Public: may be seen by anyone' },
  { const: 'internal', title: 'Internal: employees only' },
  { const: 'confidential', title: 'Confidential: named teams only' },
  { const: 'personal', title: 'Personal data: GDPR applies' },
] as const;

export const costCenterSchema = z.string().regex(/^CC-\d{4}$/, 'a cost center looks like CC-4410');
export const dataClassSchema = z.enum(['public', 'internal', 'confidential', 'personal']);

export const accountSchema = z.object({
  id: z.string(),
  application: z.string(),
  region: z.string(),
  costCenter: costCenterSchema,
  dataClass: dataClassSchema,
  createdAt: z.iso.datetime(),
});

export type Account = z.infer<typeof accountSchema>;
