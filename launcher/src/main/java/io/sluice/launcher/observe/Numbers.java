package io.sluice.launcher.observe;

import java.nio.charset.StandardCharsets;

/** A metric of single numbers. Owned by one thread. */
final class Numbers extends Family {

    private final byte[] start;

    Numbers(String name, String help, Kind kind) {
        super(name, help, kind);
        start = name().getBytes(StandardCharsets.US_ASCII);
    }

    void add(double value, Labels labels) {
        series().append(start);
        if (!labels.areNone()) {
            series().append('{').append(labels.bytes()).append('}');
        }
        series().append(' ').append(value).append('\n');
    }
}
