package io.sluice.l4.database;

import io.sluice.config.LoginConfig.Question;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Function;

/** The operator's own query, and how its answer is judged. */
final class OwnQuery {

    private OwnQuery() { }

    /**
     * Asks it.
     *
     * @param words what the server says with a failure
     * @throws CheckFailedException if it fails, or gives something else than is expected
     * @throws SQLException         if the connection fails
     */
    static void ask(Statement statement, Question question, Function<SQLException, String> words)
            throws CheckFailedException, SQLException {
        statement.setMaxRows(1);
        String answer;
        try {
            answer = firstColumn(statement, question.query());
        } catch (SQLException e) {
            if (statement.getConnection().isClosed()) {
                throw e;
            }
            throw new CheckFailedException(Reason.QUERY_FAILED, words.apply(e), e);
        }
        judge(question, answer);
    }

    /** Compares an answer with what is expected, if anything is; null is no answer. */
    static void judge(Question question, String answer) throws CheckFailedException {
        if (question.expect().isPresent() && !question.expect().get().equals(answer)) {
            throw new CheckFailedException(Reason.UNEXPECTED_ANSWER, (answer == null ? "nothing" : '"' + answer + '"')
                    + " instead of \"" + question.expect().get() + '"');
        }
    }

    /** Of the first row, as text; null if there is none, or it is null. */
    private static String firstColumn(Statement statement, String query) throws SQLException {
        if (!statement.execute(query)) {
            return null;
        }
        try (ResultSet rows = statement.getResultSet()) {
            return rows.next() ? rows.getString(1) : null;
        }
    }
}
