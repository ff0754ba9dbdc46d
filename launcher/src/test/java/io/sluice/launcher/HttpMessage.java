package io.sluice.launcher;

import java.util.List;

/**
 * A request or response as it came over the wire. Immutable.
 *
 * @param head     the start line and the field lines, without their ends
 * @param body     without chunks
 * @param trailers the field lines behind a chunked body
 */
public record HttpMessage(List<String> head, String body, List<String> trailers) {

    public String startLine() {
        return head.getFirst();
    }

    public int status() {
        return Integer.parseInt(startLine().split(" ", 3)[1]);
    }

    /** A request's target. */
    public String target() {
        return startLine().split(" ", 3)[1];
    }

    /** The values of all fields of that name, in order. */
    List<String> fields(String name) {
        return head.stream().skip(1).filter(line -> nameOf(line).equalsIgnoreCase(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).toList();
    }

    /** The value of the only field of that name; empty if there is none. */
    public String field(String name) {
        List<String> values = fields(name);
        if (values.size() > 1) {
            throw new AssertionError(name + " is there more than once: " + values);
        }
        return values.isEmpty() ? "" : values.getFirst();
    }

    public boolean has(String name) {
        return !fields(name).isEmpty();
    }

    private static String nameOf(String line) {
        return line.substring(0, line.indexOf(':'));
    }
}
