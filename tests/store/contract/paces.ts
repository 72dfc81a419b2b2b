import { describe, expect, it } from 'vitest';
import type { SavedPace } from '@/server/engine/ports/store';
import type { Subject } from '../contract';
import { opened } from '../opened';

const pace = (tool: string, heardAt: number, body: SavedPace['body'] = { talked: heardAt }): SavedPace => ({
  ...{ server: 'files', tool, heardAt, body },
});

export function paceTests(subject: Subject): void {
  describe('what was learned of tools', () => {
    it('is kept over a restart, the last heard of first; what is written again replaces, what is gone is forgotten', async () => {
      const url = await subject.freshUrl();
      const first = await opened(url);
      const many = Array.from({ length: 250 }, (_, at) => pace(`tool_${at}`, at));
      await first.store.savePaces([...many, { ...pace('tool_0', 9_999), server: 'other' }], []);
      await first.store.savePaces([pace('tool_3', 5_000)], [pace('tool_4', 0)]);
      await first.store.close();
      const { store } = await opened(url);
      const saved = await store.paces(1_000);
      expect(saved).toHaveLength(250);
      expect(saved.slice(0, 3)).toEqual([
        { ...pace('tool_0', 9_999), server: 'other' },
        pace('tool_3', 5_000),
        pace('tool_249', 249),
      ]);
      expect(saved.some(({ tool }) => tool === 'tool_4')).toBe(false);
      expect(await store.paces(2)).toHaveLength(2);
      await store.close();
    });

    it('takes whatever a server called its tool', async () => {
      const { store } = subject.opened();
      await store.savePaces([pace('a\u0000b', 10 ** 12), pace("x'); drop table hp_pace; --", 10 ** 12 + 1)], []);
      const tools = (await store.paces(2)).map(({ tool }) => tool);
      expect(tools).toEqual(["x'); drop table hp_pace; --", 'a\uFFFDb']);
    });
  });
}
