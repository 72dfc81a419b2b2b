/** `target` with some of its members replaced; everything else goes to `target` itself, private fields included. */
export function overlay<T extends object>(target: T, instead: Partial<T>): T {
  return new Proxy(target, {
    get: (_target, name): unknown => {
      const own: unknown = Reflect.get(instead, name);
      if (own !== undefined) return own;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function'
        ? (...given: unknown[]): unknown => Reflect.apply(member, target, given)
        : member;
    },
  });
}
