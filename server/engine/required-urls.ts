import type { RpcError } from '@/lib/domain/event';
import { isJsonObject, type Json } from '@/lib/domain/json';
import { checkLink } from '@/lib/domain/link';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { pagesMost } from '@/lib/domain/turn-back';
import { type Ask, oneLine, readAsk } from './ask';

/** MCP 2025-11-25: a call is not processed until pages are visited. */
export const urlRequiredCode = -32_042;

/** Each is shown whole, and kept for as long as its request. */
const messageMost = 10_000;

/** The pages such an error names, all of them or none; a refusal says why nobody can be asked. */
export function readRequiredUrls({ data }: RpcError): Result<readonly Ask[]> {
  const listed = isJsonObject(data) ? data['elicitations'] : undefined;
  if (!Array.isArray(listed)) return refuse('bad_input', 'Its error has no list of pages.');
  if (listed.length === 0) return refuse('bad_input', 'Its error names no page.');
  if (listed.length > pagesMost)
    return refuse(
      'bad_input',
      `Its error names ${listed.length.toLocaleString('en-US')} pages, and at most ${pagesMost} are asked for at a time.`,
    );
  const pages: Ask[] = [];
  for (const [index, given] of (listed as readonly Json[]).entries()) {
    const page = readPage(given);
    if (!page.ok) return refuse('bad_input', `Page ${index + 1} of its list cannot be asked for: ${page.message}`);
    if (pages.some(({ elicitationId }) => elicitationId === page.value.elicitationId))
      return refuse('bad_input', 'Two pages of its list have the same elicitationId.');
    pages.push(page.value);
  }
  return done(pages);
}

function readPage(given: Json): Result<Ask> {
  if (!isJsonObject(given) || given['mode'] !== 'url') return refuse('bad_input', 'It is no URL elicitation.');
  const { mode, message, url, elicitationId } = given;
  if (elicitationId === '') return refuse('bad_input', 'It needs an elicitationId.');
  if (typeof message === 'string' && message.length > messageMost)
    return refuse('bad_input', `A message may have ${messageMost.toLocaleString('en-US')} characters.`);
  // Nothing else of it is kept (I14).
  const read = readAsk('elicitation/create', {
    mode,
    ...(message === undefined ? {} : { message }),
    ...(url === undefined ? {} : { url }),
    ...(elicitationId === undefined ? {} : { elicitationId }),
  });
  if (!read.ok) return read;
  const link = checkLink(typeof url === 'string' ? url : '');
  return link.ok ? read : refuse('bad_input', oneLine(link.words));
}
