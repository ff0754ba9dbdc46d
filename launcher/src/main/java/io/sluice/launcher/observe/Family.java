package io.sluice.launcher.observe;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A metric and its series, as text for Prometheus. Its name and help are plain ASCII. Owned by one thread. */
abstract sealed class Family permits Numbers, Times {

    /** The metric's type. Prometheus' own format has no {@link #INFO} and gets a gauge instead. */
    enum Kind {
        COUNTER("_total"), GAUGE(""), INFO("_info"), HISTOGRAM("");

        /** What follows the family's name in the names of its series. */
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

    /** The name of the series, or for a histogram their common prefix. */
    final String name() {
        return name + kind.suffix;
    }

    /** The family's name without the suffix of its series. */
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

    /** Writes head and series; nothing if there are no series. */
    final void writeTo(OutputStream out, PageFormat format) throws IOException {
        if (!series.isEmpty()) {
            out.write(format.head(this).getBytes(StandardCharsets.US_ASCII));
            series.writeTo(out);
        }
    }
}
