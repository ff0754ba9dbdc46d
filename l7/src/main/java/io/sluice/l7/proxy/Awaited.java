package io.sluice.l7.proxy;

/** What an exchange waits for, which says what time limit it has; see {@link Forwarding#deadlineNs}. */
enum Awaited {
    /** The client, to send the next part of the request's body. */
    CLIENT_TO_SEND,
    /** The client, to take bytes of the response. */
    CLIENT_TO_TAKE,
    /** The server, to take bytes of the request. */
    SERVER_TO_TAKE,
    /** The server, to send the head of the response. */
    SERVER_TO_ANSWER,
    /** The server, to say whether the client should send the body; or the client, to send it without being told. */
    EITHER_TO_GO_ON,
    /** The server, to send the next part of the response's body. */
    SERVER_TO_SEND,
    /** Nothing, or something whose time limit another class keeps: the connect attempt or the tunnel. */
    OTHERS
}
