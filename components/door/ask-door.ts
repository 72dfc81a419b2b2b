/** What the server said; `fields` has one sentence for each field that needs another look. */
export type DoorReply =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | {
      readonly ok: false;
      readonly reached: 'yes' | 'no';
      readonly message: string;
      readonly fields: Readonly<Record<string, string>>;
    };

const unreachable: DoorReply = {
  ok: false,
  reached: 'no',
  message: 'Holdpoint cannot be reached. Check the connection and try again.',
  fields: {},
};
const unclearWords = 'Holdpoint answered something this page does not understand. Reload it.';

/** Asks one of the door's endpoints; a body makes it a POST. Never rejects. */
export async function askDoor(path: string, body?: Readonly<Record<string, unknown>>): Promise<DoorReply> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  let status: number;
  let answer: unknown;
  try {
    const response = await fetch(path, {
      cache: 'no-store',
      credentials: 'same-origin',
      ...(body === undefined ? {} : post),
    });
    status = response.status;
    answer = await response.json().catch(() => null);
  } catch {
    return unreachable;
  }
  if (!isRecord(answer))
    return status >= 500 ? unreachable : { ok: false, reached: 'yes', message: unclearWords, fields: {} };
  if (status < 400) return { ok: true, value: isRecord(answer.value) ? answer.value : answer };
  const message = typeof answer.message === 'string' ? answer.message : unclearWords;
  return { ok: false, reached: 'yes', message, fields: readFields(answer.details) };
}

function readFields(details: unknown): Readonly<Record<string, string>> {
  const fields = isRecord(details) && isRecord(details.fields) ? details.fields : {};
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, words]) => (typeof words === 'string' ? [[name, words]] : [])),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
