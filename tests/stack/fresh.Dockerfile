# A fresh machine: Python, make, and a checkout in which nothing was made yet but `.venv`. HTMX is
# left out, since there is no npm.
ARG PYTHON=python:3.13-slim

FROM ${PYTHON} AS root
RUN apt-get update -qq && apt-get install -qq --yes --no-install-recommends make \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /commit-life
COPY requirements.txt requirements-dev.txt Makefile ./
COPY .ci .ci
RUN make .venv
COPY . .
RUN touch .venv/.ready
# PID 1 waits for nobody: what is killed stays a zombie.
CMD ["sleep", "infinity"]

FROM root AS ordinary
RUN useradd --create-home somebody && chown --recursive somebody /commit-life
USER somebody

# A clone in root's own folder, which is closed to everybody else.
FROM root AS private
RUN chmod 700 /root && mv /commit-life /root/commit-life
WORKDIR /root/commit-life
