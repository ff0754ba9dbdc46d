package io.sluice.l4.database;

/** Why a check that logs in fails, in words that all databases share. {@code config/DATABASES.md} lists them all. */
enum Reason {

    PASSWORD_UNREADABLE("the password cannot be read"),
    PASSWORD_MISSING("the account has a password and the check has none"),
    WRONG_PASSWORD("wrong user or password"),
    HOST_BLOCKED("the server has blocked this host"),
    NOT_ADMITTED("the server does not admit the account from here"),
    AUTHENTICATION_UNSUPPORTED("the server wants a kind of authentication that the check does not know"),
    TLS_REQUIRED("the server demands TLS"),
    TLS_NOT_OFFERED("the server has no TLS"),
    TLS_FAILED("TLS failed"),
    CERTIFICATE_NOT_TRUSTED("the server's certificate is not to be trusted"),
    UNKNOWN_DATABASE("no such database"),
    RIGHT_MISSING("the account lacks a right"),
    TOO_MANY_CONNECTIONS("the server is full"),
    STARTING_OR_STOPPING("the server is starting or stopping"),
    NOT_IN_CLUSTER("the node is not in step with its cluster"),
    QUERY_FAILED("the query failed"),
    UNEXPECTED_ANSWER("the query did not give what is expected"),
    OTHER_PROTOCOL("this is no such server"),
    SERVER_ERROR("the server reports an error");

    private final String sentence;

    Reason(String sentence) {
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }

    /** Whether only a new session sees that the cause is gone: a server may give rights at login and then no more. */
    boolean lastsForASession() {
        return this == RIGHT_MISSING || this == QUERY_FAILED;
    }
}
