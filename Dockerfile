# The command line as an image:  docker build --tag changeover .
#
# Plans are not in it. Either mount them where it works, which is /app:
#   docker run --rm --env DATABASE_URL --volume "$PWD/plans:/app/plans:ro" changeover upgrade head
# or, better for a cluster, where a deploy and its plans should be one thing, build an image of your own upon it:
#   FROM registry.example.com/changeover:0.1.0
#   COPY plans /app/plans
# (and a changeover.config.json beside them, if you have one). `plan --write` and `new` write into the folder: mount it without :ro,
# and add  --user "$(id -u):$(id -g)".

FROM node:22-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
# Without scripts: the compiler needs none, and the tests' servers are not run here.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
RUN npm run build

# Apart from the build, so that an edit of the source does not install them again.
FROM node:22-slim AS dependencies
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:22-slim
ENV NODE_ENV=production
WORKDIR /opt/changeover
COPY --from=dependencies /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY package.json LICENSE ./
RUN ln -s /opt/changeover/dist/cli/main.js /usr/local/bin/changeover
WORKDIR /app
# By number, which is what Kubernetes can hold against runAsNonRoot. Any other user will do: nothing is written but plans.
USER 1000:1000
# As the first process, so that SIGTERM reaches it: a worker then hands back what it has begun, and ends with 0.
ENTRYPOINT ["changeover"]
CMD ["--help"]
