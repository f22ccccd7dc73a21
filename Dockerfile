# Debian 13: its PostgreSQL client is of version 17, as the server in docker-compose.yml.
FROM python:3.11-slim-trixie

# One arena of memory for all threads: freed memory is used again (benchmarks/README.md).
ENV MALLOC_ARENA_MAX=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    WORKERS=2

# manage.py backup and restore are done by PostgreSQL's own programs.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements/base.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt \
    && useradd --system --user-group --no-create-home register \
    && install --directory --owner=register --mode=0700 /backups

COPY . .
# The settings want a secret to start at all; collecting files uses none, and this one goes nowhere.
RUN SECRET_KEY=only-while-the-image-is-built-0123456789 python manage.py collectstatic --no-input

USER register
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-m", "config.health"]
CMD ["gunicorn", "config.wsgi", "--config", "config/gunicorn.py", "--bind", "0.0.0.0:8000"]
