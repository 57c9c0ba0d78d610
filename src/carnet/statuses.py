"""The HTTP status of each kind of refusal (R4 §3.1.0.4, RFC 9110 §15)."""

from __future__ import annotations

from carnet.record.errors import ErrorKind

STATUSES: dict[ErrorKind, int] = {
    ErrorKind.SYNTAX: 400,
    ErrorKind.RULE: 422,
    ErrorKind.UNAUTHENTICATED: 401,
    ErrorKind.FORBIDDEN: 403,
    ErrorKind.ABSENT: 404,
    ErrorKind.CONFLICT: 409,
    ErrorKind.PRECONDITION: 412,
    ErrorKind.METHOD: 405,
    ErrorKind.NOT_ACCEPTABLE: 406,
    ErrorKind.TOO_LARGE: 413,
    ErrorKind.UNSUPPORTED: 415,
    ErrorKind.SLOW: 408,
    ErrorKind.THROTTLED: 429,
    ErrorKind.BUSY: 503,
    ErrorKind.FULL: 507,  # RFC 4918 §11.5
    ErrorKind.DEFECT: 500,
}
