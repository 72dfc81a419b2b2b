import type { Page } from 'playwright-core';
import { graveFindings, overflowsSideways } from '@/tests/e2e/support/axe';
import { takeShot } from '@/tests/e2e/support/shots';
import type { PersonAtDesk, Stage } from '@/tests/e2e/support/stage';
import { desktop, phone, type Theme } from '@/tests/support/browser';

const sizes = [
  ['1440', desktop],
  ['390', phone],
] as const;
const themes: readonly Theme[] = ['light', 'dark'];

export type Open = (page: Page) => Promise<unknown>;
export type Who = 'stranger' | 'admin';

/** Looks at screens in both themes and sizes, each theme in one window that is used for all. */
export class Looks {
  private readonly desks = new Map<string, Promise<PersonAtDesk>>();

  constructor(private readonly stage: Stage) {}

  /** What is grave, and what lies beside the window. Themes differ in colours only. */
  async findingsOf(name: string, open: Open, who: Who): Promise<readonly string[]> {
    const found: string[] = [];
    for (const theme of themes) {
      const { page } = await this.deskFor(who, theme);
      await page.setViewportSize(desktop);
      await open(page);
      for (const [width, viewport] of sizes) {
        await page.setViewportSize(viewport);
        const wide = (await overflowsSideways(page)) ? ['wider than the window'] : [];
        const findings = [...wide, ...(await graveFindings(page, theme === 'light' ? 'everything' : 'colours'))];
        found.push(...findings.map((finding) => `${width} ${theme}: ${finding}`));
        await takeShot(page, `${name}-${width}-${theme}`);
      }
    }
    return found;
  }

  deskFor(who: Who, theme: Theme): Promise<PersonAtDesk> {
    const key = `${who} ${theme}`;
    const desk =
      this.desks.get(key) ?? (who === 'admin' ? this.stage.person('admin', { theme }) : this.stage.stranger({ theme }));
    this.desks.set(key, desk);
    return desk;
  }
}
