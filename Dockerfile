# Holdpoint in a container: docker build -t holdpoint .
# How to run it, keep its data, back it up and upgrade it: docs/operations.md

FROM node:20-bookworm-slim AS build
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
# Only what the built server needs stays.
RUN npm run build \
  && npm prune --omit=dev --no-audit --no-fund \
  && rm -rf .next/cache

FROM node:20-bookworm-slim
# pg_dump and pg_restore, for "holdpoint backup" of a PostgreSQL of this version or an older one.
RUN apt-get update \
  && apt-get install -y --no-install-recommends postgresql-client \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production \
    NEXT_TELEMETRY_DISABLED=1 \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATABASE_URL=sqlite:/data/holdpoint.db
WORKDIR /app
# The program belongs to root: what runs as "node" cannot change it.
COPY --from=build /app/package.json /app/next.config.ts ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/scripts ./scripts
COPY --from=build /app/.next ./.next
COPY --from=build /app/dist ./dist
# "holdpoint backup" and its like: npx would want to write.
RUN ln -s /app/scripts/holdpoint.mjs /usr/local/bin/holdpoint
RUN mkdir /data && chown node:node /data && chmod 700 /data
VOLUME /data
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Servers that are started as a command leave processes behind when they are killed: run it with an init (--init).
CMD ["node", "--enable-source-maps", "dist/server/main.js"]
