"""The cache of drawn pages: in the process, or in Redis for all processes together.

A key says everything that its body depends on, so nothing here is ever out of date, only unused.
"""

import hmac
from collections import OrderedDict
from hashlib import blake2b
from threading import Lock
from typing import Protocol, cast

import redis

from app.infra.circuit import Circuit

# Some 120 pages of a busy day. Whoever has more people than that at a time has a Redis.
_MOST_BYTES = 4 * 1024 * 1024
_STORED_SECONDS = 3600
_SIGNATURE_BYTES = 32
_PREFIX = "commit-life:drawn:"
# A second try would make a request wait for a frozen Redis twice.
REDIS_TIMEOUTS = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}


class Cache(Protocol):
    """Where bodies are stored for a while."""

    def get(self, key: str) -> bytes | None:
        """Return the body stored under `key`, None when there is none (any more)."""

    def put(self, key: str, body: bytes) -> None:
        """Store `body` under `key` for a while."""


def at(redis_url: str | None, secret: str) -> Cache:
    """Return the cache in the Redis at `redis_url`, or that of this process for None.

    What lies in Redis is signed with a key made of `secret`.
    """
    return Shared(redis_url, secret) if redis_url else Own()


class Own:
    """The cache of this process, bounded in bytes; what was not asked for longest goes first."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._bytes, self._most_bytes = 0, most_bytes
        self._lock = Lock()

    def get(self, key: str) -> bytes | None:
        """Return the body stored under `key`, None when there is none (any more)."""
        with self._lock:
            body = self._bodies.get(key)
            if body is not None:
                self._bodies.move_to_end(key)
            return body

    def put(self, key: str, body: bytes) -> None:
        """Store `body` under `key`; the oldest make room for it."""
        with self._lock:
            self._bytes -= len(self._bodies.pop(key, b""))
            self._bodies[key] = body
            self._bytes += len(body)
            while self._bytes > self._most_bytes:
                _oldest, gone = self._bodies.popitem(last=False)
                self._bytes -= len(gone)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._bodies.clear()
            self._bytes = 0


class Shared:
    """The cache in Redis. While that is away, each process uses its own: nobody waits for it.

    A Redis has other writers than this app, or may come to have some: each body is signed
    together with its key, and one that is not signed so is as good as none.
    """

    def __init__(self, redis_url: str, secret: str) -> None:
        self._signs = blake2b(secret.encode(), person=b"cached pages").digest()
        self._redis = redis.Redis.from_url(redis_url, **REDIS_TIMEOUTS)
        self._circuit = Circuit()
        self._own = Own()

    def get(self, key: str) -> bytes | None:
        """Return the body stored under `key`, None when there is none (any more)."""
        if self._circuit.lets_through():
            try:
                body = cast(bytes | None, self._redis.get(_PREFIX + key))
            except redis.RedisError:
                self._circuit.open()
            else:
                self._circuit.close()
                return self._opened(key, body or b"")
        return self._own.get(key)

    def put(self, key: str, body: bytes) -> None:
        """Store `body` under `key` for an hour."""
        if self._circuit.lets_through():
            try:
                self._redis.set(
                    _PREFIX + key, self._signature(key, body) + body, ex=_STORED_SECONDS
                )
            except redis.RedisError:
                self._circuit.open()
            else:
                self._circuit.close()
                return
        self._own.put(key, body)

    def _opened(self, key: str, signed: bytes) -> bytes | None:
        signature, body = signed[:_SIGNATURE_BYTES], signed[_SIGNATURE_BYTES:]
        return body if hmac.compare_digest(signature, self._signature(key, body)) else None

    def _signature(self, key: str, body: bytes) -> bytes:
        # The length in front, so that the same bytes cannot be cut into another key and body.
        said = f"{len(key)}:{key}".encode()
        digest = blake2b(said, key=self._signs, digest_size=_SIGNATURE_BYTES)
        digest.update(body)
        return digest.digest()
