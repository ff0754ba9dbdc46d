package io.sluice.l7.http;

/** The state of parsing a message head. */
public enum Outcome {
    /** All bytes given were taken; the head needs more. */
    INCOMPLETE,
    /** The head is whole and valid; the first byte behind it was not taken. */
    COMPLETE,
    /** The head must not be acted on; the parser's {@code error()} says why. */
    REFUSED
}
