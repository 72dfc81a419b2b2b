import type { ReactNode } from 'react';

const hues = 8;

/** One or two letters of a name; never empty. */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/)
    .filter((word) => word !== '');
  const first = letterOf(words[0]);
  const last = words.length > 1 ? letterOf(words[words.length - 1]) : '';
  return `${first}${last}`.toUpperCase() || '?';
}

function letterOf(word: string | undefined): string {
  return word === undefined ? '' : (Array.from(word)[0] ?? '');
}

function hueOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return sum % hues;
}

export interface AvatarProps {
  readonly name: string;
  readonly size?: 'sm' | 'md' | 'lg';
  /** Answering wears the amber ring. */
  readonly doing?: 'looking' | 'answering';
  /** Set when the name stands beside it. */
  readonly named?: 'beside' | 'alone';
}

export function Avatar({ name, size = 'md', doing = 'looking', named = 'alone' }: AvatarProps): ReactNode {
  const look = `av av-${hueOf(name)} ${size === 'md' ? '' : size} ${doing === 'answering' ? 'busy' : ''}`;
  if (named === 'beside') {
    return (
      <span className={look} aria-hidden="true">
        {initialsOf(name)}
      </span>
    );
  }
  const label = doing === 'answering' ? `${name} is answering` : name;
  return (
    <span className={look} role="img" aria-label={label} title={label}>
      {initialsOf(name)}
    </span>
  );
}
