// What a browser really loads of a page's scripts before anyone touches it.
import { gzipSync } from 'node:zlib';

/** Nothing more has been asked for in this long. */
const quietMs = 1_500;

/**
 * Every script that came while a page was opened, gzipped as the server sends it (zlib's usual level), largest first.
 * `page`: the document names it, so nothing is shown before it. `later`: run by itself afterwards, while nobody did
 * anything. `ahead`: fetched and not run, as the router fetches what links lead to.
 * @param page a playwright page of a browser with an empty cache
 * @param open navigates, and resolves when what people came for is on screen
 * @returns {Promise<readonly { path: string, gzipBytes: number, use: 'page' | 'later' | 'ahead' }[]>}
 */
export async function firstLoadScripts(page, open) {
  const found = new Map();
  const run = new Set();
  const reading = [];
  let lastAt = Date.now();
  let html = '';
  const note = (response) => {
    if (response.request().resourceType() === 'document') reading.push(response.text().then((text) => (html = text)));
    if (!/\bjavascript\b/.test(response.headers()['content-type'] ?? '')) return;
    lastAt = Date.now();
    reading.push(response.body().then((body) => found.set(pathOf(response.url()), gzipSync(body).length)));
  };
  const devtools = await page.context().newCDPSession(page);
  devtools.on('Debugger.scriptParsed', ({ url }) => {
    lastAt = Date.now();
    if (url !== '') run.add(pathOf(url));
  });
  await devtools.send('Debugger.enable');
  page.on('response', note);
  try {
    await open();
    while (Date.now() - lastAt < quietMs) await page.waitForTimeout(100);
    await Promise.all(reading);
  } finally {
    page.off('response', note);
    await devtools.detach();
  }
  const useOf = (path) => (!run.has(path) ? 'ahead' : html.includes(`="${path}`) ? 'page' : 'later');
  return [...found]
    .map(([path, gzipBytes]) => ({ path, gzipBytes, use: useOf(path) }))
    .sort((a, b) => b.gzipBytes - a.gzipBytes);
}

function pathOf(url) {
  return new URL(url).pathname;
}
