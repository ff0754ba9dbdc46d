package io.sluice.l7.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The bodies of error answers: an operator's own pages where there are some. Immutable. */
public final class ErrorPages {

    private static final byte[] HTML = Ascii.bytes("text/html; charset=utf-8");
    private static final byte[] JSON = Ascii.bytes("application/json");

    /** Without pages of an operator's own. */
    public static final ErrorPages BUILT_IN = new ErrorPages(Map.of());

    private final Map<Integer, Page> own;
    private final Page[] html = new Page[600];
    private final Page[] json = new Page[600];

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
        for (Reason reason : Reason.values()) {
            html[reason.status()] = new Page(HTML, htmlBody(reason));
            json[reason.status()] = new Page(JSON, jsonBody(reason));
        }
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

    /** The page for a status that {@link Reason} knows. */
    Page page(int status, boolean jsonWanted) {
        Page page = own.get(status);
        if (page != null) {
            return page;
        }
        return jsonWanted ? json[status] : html[status];
    }

    private static byte[] contentType(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".json")) {
            return JSON;
        }
        return name.endsWith(".txt") ? Ascii.bytes("text/plain; charset=utf-8") : HTML;
    }

    private static byte[] htmlBody(Reason reason) {
        String title = reason.status() + " " + reason.phrase();
        return Ascii.bytes("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title
                + "</title></head>\n<body><h1>" + title + "</h1></body></html>\n");
    }

    private static byte[] jsonBody(Reason reason) {
        return Ascii.bytes("{\"status\":" + reason.status() + ",\"error\":\"" + reason.phrase() + "\"}\n");
    }
}
