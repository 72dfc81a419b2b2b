/** Characters that hide, reorder or overwrite text: a value to be approved must not look like another one. */
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** The text with every such character spelled out, for example ⟨U+202E⟩. */
export function visibleText(text: string): string {
  return text.replaceAll(
    hidden,
    (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  );
}
