package io.sluice.launcher;

import io.sluice.bench.load.LoadResult;
import io.sluice.bench.load.LoadRun;
import io.sluice.bench.load.LoadSettings;
import io.sluice.bench.load.Moment;
import io.sluice.bench.load.Target;
import io.sluice.bench.report.TextReport;
import io.sluice.launcher.control.LaunchException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes load and reports the results. */
@Command(name = "bench", description = "Make load over HTTP or TCP, and measure answers and their latencies.",
        mixinStandardHelpOptions = true, versionProvider = SluiceCommand.VersionLine.class, sortOptions = false)
final class BenchCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "URL", description = "Such as http://10.0.0.1:8080/path or "
            + "tcp://10.0.0.1:5432.")
    private String url;

    @Mixin
    private TargetOptions targetOptions;

    @Mixin
    private PaceOptions paceOptions;

    @Mixin
    private ReportOptions reportOptions;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws LaunchException, InterruptedException {
        LoadSettings settings = settings();
        reportOptions.checkFiles();
        LoadRun run = LoadRun.start(settings);
        Signals.on("INT", () -> onInterrupt(run));
        Signals.on("TERM", () -> onInterrupt(run));
        LoadResult result = follow(run, settings.target().mode().isBulk());
        reportOptions.write(result, Version.get(), spec.commandLine().getOut());
        return result.isAnythingAnswered() ? ExitCode.OK : ExitCode.NOTHING_ANSWERED;
    }

    private LoadSettings settings() throws LaunchException {
        try {
            Target target = targetOptions.target(url);
            return new LoadSettings(target, paceOptions.pace(target.mode()), paceOptions.span());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private LoadResult follow(LoadRun run, boolean bulk) throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        boolean progress = reportOptions.hasProgress();
        run.awaitMeasurement();
        for (Moment moment = run.awaitMoment(); moment != null; moment = run.awaitMoment()) {
            if (progress) {
                err.println(TextReport.line(moment, bulk));
                err.flush();
            }
        }
        return run.result();
    }

    /** The first signal ends the run, and the report covers what was measured. A second one halts the process. */
    private void onInterrupt(LoadRun run) {
        Signals.on("INT", () -> Runtime.getRuntime().halt(ExitCode.CUT_SHORT));
        Signals.on("TERM", () -> Runtime.getRuntime().halt(ExitCode.CUT_SHORT));
        run.stop();
    }
}
