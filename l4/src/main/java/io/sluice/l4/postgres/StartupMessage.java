package io.sluice.l4.postgres;

/**
 * Who a client claims to be, for logs: each name cut to at most {@link #MOST_BYTES} bytes. Immutable.
 *
 * @param user        null if it was not sent
 * @param database    the user if it was not sent, as for the server
 * @param application null if it was not sent
 */
public record StartupMessage(String user, String database, String application) {

    /** More than PostgreSQL keeps of any of them (NAMEDATALEN). */
    public static final int MOST_BYTES = 64;
}
