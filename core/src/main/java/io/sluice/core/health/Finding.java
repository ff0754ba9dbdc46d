package io.sluice.core.health;

import io.sluice.core.pool.Role;

/**
 * What a successful check has learned about a server. Immutable.
 *
 * @param role     null if the server did not let the check look: then it keeps the role that it has
 * @param timeline the number of the history that a primary writes: where two servers claim to be primary, the one with
 *                 the greater number is the newer (PostgreSQL's timeline); 0 if the server has none
 * @param detail   for log lines, such as "12 s behind"; empty if there is nothing to say
 */
public record Finding(Role role, long timeline, String detail) {

    /** The server works, and that is all that is known. */
    public static final Finding WORKS = new Finding(Role.UNKNOWN, 0, "");
}
