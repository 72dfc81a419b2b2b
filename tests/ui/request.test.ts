import { describe, expect, test } from 'vitest';
import { afterHiding, calm, hastyMs, press, settleMs } from '@/components/request/arming';
import { draftFromText, draftToText, emptyDraft, isUntouched, type RequestDraft } from '@/components/request/draft';
import { othersAt, presenceWords } from '@/components/request/presence-words';
import { readSampling } from '@/components/request/sampling-ask';
import { showAll, treeModel } from '@/components/ui/tree-model';
import { visibleText } from '@/components/ui/visible-text';
import { agoWords, leftText, spanWords } from '@/components/ui/time-words';
import type { Json } from '@/lib/domain/json';
import type { PersonId } from '@/lib/domain/ids';

describe('I6 an approval in two steps', () => {
  test('the first press arms, the second commits', () => {
    const first = press(calm, { at: 1_000, hidden: 0, dangerousSince: null });
    expect(first).toEqual({ arming: { step: 'armed', at: 1_000 }, effect: 'show_arguments' });
    expect(press(first.arming, { at: 1_000 + settleMs, hidden: 0, dangerousSince: null })).toEqual({
      arming: calm,
      effect: 'commit',
    });
  });

  test('a double click is one press', () => {
    const armed = press(calm, { at: 1_000, hidden: 0, dangerousSince: null }).arming;
    expect(press(armed, { at: 1_000 + settleMs - 1, hidden: 0, dangerousSince: null }).effect).toBe('nothing');
  });

  test('nothing is armed or committed while a value is not fully shown', () => {
    expect(press(calm, { at: 1_000, hidden: 2, dangerousSince: null }).arming).toEqual({ step: 'pointed', hidden: 2 });
    const armed = press(calm, { at: 1_000, hidden: 0, dangerousSince: null }).arming;
    expect(press(armed, { at: 9_000, hidden: 1, dangerousSince: null }).effect).toBe('show_arguments');
    expect(afterHiding(armed, 1)).toEqual({ step: 'pointed', hidden: 1 });
    expect(afterHiding({ step: 'pointed', hidden: 1 }, 0)).toEqual(calm);
  });
});

describe('something dangerous accepted in haste', () => {
  const opened = 1_000;
  const armed = press(calm, { at: opened + 300, hidden: 0, dangerousSince: opened }).arming;

  test('is asked once more, with how long it was open, and then commits', () => {
    const soon = press(armed, { at: opened + 1_200, hidden: 0, dangerousSince: opened });
    expect(soon).toEqual({ arming: { step: 'hasty', at: opened + 1_200, openForMs: 1_200 }, effect: 'nothing' });
    const bounce = press(soon.arming, { at: opened + 1_300, hidden: 0, dangerousSince: opened });
    expect(bounce.effect).toBe('nothing');
    expect(press(soon.arming, { at: opened + 1_800, hidden: 0, dangerousSince: opened }).effect).toBe('commit');
  });

  test('two seconds after it was opened, and where haste does no harm, it is not', () => {
    expect(press(armed, { at: opened + hastyMs, hidden: 0, dangerousSince: opened }).effect).toBe('commit');
    expect(press(armed, { at: opened + 1_200, hidden: 0, dangerousSince: null }).effect).toBe('commit');
  });

  test('I6 a value closed meanwhile takes it all back', () => {
    const soon = press(armed, { at: opened + 1_200, hidden: 0, dangerousSince: opened }).arming;
    expect(afterHiding(soon, 1)).toEqual({ step: 'pointed', hidden: 1 });
  });
});

describe('the arguments tree', () => {
  const long = 'x'.repeat(1_000);
  const value: Json = {
    a: 1,
    long,
    deep: { b: { c: { d: { e: 'end' } } } },
    list: Array.from({ length: 120 }, (_, index) => index),
    secret: '[masked]',
  };

  test('what is not shown is counted, and all values are', () => {
    const model = treeModel(value, new Map());
    expect(model.hidden).toContain('/long');
    expect(model.hidden.length).toBe(3);
    expect(model.values).toBe(1 + 1 + 1 + 120 + 1);
    expect(model.rows.some((row) => row.kind === 'masked')).toBe(true);
  });

  test('showing all hides nothing and cuts nothing', () => {
    const model = treeModel(value, showAll(value, new Map()));
    expect(model.hidden).toEqual([]);
    expect(model.rows.some((row) => row.kind === 'text' && row.text === long)).toBe(true);
    expect(model.rows.some((row) => row.kind === 'text' && row.text === 'end')).toBe(true);
    expect(model.rows.filter((row) => row.kind === 'plain').length).toBe(1 + 120);
  });

  test('a closed branch counts as hidden, keys with slashes stay apart', () => {
    const tricky: Json = { 'a/b': { c: 1 }, a: { b: { c: 2 } } };
    const model = treeModel(tricky, new Map([['/a~1b', 'closed']]));
    expect(model.hidden).toEqual(['/a~1b']);
    expect(model.values).toBe(2);
  });

  test('characters that hide or reorder text are spelled out', () => {
    expect(visibleText('pay \u202e0001')).toBe('pay ⟨U+202E⟩0001');
    expect(visibleText('two\nlines\tkept')).toBe('two\nlines\tkept');
  });
});

