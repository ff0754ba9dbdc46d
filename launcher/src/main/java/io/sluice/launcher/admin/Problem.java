package io.sluice.launcher.admin;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Why a request is refused, in the form that the caller gets (RFC 9457). Immutable. */
final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String title;
    private final transient List<String> errors;
    private final transient Map<String, String> headers;
    private final transient Optional<String> file;

    private Problem(int status, String title, String detail, List<String> errors, Map<String, String> headers,
                    Optional<String> file) {
        super(detail);
        this.status = status;
        this.title = title;
        this.errors = List.copyOf(errors);
        this.headers = Map.copyOf(headers);
        this.file = file;
    }

    static Problem of(int status, String title, String detail) {
        return new Problem(status, title, detail, List.of(), Map.of(), Optional.empty());
    }

    /** A problem with a header that the status requires. */
    static Problem with(int status, String title, String detail, String header, String value) {
        return new Problem(status, title, detail, List.of(), Map.of(header, value), Optional.empty());
    }

    static Problem badRequest(String detail) {
        return of(400, "Bad request", detail);
    }

    static Problem notFound(String what) {
        return of(404, "Not found", what);
    }

    /** A configuration that cannot be put in force. @param errors each with its place in the text */
    static Problem invalid(List<String> errors) {
        return new Problem(422, "The configuration cannot be used", String.join("\n", errors), errors, Map.of(),
                Optional.empty());
    }

    /** This problem, with the configuration file that was read, by its absolute path. */
    Problem in(Path read) {
        return new Problem(status, title, getMessage(), errors, headers, Optional.of(read.toAbsolutePath().toString()));
    }

    int status() {
        return status;
    }

    Answer.Whole answer() {
        Body body = new Body("about:blank", title, status, getMessage(), errors, file);
        return new Answer.Whole(status, "application/problem+json", Json.bytes(body), headers);
    }

    /** The members of the answer. */
    private record Body(String type, String title, int status, String detail, List<String> errors,
                        Optional<String> file) { }
}
