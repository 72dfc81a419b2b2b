/**
 * Of a write that failed the database may have done all the same, and only its word been lost: what `find` finds was
 * done. Null there is that it was not; what cannot be looked for counts as failed, with the error of the write.
 */
export async function foundAfter<T>(write: () => Promise<T>, find: () => Promise<T | null>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const found = await find().catch(() => null);
    if (found === null) throw error;
    return found;
  }
}
