package io.sluice.l7.http;

/** The forms of request targets (RFC 9112, section 3.2). */
public enum TargetForm {
    /** A path and an optional query: {@code /where?q=now}. */
    ORIGIN,
    /** A whole URI of scheme http or https, as sent to proxies. */
    ABSOLUTE,
    /** A host and a port, for CONNECT only. */
    AUTHORITY,
    /** {@code *}, for OPTIONS only. */
    ASTERISK
}
