# One image, two commands: `npm run web` (the default) and `npm run worker`. `npm run migrate` and `npm run seed` prepare the database.
FROM node:24.11.1-bookworm-slim AS build
WORKDIR /playgraph
# Prisma's packages would download an engine that Playgraph does not use.
ENV PRISMA_SCHEMA_ENGINE_BINARY=/bin/true PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY . .
RUN npm run generate && npm run build && npm prune --omit=dev

FROM node:24.11.1-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /playgraph
COPY --from=build --chown=root:root /playgraph ./
# The image's own account; it owns no file of the program.
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["node_modules/.bin/node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["npm", "run", "--silent", "web"]