describe('a draft survives a reload', () => {
  test('what was typed comes back as it was', () => {
    const draft: RequestDraft = {
      ...emptyDraft,
      form: [
        ['__proto__', { kind: 'text', text: 'a' }],
        ['pick', { kind: 'choices', values: ['x'] }],
      ],
      reply: 'r',
      link: 'opened',
      because: 'checked',
      edit: { revision: 2, entries: [{ pointer: '/a~1b', how: 'text', raw: 'x' }] },
      remember: { for: 'session', fields: ['/path'] },
      comment: '@Ana look',
      prompt: { systemPrompt: null, messages: [{ index: 1, text: 'shorter' }] },
      drafted: {
        result: { role: 'assistant' },
        text: 'r',
        usage: { model: 'claude', inputTokens: 412, outputTokens: null, costUsd: 0.004, tookMs: 2_100 },
      },
    };
    expect(draftFromText(draftToText(draft))).toEqual(draft);
    expect(isUntouched(draft)).toBe(false);
    expect(isUntouched(emptyDraft)).toBe(true);
  });

  test.each([null, '', 'nonsense', '[]', '{"form":7,"reply":{}}', '{"form":[["a",{"kind":"text","text":3}]]}'])(
    '%s is no text of anyone',
    (text) => {
      expect(
        isUntouched({
          ...draftFromText(text),
          form: draftFromText(text).form?.length === 0 ? null : draftFromText(text).form,
        }),
      ).toBe(true);
    },
  );
});

describe('who is here, and when', () => {
  test('the holder of the claim comes first and is answering; I am not listed', () => {
    const claim = { by: { id: 'per_ana' as PersonId, name: 'Ana Ruiz' }, untilAt: 1 };
    const people = othersAt(
      [
        { id: 'per_lena', name: 'Lena Koch', doing: 'looking' },
        { id: 'per_me', name: 'Me', doing: 'answering' },
      ],
      claim,
      'per_me',
    );
    expect(presenceWords(people)).toBe('Ana is answering, Lena is looking');
    expect(othersAt([], { ...claim, by: { id: 'per_me' as PersonId, name: 'Me' } }, 'per_me')).toEqual([]);
  });

  test('times read as the design writes them', () => {
    expect(leftText(252_000)).toBe('04:12');
    expect(leftText(3_672_000)).toBe('1:01:12');
    expect(leftText(3 * 86_400_000)).toBe('3 d');
    expect(leftText(-5)).toBe('00:00');
    expect(spanWords(130_000)).toBe('2 min 10 s');
    expect(agoWords(12 * 60_000)).toBe('12 minutes ago');
  });
});

describe('a sampling request', () => {
  test('every content type is read, the unknown one is kept as it came', () => {
    const ask = readSampling({
      maxTokens: 10,
      modelPreferences: { speedPriority: 7, hints: [{ name: 'small' }, 3] },
      messages: [
        { role: 'user', content: { type: 'text', text: 'hi' } },
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', name: 't', input: { a: 1 } },
            { type: 'image', mimeType: 'image/png', data: 'AAAA' },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', isError: true, content: [{ type: 'text', text: 'no' }] },
            { type: 'resource_link', uri: 'x' },
          ],
        },
        7,
      ],
    });
    expect(ask?.messages.map((message) => message.parts.map((part) => part.kind))).toEqual([
      ['text'],
      ['tool_use', 'image'],
      ['tool_result', 'other'],
      ['other'],
    ]);
    expect(ask?.preferences).toEqual({ intelligence: null, speed: 1, cost: null, hints: ['small'] });
  });

  test.each([null, 'text', {}, { messages: 'none' }] as const)('%s is not one', (value) => {
    expect(readSampling(value)).toBeNull();
  });
});
