import type { ReactNode } from 'react';

/**
 * Runs before the first paint, so that no page flashes in the wrong theme. React escapes quotes, `&`, `<` and `>`
 * in a script's text; the script has none of them.
 */
export const themeScript =
  'try{var c=localStorage.getItem(`holdpoint.theme`);var d=c===`dark`?true:c===`light`?false:matchMedia(`(prefers-color-scheme: dark)`).matches;document.documentElement.dataset.theme=d?`dark`:`light`}catch(e){document.documentElement.dataset.theme=`light`}';

export function ThemeScript(): ReactNode {
  return <script>{themeScript}</script>;
}
