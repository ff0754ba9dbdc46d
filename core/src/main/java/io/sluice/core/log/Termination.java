package io.sluice.core.log;

import java.util.Locale;

/**
 * Why a connection ended, in HAProxy's letters, since users search logs for these: first who or what ended it, then
 * in which phase. Source: HAProxy's configuration manual, section 8.5.
 */
public enum Termination {

    NORMAL("--", "both sides ended in good order"),

    CLIENT_ABORT_REQUEST("CR",
            "the client went away before its request, handshake, PROXY protocol header or what else is inspected was "
                    + "complete"),
    CLIENT_ABORT_RESPONSE("CH", "the client went away before the response began"),
    CLIENT_ABORT_QUEUE("CQ", "the client went away while it waited for a server slot"),
    CLIENT_ABORT_CONNECT("CC", "the client went away before a server was connected"),
    CLIENT_ABORT_DATA("CD", "the client reset the connection, or ended it in the middle of its request"),
    CLIENT_TIMEOUT_REQUEST("cR",
            "the client's request, handshake, PROXY protocol header or what else is inspected did not arrive in time"),
    CLIENT_TIMEOUT_DATA("cD", "nothing moved on the client side for as long as timeouts allow"),

    SERVER_REFUSED("SC", "no server could be connected: none is up, or all attempts failed"),
    SERVER_TIMEOUT_CONNECT("sC", "the last connection attempt timed out"),
    SERVER_TIMEOUT_QUEUE("sQ", "no server slot became free, or no server appeared, in time"),
    SERVER_ABORT_RESPONSE("SH", "the server went away before its response began"),
    SERVER_TIMEOUT_RESPONSE("sH", "the server's response did not begin in time"),
    SERVER_ABORT_DATA("SD", "the server reset the connection, or ended it in the middle of a response"),
    SERVER_TIMEOUT_DATA("sD", "nothing moved on the server side for as long as timeouts allow"),

    PROXY_DENIED("PR",
            "Sluice refused the client or its request: address, limits of a client, PROXY protocol header, TLS, "
                    + "malformed, no route"),
    PROXY_REFUSED_RESPONSE("PH",
            "Sluice refused what the server answered first: a malformed head, or no TLS where it was needed"),
    PROXY_REFUSED_DATA("PD", "Sluice refused the body of a message as malformed"),
    LOCAL("LR", "Sluice answered by itself, as a route says"),
    PROXY_QUEUE_FULL("PQ", "Sluice refused the client: the pool's queue was full"),
    RESOURCE_CONNECT("RC", "Sluice could not open a connection: file descriptors, ports or memory ran out"),
    DOWN_DATA("DD", "the server went down and the pool closes connections then"),
    ROLE_DATA("UD", "the server is not the primary any more and the pool closes connections then"),
    FAILBACK_DATA("BD", "a better server came back and the pool closes connections then"),
    OPERATOR("OD", "an operator ended the session"),
    KILLED_QUEUE("KQ", "Sluice stopped while the client waited for a server slot"),
    KILLED_CONNECT("KC", "Sluice stopped before a server was connected"),
    KILLED_DATA("KD", "Sluice stopped and the drain timeout had passed"),
    INTERNAL_ERROR("ID", "a bug in Sluice, which its operational log describes");

    private final String code;
    private final String meaning;
    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    Termination(String code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** The name in kebab-case, as counters have it. */
    public String label() {
        return label;
    }

    /** Whether Sluice had no server for the client, or the client's request or handshake did not arrive in time. */
    public boolean isRefusal() {
        return switch (this) {
            case CLIENT_TIMEOUT_REQUEST, SERVER_REFUSED, SERVER_TIMEOUT_CONNECT, SERVER_TIMEOUT_QUEUE,
                 PROXY_QUEUE_FULL, RESOURCE_CONNECT -> true;
            default -> false;
        };
    }

    /** Whether a session or response that had begun was broken off because of the server. */
    public boolean isServersBreak() {
        return switch (this) {
            case SERVER_ABORT_DATA, SERVER_TIMEOUT_DATA, PROXY_REFUSED_DATA, DOWN_DATA, ROLE_DATA,
                 FAILBACK_DATA -> true;
            default -> false;
        };
    }

    /** The two letters. */
    public String code() {
        return code;
    }

    /** The reason as one clause, for people. */
    public String meaning() {
        return meaning;
    }
}
