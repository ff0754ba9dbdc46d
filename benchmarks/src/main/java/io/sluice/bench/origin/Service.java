package io.sluice.bench.origin;

/** What an origin does on its connections. */
public enum Service {
    /** HTTP/1.1; see {@link AnswerSpec} for what URLs ask for. */
    HTTP,
    /** TCP: echoes the bytes received. */
    ECHO,
    /** TCP: sends without end and does not read. */
    SEND,
    /** TCP: reads without end and sends nothing. */
    DISCARD
}
