/** The longest a Node timer can run, about 24.8 days: no timeout of a library may count in a measurement. */
export const patienceMs = 2_147_483_647;
