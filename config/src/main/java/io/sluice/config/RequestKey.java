package io.sluice.config;

/**
 * The part of a request that decides a choice, so that equal parts lead to equal choices. Of several parts with one
 * name, the first counts. Immutable.
 *
 * @param name the name of the header, cookie or query parameter; empty string for path and client
 */
public record RequestKey(Part part, String name) {

    /** The path, without the query. */
    public static final RequestKey BY_PATH = new RequestKey(Part.PATH, "");
    /** The client's address. */
    public static final RequestKey BY_CLIENT = new RequestKey(Part.CLIENT, "");

    public RequestKey {
        Checks.that((part == Part.PATH || part == Part.CLIENT) == name.isEmpty(),
                "header, cookie and query need a name, path and client have none");
    }

    /** Which part. */
    public enum Part { HEADER, COOKIE, QUERY, PATH, CLIENT }
}
