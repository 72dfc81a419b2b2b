import { describe, expect, test } from 'vitest';
import { firstPlaces } from '@/components/ui/dialog-first';
import { readSourceTree } from '@/tests/support/source-tree';

const code = readSourceTree().filter(({ path }) => /^(components|app)[/].*[.]tsx$/.test(path));

describe('where a dialog begins', () => {
  test('is decided in one place: every dialog is that one, but for the palette, which begins in its field', () => {
    const own = code.filter(({ text }) => text.includes('<dialog') || text.includes('showModal('));
    expect(own.map(({ path }) => path).toSorted()).toEqual([
      'components/shell/palette/Palette.tsx',
      'components/ui/Dialog.tsx',
    ]);
  });

  test('its own mark, what it asks, its fields and what is read come before any button; its head is not among them', () => {
    expect(firstPlaces.map((place) => /data-first|dialog-\w+/.exec(place)?.[0])).toEqual([
      'data-first',
      'dialog-ask',
      'dialog-b',
      'dialog-b',
      'dialog-b',
      'dialog-f',
    ]);
    expect(firstPlaces.filter((place) => place.includes('dialog-h'))).toEqual([]);
  });

  test('every dialog has such a place: a foot, a question, a field of its own, or it is read', () => {
    const bare = code.flatMap(({ path, text }) =>
      [...text.matchAll(/<Dialog\b[^]*?<\/Dialog>/g)]
        .filter(([whole]) => !/footer|ask=|scrolls=|data-first/.test(whole))
        .map(() => path),
    );
    // While what was selected is read there is only the way out.
    expect(bare).toEqual(['components/queue/bulk/BulkDialog.tsx']);
  });
});
