package io.sluice.launcher;

import io.sluice.bench.load.LoadResult;
import io.sluice.bench.report.HistogramLog;
import io.sluice.bench.report.HtmlReport;
import io.sluice.bench.report.JsonReport;
import io.sluice.bench.report.TextReport;
import io.sluice.launcher.control.LaunchException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of {@code bench} that say where the result goes. */
final class ReportOptions {

    private static final String STANDARD_OUTPUT = "-";

    @Option(names = "--json", paramLabel = "FILE|-",
            description = "Write the result as JSON; - means to standard output, instead of the table.")
    private String json;

    @Option(names = "--hgrm", paramLabel = "FILE",
            description = "Write the latencies' distribution as HdrHistogram's plotter reads it, in milliseconds.")
    private Path hgrm;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with the latency curve, which needs "
            + "nothing from the network.")
    private Path html;

    @Option(names = "--progress", negatable = true,
            description = "A line each second on standard error (default: if that is a terminal).")
    private Boolean progress;

    boolean hasProgress() {
        return progress != null ? progress : System.console() != null && System.console().isTerminal();
    }

    /** Checks before the run that the files can be written, so that no result is lost. */
    void checkFiles() throws LaunchException {
        for (Path file : new Path[] {isJsonFile() ? Path.of(json) : null, hgrm, html}) {
            if (file != null) {
                write(file, "");
            }
        }
    }

    void write(LoadResult result, String version, PrintWriter out) throws LaunchException {
        if (STANDARD_OUTPUT.equals(json)) {
            out.print(JsonReport.of(result, version));
        } else {
            out.print(TextReport.of(result));
        }
        out.flush();
        if (isJsonFile()) {
            write(Path.of(json), JsonReport.of(result, version));
        }
        if (hgrm != null) {
            write(hgrm, HistogramLog.of(result));
        }
        if (html != null) {
            write(html, HtmlReport.of(result, version));
        }
    }

    private boolean isJsonFile() {
        return json != null && !json.equals(STANDARD_OUTPUT);
    }

    private static void write(Path file, String text) throws LaunchException {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new LaunchException("the result cannot be written to " + file + ": " + e);
        }
    }
}
