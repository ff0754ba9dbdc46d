package io.sluice.launcher.admin;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** An answer to a request. Immutable. */
sealed interface Answer {

    String contentType();

    /** Headers beside those that every answer has. */
    Map<String, String> headers();

    /** An answer that is complete. */
    record Whole(int status, String contentType, byte[] body, Map<String, String> headers) implements Answer { }

    /**
     * An answer that goes on until the client disconnects or Sluice ends.
     *
     * @param whenOver run at the end, also if nothing was written, as for HEAD
     */
    record Stream(String contentType, Source source, Runnable whenOver) implements Answer {
        @Override
        public Map<String, String> headers() {
            return Map.of();
        }
    }

    /** Writes a stream; each flush sends what was written to the client at once. */
    interface Source {
        void writeTo(OutputStream out) throws IOException, InterruptedException;
    }

    static Whole json(Object value) {
        return json(200, value);
    }

    static Whole json(int status, Object value) {
        return new Whole(status, "application/json", Json.bytes(value), Map.of());
    }

    static Whole text(int status, String contentType, String text) {
        return new Whole(status, contentType, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** A copy with one more header. */
    static Whole with(Whole answer, String header, String value) {
        Map<String, String> headers = new HashMap<>(answer.headers());
        headers.put(header, value);
        return new Whole(answer.status(), answer.contentType(), answer.body(), headers);
    }
}
