package io.sluice.l4.database;

import io.sluice.config.LoginConfig;
import io.sluice.core.log.OneLine;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Maps errors of PostgreSQL and its driver to reasons, by SQLSTATE (PostgreSQL manual, appendix A). */
final class PostgresErrors {

    private static final String REJECTED_BY_DRIVER = "08004";
    private static final String NOT_AUTHORIZED = "28000";

    /** {@code config/DATABASES.md} has the same table. */
    static final Map<String, Reason> BY_STATE = Map.of(
            "28P01", Reason.WRONG_PASSWORD,
            NOT_AUTHORIZED, Reason.NOT_ADMITTED,
            "3D000", Reason.UNKNOWN_DATABASE,
            "42501", Reason.RIGHT_MISSING,
            "53300", Reason.TOO_MANY_CONNECTIONS,
            "57P01", Reason.STARTING_OR_STOPPING,
            "57P02", Reason.STARTING_OR_STOPPING,
            "57P03", Reason.STARTING_OR_STOPPING);

    private PostgresErrors() { }

    /** Explains a failed query. */
    static IOException explained(SQLException e) {
        IOException connection = LoginProbe.connectionFailure(e);
        if (connection != null && serverMessage(e) == null) {
            return connection;
        }
        return new CheckFailedException(BY_STATE.getOrDefault(e.getSQLState(), Reason.SERVER_ERROR), words(e), e);
    }

    /** Explains a failed login. */
    static IOException explained(SQLException e, Dialer dialer, LoginConfig login) {
        if (REJECTED_BY_DRIVER.equals(e.getSQLState()) && serverMessage(e) == null) {
            return new CheckFailedException(rejected(dialer, login), OneLine.of(e.getMessage()), e);
        }
        // The account may be admitted with TLS only. Only the message says so, and only if the server speaks English;
        // otherwise the reason is that of any account that is not admitted.
        boolean mayWantTls = NOT_AUTHORIZED.equals(e.getSQLState()) && !dialer.hasBegunTls()
                && words(e).contains("no encryption");
        return mayWantTls ? new CheckFailedException(Reason.TLS_REQUIRED, words(e), e) : explained(e);
    }

    /**
     * The driver's own refusals all have the same state and translated messages, so the reason follows from the login.
     */
    private static Reason rejected(Dialer dialer, LoginConfig login) {
        if (!login.tls().mayDoWithout() && !dialer.hasBegunTls()) {
            return Reason.TLS_NOT_OFFERED;
        }
        return login.password().isEmpty() ? Reason.PASSWORD_MISSING : Reason.AUTHENTICATION_UNSUPPORTED;
    }

    static String words(SQLException e) {
        ServerErrorMessage server = serverMessage(e);
        String text = server == null ? e.getMessage() : server.getMessage();
        return text + " (" + e.getSQLState() + ")";
    }

    private static ServerErrorMessage serverMessage(SQLException e) {
        return e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
    }
}
