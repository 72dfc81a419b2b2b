import { describe, expect, test } from 'vitest';
import { draftFromText, draftToText, emptyDraft, isUntouched, withFormDraft } from '@/components/request/draft';
import {
  byHand,
  earlierOffer,
  formFilledWith,
  shownDraft,
  withEarlier,
  withoutEarlier,
} from '@/components/request/earlier';
import { formReadiness, formStateOf } from '@/components/request/readiness';
import { draftOf } from '@/lib/domain/form/draft';
import { parseForm } from '@/lib/domain/form/parse-form';
import type { Json, JsonObject } from '@/lib/domain/json';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { detailWith, openForm } from './request-samples';

const schema: JsonObject = {
  type: 'object',
  required: ['center'],
  properties: {
    center: { type: 'string' },
    amount: { type: 'number', default: 5 },
    tier: { type: 'string', enum: ['internal', 'public'] },
    tags: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
    notify: { type: 'boolean' },
    on: { type: 'string', format: 'date' },
    __proto__x: { type: 'string' },
  },
};
const given: JsonObject = { center: 'CC-4410', tier: 'public', tags: ['b'], notify: false, on: '2026-12-01' };

function asked(content: Json | null, requestedSchema: Json = schema): RequestDetail {
  const earlier = { by: 'Dana Whitfield', savedAt: 7, content };
  return detailWith(openForm('req_1'), { ask: { message: 'm', requestedSchema }, earlier });
}

function contentOf(detail: RequestDetail, draft = emptyDraft): unknown {
  const readiness = formReadiness(formStateOf(detail.ask, shownDraft(detail, draft)));
  return readiness.kind === 'ready' ? readiness.content : readiness.words;
}

describe('I4 an earlier answer is offered, never assumed', () => {
  test('it fills the form exactly: what was left empty stays empty, whatever the default', () => {
    expect(contentOf(asked(given))).toEqual(given);
    expect(earlierOffer(asked(given), emptyDraft)).toMatchObject({ by: 'Dana Whitfield', use: 'offered', left: [] });
  });

  test('I14 what a rule masks of it is named and left empty, whatever the default', () => {
    const detail = asked({ ...given, center: null, amount: null, on: null });
    expect(earlierOffer(detail, emptyDraft)).toMatchObject({ left: [], masked: ['center', 'on', 'amount'] });
    // A required field has to be typed anew.
    expect(contentOf(detail)).toBe('1 field to fix');
    expect(earlierOffer(detail, withoutEarlier(emptyDraft))?.masked).toEqual([]);
    const optional = asked({ center: 'CC-4410', amount: null });
    expect(contentOf(optional)).toEqual({ center: 'CC-4410' });
    expect(earlierOffer(optional, emptyDraft)?.masked).toEqual(['amount']);
  });

  test('a draft of their own wins over it, before and after it is offered', () => {
    const parsed = parseForm(schema);
    if (parsed.kind !== 'form') throw new Error('The schema cannot be drawn.');
    const own = withFormDraft(
      emptyDraft,
      new Map(draftOf(parsed.fields)).set('center', { kind: 'text', text: 'mine' }),
    );
    expect(contentOf(asked(given), own)).toEqual({ center: 'mine', amount: 5 });
    expect(earlierOffer(asked(given), own)?.use).toBe('own');
  });

  test('cleared it stays cleared over a reload, and can be filled in again', () => {
    const detail = asked(given);
    const cleared = draftFromText(draftToText(withoutEarlier({ ...emptyDraft, reason: 'kept' })));
    expect(contentOf(detail, cleared)).toBe('1 field to fix');
    expect(earlierOffer(detail, cleared)?.use).toBe('cleared');
    expect(cleared.reason).toBe('kept');
    expect(isUntouched(cleared)).toBe(false);
    expect(contentOf(detail, withEarlier(cleared))).toEqual(given);
  });

  test('values the form no longer has a place for are named, not squeezed in', () => {
    const parsed = parseForm(schema);
    if (parsed.kind !== 'form') throw new Error('The schema cannot be drawn.');
    const { form, left } = formFilledWith(parsed.fields, {
      center: 7,
      tier: 'gone',
      tags: ['a', 'z'],
      old: 1,
      notify: true,
    });
    expect(left).toEqual(['center', 'tier', 'tags', 'old']);
    expect(form.get('notify')).toEqual({ kind: 'yes-no', value: true });
    expect(form.get('center')).toEqual({ kind: 'text', text: '' });
  });

  test('a form that cannot be drawn gets it as JSON', () => {
    const nested: Json = { type: 'object', properties: { window: { type: 'object', properties: {} } } };
    const shown = shownDraft(asked({ window: { start: '02:00' } }, nested), emptyDraft);
    expect(JSON.parse(shown.json ?? 'null')).toEqual({ window: { start: '02:00' } });
  });

  test('a model reply likewise; one that was emptied by hand stays empty', () => {
    const detail = detailWith(
      { ...openForm('req_1'), kind: 'sampling' },
      { earlier: { by: 'Dana', savedAt: 7, content: { text: 'The alarm is real.' } } },
    );
    expect(shownDraft(detail, emptyDraft).reply).toBe('The alarm is real.');
    expect(shownDraft(detail, { ...emptyDraft, reply: 'Mine' }).reply).toBe('Mine');
    expect(shownDraft(detail, byHand(detail, { ...emptyDraft, reply: '' })).reply).toBe('');
    expect(isUntouched(byHand(detailWith(openForm('req_1')), emptyDraft))).toBe(true);
  });

  test('I11 without its content, as for who may not judge it, or once it is over, nothing is offered', () => {
    expect(earlierOffer(asked(null), emptyDraft)).toBeNull();
    const { claim: _claim, ...facts } = openForm('req_1');
    const over = { ...asked(given), request: { ...facts, state: 'expired', endedAt: 9 } as const };
    expect(earlierOffer(over, emptyDraft)).toBeNull();
  });
});
