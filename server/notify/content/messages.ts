import type { DesktopNotice } from '../ports';
import type { NoticeContent } from './content';
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

function linkOf({ requestId }: NoticeContent, { baseUrl }: MessageLook): string {
  return `${baseUrl}/queue/${requestId}`;
}

function queueOf({ baseUrl }: MessageLook): string {
  return `${baseUrl}/queue`;
}

function headline({ contents }: Message, { now }: MessageLook): string {
  return contents.length === 1 ? titleOf(contents[0], now) : `${contents.length} notices from Holdpoint`;
}

function moreWords(count: number): string | null {
  return count > mostShown ? `and ${count - mostShown} more in the queue` : null;
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
    requestId: only ? first.requestId : null,
    path: only ? `/queue/${first.requestId}` : '/queue',
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
    ...(more === null ? [] : [`${more}: ${queueOf(look)}`, '']),
    footWords,
  ].join('\n');
  return { subject: `[Holdpoint] ${headline(message, look)}`, text, html: htmlOf(shown, { look, more }) };
}

function htmlOf(
  contents: readonly NoticeContent[],
  { look, more }: { readonly look: MessageLook; readonly more: string | null },
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
  const rest = more === null ? '' : `<p><a href="${escapeHtml(queueOf(look))}">${escapeHtml(more)}</a></p>`;
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
  const rest = more === null ? [] : [{ type: 'context', elements: [link(queueOf(look), more)] }];
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
  const dataOf = (content: NoticeContent): object => {
    const { deadlineAt, safe, ...facts } = content;
    return {
      ...facts,
      deadline: new Date(deadlineAt).toISOString(),
      fields: Object.fromEntries(safe.map(({ name, value }) => [name, value])),
      url: linkOf(content, look),
    };
  };
  return contents.length === 1
    ? { type: `request.${contents[0].kind}`, timestamp, data: dataOf(contents[0]) }
    : { type: 'request.digest', timestamp, data: { notices: contents.map(dataOf) } };
}
