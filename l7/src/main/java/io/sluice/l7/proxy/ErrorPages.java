package io.sluice.l7.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The bodies of error answers: the operator's pages, and built-in ones for all other statuses. Immutable. */
public final class ErrorPages {

    private static final byte[] HTML = Ascii.bytes("text/html; charset=utf-8");
    private static final byte[] JSON = Ascii.bytes("application/json");
    private static final Page[] HTML_PAGES = new Page[Status.CODES];
    private static final Page[] JSON_PAGES = new Page[Status.CODES];

    static {
        for (Status status : Status.values()) {
            HTML_PAGES[status.code()] = new Page(HTML, htmlBody(status));
            JSON_PAGES[status.code()] = new Page(JSON, jsonBody(status));
        }
    }

    /** The built-in pages alone. */
    public static final ErrorPages BUILT_IN = new ErrorPages(Map.of());

    private final Map<Integer, Page> own;

    /** A body and its media type. */
    record Page(byte[] contentType, byte[] body) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Page page && Arrays.equals(contentType, page.contentType)
                    && Arrays.equals(body, page.body);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(body);
        }
    }

    private ErrorPages(Map<Integer, Page> own) {
        this.own = own;
    }

    /** Reads an operator's pages. @throws IOException if one cannot be read */
    public static ErrorPages read(Map<Integer, Path> files) throws IOException {
        Map<Integer, Page> pages = new HashMap<>();
        for (Map.Entry<Integer, Path> file : files.entrySet()) {
            pages.put(file.getKey(), new Page(contentType(file.getValue()), Files.readAllBytes(file.getValue())));
        }
        return new ErrorPages(pages);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ErrorPages pages && own.equals(pages.own);
    }

    @Override
    public int hashCode() {
        return own.hashCode();
    }

    /** The page for a status that {@link Status} knows: the operator's, unless JSON is wanted and it is none. */
    Page page(int status, boolean jsonWanted) {
        Page builtIn = jsonWanted ? JSON_PAGES[status] : HTML_PAGES[status];
        Page page = own.getOrDefault(status, builtIn);
        return jsonWanted && page.contentType() != JSON ? builtIn : page;
    }

    private static byte[] contentType(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".json")) {
            return JSON;
        }
        return name.endsWith(".txt") ? Ascii.bytes("text/plain; charset=utf-8") : HTML;
    }

    private static byte[] htmlBody(Status status) {
        String title = status.code() + " " + status.phrase();
        return Ascii.bytes("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title
                + "</title></head>\n<body><h1>" + title + "</h1></body></html>\n");
    }

    private static byte[] jsonBody(Status status) {
        return Ascii.bytes("{\"status\":" + status.code() + ",\"error\":\"" + status.phrase() + "\"}\n");
    }
}
