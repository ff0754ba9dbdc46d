package io.sluice.l4.database;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;

/** Maps errors of MySQL, MariaDB and their driver to reasons, by error number (the servers' error references). */
final class MySqlErrors {

    /** {@code config/DATABASES.md} has the same table. */
    static final Map<Integer, Reason> BY_NUMBER = Map.ofEntries(
            Map.entry(1040, Reason.TOO_MANY_CONNECTIONS),
            Map.entry(1044, Reason.RIGHT_MISSING),
            Map.entry(1045, Reason.WRONG_PASSWORD),
            Map.entry(1047, Reason.NOT_IN_CLUSTER),
            Map.entry(1049, Reason.UNKNOWN_DATABASE),
            Map.entry(1053, Reason.STARTING_OR_STOPPING),
            Map.entry(1129, Reason.HOST_BLOCKED),
            Map.entry(1130, Reason.NOT_ADMITTED),
            Map.entry(1142, Reason.RIGHT_MISSING),
            Map.entry(1203, Reason.TOO_MANY_CONNECTIONS),
            Map.entry(1226, Reason.TOO_MANY_CONNECTIONS),
            Map.entry(1227, Reason.RIGHT_MISSING),
            Map.entry(1251, Reason.AUTHENTICATION_UNSUPPORTED),
            Map.entry(1524, Reason.AUTHENTICATION_UNSUPPORTED),
            Map.entry(1698, Reason.NOT_ADMITTED),
            Map.entry(1820, Reason.NOT_ADMITTED),
            Map.entry(1862, Reason.NOT_ADMITTED),
            Map.entry(3118, Reason.NOT_ADMITTED),
            Map.entry(3159, Reason.TLS_REQUIRED),
            Map.entry(4151, Reason.NOT_ADMITTED));

    private MySqlErrors() { }

    /** Explains a failed query. */
    static IOException explained(SQLException e) {
        IOException connection = LoginProbe.connectionFailure(e);
        if (connection != null) {
            return connection;
        }
        int number = ofServer(e).getErrorCode();
        return new CheckFailedException(BY_NUMBER.getOrDefault(number, Reason.SERVER_ERROR), words(e), e);
    }

    /** Explains a failed login. */
    static IOException explained(SQLException e, Dialer dialer, boolean tlsWanted) {
        boolean atDriver = isOfDriver(e) && LoginProbe.connectionFailure(e) == null;
        // Between the server's greeting and TLS the driver itself fails for this reason only.
        return atDriver && tlsWanted && dialer.socket() != null && !dialer.hasBegunTls()
                ? new CheckFailedException(Reason.TLS_NOT_OFFERED, "", e) : explained(e);
    }

    /** The server's error, which the driver wraps if it was the answer to the driver's first commands. */
    private static SQLException ofServer(SQLException e) {
        return isOfDriver(e) && e.getCause() instanceof SQLException cause ? ofServer(cause) : e;
    }

    /** Whether the error is the driver's own: servers number theirs from 1 on. */
    private static boolean isOfDriver(SQLException e) {
        return e.getErrorCode() <= 0;
    }

    /** What the server says, without the session's number that the driver puts in front. */
    static String words(SQLException e) {
        SQLException said = ofServer(e);
        String text = String.valueOf(said.getMessage()).replaceFirst("^\\(conn=\\d+\\) ", "");
        return isOfDriver(said) ? text : text + " (" + said.getErrorCode() + ")";
    }
}
