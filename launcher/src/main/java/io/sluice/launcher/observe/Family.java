package io.sluice.launcher.observe;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A metric and its series, as text for Prometheus. Its name and help are plain ASCII. Owned by one thread. */
abstract sealed class Family permits Numbers, Times {

    /** What its numbers are; in the text of Prometheus' own format {@link #INFO} is told as a gauge. */
    enum Kind {
        COUNTER("_total"), GAUGE(""), INFO("_info"), HISTOGRAM("");

        /** What the names of its series add to the family's. */
        final String suffix;

        Kind(String suffix) {
            this.suffix = suffix;
        }
    }

    private final String name;
    private final String help;
    private final Kind kind;
    private final Text series = new Text();

    Family(String name, String help, Kind kind) {
        assert help.indexOf('\\') < 0 && help.indexOf('"') < 0 && help.indexOf('\n') < 0 : help;
        this.name = name;
        this.help = help;
        this.kind = kind;
    }

    /** The name that queries use, or begin with. */
    final String name() {
        return name + kind.suffix;
    }

    /** The family's name without what its series add to it. */
    final String bareName() {
        return name;
    }

    final String help() {
        return help;
    }

    final Kind kind() {
        return kind;
    }

    final Text series() {
        return series;
    }

    /** Writes all of it, or nothing if there are no series. */
    final void writeTo(OutputStream out, PageFormat format) throws IOException {
        if (!series.isEmpty()) {
            out.write(format.head(this).getBytes(StandardCharsets.US_ASCII));
            series.writeTo(out);
        }
    }
}
