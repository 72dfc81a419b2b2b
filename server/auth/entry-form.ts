import { z } from 'zod';
import { type Refusal, refuse } from '@/lib/domain/refusal';
import { isPlainName } from './plain-name';

export const shortestPassword = 10;
/** scrypt's work grows with the text; nobody types more than this. */
export const longestPassword = 128;

const email = z
  .email('Enter an e-mail address, such as ana@example.com.')
  .max(200, 'An e-mail address has at most 200 characters.');

/** What the page sends with a link's token. A role is never part of it: the link has one. */
export const entryForm = z.strictObject({
  token: z.string().max(200),
  name: z
    .string()
    .trim()
    .max(80, 'A name has at most 80 characters.')
    .refine(isPlainName, 'Enter your name, as others will see it, on one line.'),
  email: z.string().trim().toLowerCase().pipe(email).optional(),
  password: z
    .string()
    .min(shortestPassword, `Use at least ${shortestPassword} characters.`)
    .max(longestPassword, `Use at most ${longestPassword} characters.`),
});

/** What the page sends with the token of a link for a new password. */
export const resetForm = entryForm.pick({ token: true, password: true }).strict();

export type ResetForm = z.infer<typeof resetForm>;
export type EntryForm = z.infer<typeof entryForm>;

export function isEmail(text: string): boolean {
  return email.safeParse(text).success;
}

/** The form's problems by field, in `details.fields`. */
export function formRefusal(error: z.ZodError): Refusal {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) {
    const [name] = issue.path;
    if (typeof name === 'string') fields[name] ??= issue.message;
  }
  return Object.keys(fields).length === 0 ? refuse('bad_input') : refuse('invalid_answer', undefined, { fields });
}
