import type { Context } from 'hono';
import type { z } from 'zod';
import { done, type Refusal, refuse, type Result } from '@/lib/domain/refusal';

const issuesMost = 5;
const wordsMost = 500;

/** The body of a request, as it has to be; else what is wrong with it, place by place. */
export async function readBody<T>(c: Context, schema: z.ZodType<T>): Promise<Result<T>> {
  let given: unknown;
  try {
    given = await c.req.json();
  } catch {
    return refuse('bad_input', 'The body is not JSON. Send one object, with Content-Type: application/json.');
  }
  const body = schema.safeParse(given);
  return body.success ? done(body.data) : misread(body.error);
}

/** A refusal that names each place and what it takes. */
export function misread(error: z.ZodError): Refusal {
  const words = error.issues.slice(0, issuesMost).map(issueWords).join('; ');
  return refuse('bad_input', `${words.slice(0, wordsMost)}.`);
}

function issueWords({ path, message }: z.core.$ZodIssue): string {
  const said = message.endsWith('received undefined')
    ? 'is missing'
    : message
        .replace(/^Invalid (?:input|option): /, '')
        .replace(/, received NaN$/, '')
        .replaceAll('"|"', '", "');
  return path.length === 0 ? said : `${path.join('.')}: ${said}`;
}
