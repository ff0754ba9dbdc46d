package io.sluice.launcher.observe;

import io.sluice.launcher.observe.Family.Kind;
import java.util.Locale;

/**
 * A format of metrics: Prometheus' text exposition format or OpenMetrics 1.0. Both write series alike; they differ in
 * the heads of metrics and in the end of a page.
 */
enum PageFormat {
    PROMETHEUS("text/plain; version=0.0.4; charset=utf-8", "") {
        @Override
        String head(Family family) {
            String kind = family.kind() == Kind.INFO ? label(Kind.GAUGE) : label(family.kind());
            return "# HELP " + family.name() + ' ' + family.help() + "\n# TYPE " + family.name() + ' ' + kind + '\n';
        }
    },
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8", "# EOF\n") {
        @Override
        String head(Family family) {
            return "# TYPE " + family.bareName() + ' ' + label(family.kind()) + "\n# HELP " + family.bareName() + ' '
                    + family.help() + '\n';
        }
    };

    private final String contentType;
    private final String end;

    PageFormat(String contentType, String end) {
        this.contentType = contentType;
        this.end = end;
    }

    /** The format to answer with. @param accept the value of the request's Accept header; may be empty */
    static PageFormat of(String accept) {
        return accept.contains("application/openmetrics-text") ? OPEN_METRICS : PROMETHEUS;
    }

    /** The lines before a metric's series. */
    abstract String head(Family family);

    String contentType() {
        return contentType;
    }

    /** The text after all metrics. */
    String end() {
        return end;
    }

    private static String label(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
