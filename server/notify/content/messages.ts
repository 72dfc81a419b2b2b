import type { DesktopNotice } from '../ports';
import { type NoticeContent, pathOf } from './content';
import { factsOf, placeOf, titleOf } from './words';

/** One message: one notice, or several that were gathered. */
export interface Message {
  /** Of the first delivery; the same at a retry. */
  readonly id: string;
  readonly contents: readonly [NoticeContent, ...NoticeContent[]];
}

export interface MessageLook {
  readonly baseUrl: string;
  readonly now: number;
  readonly timeZone: string;
}

const mostShown = 20;

function linkOf(content: NoticeContent, { baseUrl }: MessageLook): string {
  return `${baseUrl}${pathOf(content)}`;
}

/** Where all of a message is. */
function placeOfAll({ contents }: Message): '/queue' | '/sessions' {
  return contents.some(({ about }) => about === 'request') ? '/queue' : '/sessions';
}

function allOf(message: Message, { baseUrl }: MessageLook): string {
  return `${baseUrl}${placeOfAll(message)}`;
}

function headline({ contents }: Message, { now }: MessageLook): string {
  return contents.length === 1 ? titleOf(contents[0], now) : `${contents.length} notices from Holdpoint`;
}

function moreWords(count: number): string | null {
  return count > mostShown ? `and ${count - mostShown} more in Holdpoint` : null;
}

export function desktopOf(message: Message, look: MessageLook): DesktopNotice {
  const { id, contents } = message;
  const [first] = contents;
  const only = contents.length === 1;
  const titles = contents.slice(0, 3).map((content) => titleOf(content, look.now));
  return {
    id,
    kind: only ? first.kind : 'digest',
    title: headline(message, look),
    body: only ? `${placeOf(first)} for ${first.agent}` : titles.join('\n'),
    path: only ? pathOf(first) : placeOfAll(message),
  };
}

export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const footWords = 'Links in this message only open Holdpoint; answering takes a click there.';

export function mailOf(message: Message, look: MessageLook): MailText {
  const { contents } = message;
  const shown = contents.slice(0, mostShown);
  const more = moreWords(contents.length);
  const text = [
    ...shown.flatMap((content) => [
      titleOf(content, look.now),
      ...factsOf(content, look).map(({ name, value }) => `  ${name}: ${value}`),
      `  ${linkOf(content, look)}`,
      '',
    ]),
    ...(more === null ? [] : [`${more}: ${allOf(message, look)}`, '']),
    footWords,
  ].join('\n');
  return {
    subject: `[Holdpoint] ${headline(message, look)}`,
    text,
    html: htmlOf(shown, { look, more, all: allOf(message, look) }),
  };
}

function htmlOf(
  contents: readonly NoticeContent[],
  { look, more, all }: { readonly look: MessageLook; readonly more: string | null; readonly all: string },
): string {
  const row = (name: string, value: string): string =>
    `<tr><td style="padding:2px 12px 2px 0;color:#666">${escapeHtml(name)}</td><td>${escapeHtml(value)}</td></tr>`;
  const parts = contents.map((content) =>
    [
      `<h2 style="font-size:16px;margin:16px 0 8px">${escapeHtml(titleOf(content, look.now))}</h2>`,
      `<table style="border-collapse:collapse;font-size:14px">${factsOf(content, look)
        .map(({ name, value }) => row(name, value))
        .join('')}</table>`,
      `<p><a href="${escapeHtml(linkOf(content, look))}">Open in Holdpoint</a></p>`,
    ].join('\n'),
  );
  const rest = more === null ? '' : `<p><a href="${escapeHtml(all)}">${escapeHtml(more)}</a></p>`;
  const foot = `<p style="color:#666;font-size:12px">${escapeHtml(footWords)}</p>`;
  return `<!doctype html>\n<html lang="en"><body style="font-family:sans-serif">\n${parts.join('\n')}\n${rest}${foot}\n</body></html>\n`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Slack reads `<…>` as mentions and links wherever it stands; what others chose is never in marked-up text. */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The body of an incoming webhook of Slack. */
export function slackOf(message: Message, look: MessageLook): object {
  const { contents } = message;
  const plain = (text: string): object => ({ type: 'plain_text', text: escapeSlack(text), emoji: false });
  const link = (url: string, words: string): object => ({ type: 'mrkdwn', text: `<${url}|${words}>`, verbatim: true });
  const blocks = contents.slice(0, mostShown).flatMap((content) => {
    const facts = factsOf(content, look).map(({ name, value }) => `${name}: ${value}`);
    return [
      { type: 'section', text: plain([titleOf(content, look.now), ...facts].join('\n')) },
      { type: 'context', elements: [link(linkOf(content, look), 'Open in Holdpoint')] },
    ];
  });
  const more = moreWords(contents.length);
  const rest = more === null ? [] : [{ type: 'context', elements: [link(allOf(message, look), more)] }];
  return {
    text: escapeSlack(headline(message, look)),
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [...blocks, ...rest],
  };
}

/** The body of a webhook after the Standard Webhooks specification: `type`, `timestamp`, `data`. */
export function webhookOf({ contents }: Message, look: MessageLook): object {
  const timestamp = new Date(look.now).toISOString();
  const dataOf = (content: NoticeContent): object => ({ ...factsForPrograms(content), url: linkOf(content, look) });
  if (contents.length === 1) return { type: typeOf(contents[0]), timestamp, data: dataOf(contents[0]) };
  const type = contents.every(({ about }) => about === 'request') ? 'request.digest' : 'digest';
  return { type, timestamp, data: { notices: contents.map(dataOf) } };
}

function typeOf(content: NoticeContent): string {
  if (content.about === 'request') return `request.${content.kind}`;
  return content.kind === 'stalled' ? 'session.stalled' : 'session.expiring';
}

function factsForPrograms(content: NoticeContent): object {
  if (content.about === 'request') {
    const { about: _about, deadlineAt, safe, ...facts } = content;
    const fields = Object.fromEntries(safe.map(({ name, value }) => [name, value]));
    return { ...facts, deadline: isoTime(deadlineAt), fields };
  }
  const { about: _about, quietSinceAt, limit, ...facts } = content;
  return {
    ...facts,
    quietSince: quietSinceAt === null ? null : isoTime(quietSinceAt),
    limit: limit === null ? null : { at: isoTime(limit.at), reason: limit.reason },
  };
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
