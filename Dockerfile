# Commit Life as it runs on a server. Stages: htmx and packages are made, app is what serves;
# pgbouncer, certbot and offsite are the small neighbours that no public image is taken for.
ARG PYTHON=python:3.13-slim

FROM node:22-slim AS htmx
WORKDIR /htmx
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM ${PYTHON} AS packages
COPY requirements.txt /
# Wheels only: a compiler has no place here. pip goes when its work is done, and of what Babel knows
# all but the languages that are spoken: 31 MB.
RUN python -m venv /venv \
 && /venv/bin/pip install --quiet --no-cache-dir --disable-pip-version-check --only-binary=:all: \
    --require-hashes --requirement /requirements.txt \
 && /venv/bin/pip uninstall --quiet --yes pip \
 && find /venv -path '*/babel/locale-data/*.dat' ! -name 'en*.dat' ! -name root.dat -delete

FROM ${PYTHON} AS app
LABEL org.opencontainers.image.title="Commit Life" \
      org.opencontainers.image.description="A habit tracker with a small creature that grows with you"
# What the metrics call this build.
ARG REVISION=unknown
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 REVISION=$REVISION
# How glibc gives memory back; why stands in app/config/, which does the same for `make run`.
ENV MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=131072
WORKDIR /srv/commit-life
# The folders are mount points; a new volume takes their owner over. 999 is postgres, who backs up.
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin commit-life \
 && install --directory --owner 10001 --group 10001 /static \
 && install --directory --owner 10001 --group 10001 --mode 700 /letters \
 && install --directory --owner 999 --group 999 /backups
COPY --from=packages /venv /venv
COPY --from=htmx /htmx/node_modules/htmx.org/dist/htmx.min.js node_modules/htmx.org/dist/
COPY migrations migrations
COPY app app
COPY wsgi.py deploy/app/serve ./
RUN python -m compileall -q app migrations wsgi.py && python -m app.publish static
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["./serve"]

FROM ${PYTHON} AS pgbouncer
# hadolint ignore=DL3008
RUN apt-get update -qq && apt-get install -qq --yes --no-install-recommends pgbouncer \
 && rm -rf /var/lib/apt/lists/*
USER 10001:10001
CMD ["/deploy/start.sh"]

FROM ${PYTHON} AS certbot
# hadolint ignore=DL3008
RUN apt-get update -qq && apt-get install -qq --yes --no-install-recommends certbot \
 && rm -rf /var/lib/apt/lists/* \
 && install --directory --owner 101 --group 101 /certs
# nginx's own user, so that nginx can read what is written.
USER 101:101
CMD ["/deploy/start.sh"]

FROM ${PYTHON} AS offsite
# hadolint ignore=DL3008
RUN apt-get update -qq && apt-get install -qq --yes --no-install-recommends curl ca-certificates \
 && rm -rf /var/lib/apt/lists/*
USER 999:999
CMD ["/deploy/send.sh"]
