'use client';

import { type FormEvent, useRef, useState } from 'react';
import { askDoor, type DoorReply } from './ask-door';

export interface DoorForm {
  readonly state: 'ready' | 'sending' | 'leaving';
  /** About the form as a whole. */
  readonly problem: string | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly submit: (event: FormEvent<HTMLFormElement>) => void;
}

export interface DoorOrder {
  readonly path: string;
  /** Sent beside the form's own fields. */
  readonly extra: Readonly<Record<string, string>>;
  readonly done: (value: Readonly<Record<string, unknown>>) => void;
}

const idle = { state: 'ready', problem: null, fields: {} } as const;

/** Sends a form of the door once at a time; what was typed stays, whatever comes back. */
export function useDoorForm(order: DoorOrder): DoorForm {
  const [form, setForm] = useState<Omit<DoorForm, 'submit'>>(idle);
  const busy = useRef(false);

  const settle = (element: HTMLFormElement, reply: DoorReply): void => {
    if (reply.ok) {
      setForm({ ...idle, state: 'leaving' });
      order.done(reply.value);
      return;
    }
    busy.current = false;
    const names = Object.keys(reply.fields);
    setForm({ ...idle, problem: names.length === 0 ? reply.message : null, fields: reply.fields });
    const [first] = names;
    if (first !== undefined) element.querySelector<HTMLInputElement>(`[name="${CSS.escape(first)}"]`)?.focus();
  };

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (busy.current) return;
    busy.current = true;
    const element = event.currentTarget;
    setForm({ ...idle, state: 'sending' });
    void askDoor(order.path, { ...textsOf(element), ...order.extra }).then((reply) => settle(element, reply));
  };

  return { ...form, submit };
}

function textsOf(element: HTMLFormElement): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...new FormData(element)].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
