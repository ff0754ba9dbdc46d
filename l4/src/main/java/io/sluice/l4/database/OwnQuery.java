package io.sluice.l4.database;

import io.sluice.config.LoginConfig.Question;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Function;

/** Makes the operator's own query and judges its answer. */
final class OwnQuery {

    private OwnQuery() { }

    /**
     * Makes the query.
     *
     * @param words extracts what the server says from a failure
     * @throws CheckFailedException if the query fails or has an unexpected answer
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

    /** Compares an answer with the expected one, if there is one. Null is no answer. */
    static void judge(Question question, String answer) throws CheckFailedException {
        if (question.expect().isPresent() && !question.expect().get().equals(answer)) {
            throw new CheckFailedException(Reason.UNEXPECTED_ANSWER, (answer == null ? "nothing" : '"' + answer + '"')
                    + " instead of \"" + question.expect().get() + '"');
        }
    }

    /** The first row's first column as text; null if there is no row, or if it is null. */
    private static String firstColumn(Statement statement, String query) throws SQLException {
        if (!statement.execute(query)) {
            return null;
        }
        try (ResultSet rows = statement.getResultSet()) {
            return rows.next() ? rows.getString(1) : null;
        }
    }
}
