/** PostgreSQL's advisory locks are numbers shared by all who use the database: ours, in one place. */
export const advisoryKeys = { migrate: 4_704_110_301, exclusive: 4_704_110_302 } as const;
