/** What a colour repeats; the words beside it carry the meaning. */
export type Tone = 'plain' | 'person' | 'ok' | 'danger' | 'work' | 'model';
