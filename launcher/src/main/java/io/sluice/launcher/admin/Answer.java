package io.sluice.launcher.admin;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What is answered to a request. Immutable. */
public sealed interface Answer {

    String contentType();

    /** Headers beside those that every answer has. */
    Map<String, String> headers();

    /** One that is at hand. */
    record Whole(int status, String contentType, byte[] body, Map<String, String> headers) implements Answer { }

    /**
     * One that goes on until its client has enough of it, or Sluice ends.
     *
     * @param whenOver run at the end, even if nothing was written: to HEAD there is nothing to write
     */
    record Stream(String contentType, Source source, Runnable whenOver) implements Answer {
        @Override
        public Map<String, String> headers() {
            return Map.of();
        }
    }

    /** Writes an answer while it comes about; each write reaches the client at once. */
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

    /** The same with one more header. */
    static Whole with(Whole answer, String header, String value) {
        Map<String, String> headers = new HashMap<>(answer.headers());
        headers.put(header, value);
        return new Whole(answer.status(), answer.contentType(), answer.body(), headers);
    }
}
