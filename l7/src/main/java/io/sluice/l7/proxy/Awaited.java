package io.sluice.l7.proxy;

/** Whom an exchange waits for, and to do what: there is a time limit for each. */
enum Awaited {
    /** The next part of the request's body. */
    CLIENT_TO_SEND,
    /** What was written for the client. */
    CLIENT_TO_TAKE,
    /** What was written of the request. */
    SERVER_TO_TAKE,
    /** The head of the response. */
    SERVER_TO_ANSWER,
    /** The next part of the response's body. */
    SERVER_TO_SEND,
    /** Nobody, or others watch the time. */
    OTHERS
}
