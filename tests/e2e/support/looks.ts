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

/** What is grave on a screen as it stands, and what lies beside the window, in both sizes and themes. */
export async function lookOver(page: Page, name: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [width, viewport] of sizes) {
    await page.setViewportSize(viewport);
    if (await overflowsSideways(page)) found.push(`${width}: wider than the window`);
    for (const theme of themes) {
      await wear(page, theme);
      // Themes differ in colours only.
      const findings = await graveFindings(page, theme === 'light' ? 'everything' : 'colours');
      found.push(...findings.map((finding) => `${width} ${theme}: ${finding}`));
      await takeShot(page, `${name}-${width}-${theme}`);
    }
  }
  await wear(page, 'light');
  return found;
}

/** As the page does by itself when the system changes, but at once: a colour on its way is no finding. */
async function wear(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.evaluate((name) => {
    document.documentElement.dataset['theme'] = name;
    for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish();
  }, theme);
}

/** Looks at screens, each kind of person in one window that is used for all. */
export class Looks {
  private readonly desks = new Map<Who, Promise<PersonAtDesk>>();

  constructor(private readonly stage: Stage) {}

  async findingsOf(name: string, open: Open, who: Who): Promise<readonly string[]> {
    const { page } = await this.deskFor(who);
    await page.setViewportSize(desktop);
    await open(page);
    return lookOver(page, name);
  }

  deskFor(who: Who): Promise<PersonAtDesk> {
    const desk = this.desks.get(who) ?? (who === 'admin' ? this.stage.person('admin') : this.stage.stranger());
    this.desks.set(who, desk);
    return desk;
  }
}
