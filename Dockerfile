# Girih in a container: build with `docker compose build`, run with `docker compose up` (see compose.yml).

FROM node:22-bookworm-slim AS frontend
WORKDIR /girih
COPY package.json package-lock.json .npmrc build.mjs ./
RUN npm ci --ignore-scripts
COPY core core
COPY addons addons
RUN node build.mjs

FROM python:3.11-slim-bookworm AS package
WORKDIR /girih
COPY setup.cfg setup.py pyproject.toml README.md ./
COPY i18n i18n
COPY addons addons
COPY --from=frontend /girih/core core
RUN pip wheel --no-cache-dir --wheel-dir /wheels .

FROM python:3.11-slim-bookworm
RUN useradd --create-home --uid 1000 girih && install --directory --owner girih /data
RUN --mount=type=bind,from=package,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels girih
USER girih
WORKDIR /data
ENV GIRIH_DATA=/data GIRIH_HOST=0.0.0.0 GIRIH_PORT=8000 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["girih", "serve"]
