import { parseForm } from '@/lib/domain/form/parse-form';
import { checkLink } from '@/lib/domain/link';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { readElicitation } from './ask';
import { checkOf } from './readiness';

/** Beside the button, and where the consequences are told. */
export interface CannotAccept {
  readonly blocked: string;
  readonly instead: string;
}

const refusedLink: CannotAccept = {
  blocked: 'The address cannot be opened',
  instead: 'Not possible: the address cannot be opened.',
};
const uncheckable: CannotAccept = {
  blocked: 'It can only be declined',
  instead: 'Not possible: no answer can be checked.',
};

/** Why nobody can accept it, whatever they fill in; null where they can. */
export function cannotAccept({ request, ask }: Pick<RequestDetail, 'request' | 'ask'>): CannotAccept | null {
  if (request.kind === 'url') return checkLink(readElicitation(ask).url ?? '').ok ? null : refusedLink;
  if (request.kind !== 'form') return null;
  const { requestedSchema: schema } = readElicitation(ask);
  return parseForm(schema).kind === 'unrenderable' && checkOf(schema) === 'none' ? uncheckable : null;
}
