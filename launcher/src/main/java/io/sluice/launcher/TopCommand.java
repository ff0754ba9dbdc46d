package io.sluice.launcher;

import io.sluice.launcher.admin.AdminClient;
import io.sluice.launcher.admin.AdminClient.RefusedException;
import io.sluice.launcher.observe.Readings;
import io.sluice.launcher.top.Terminal;
import io.sluice.launcher.top.TopScreen;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Shows the dashboard's readings in a terminal. */
@Command(name = "top", description = "Show listeners, pools and servers of the Sluice that runs, again and again.")
final class TopCommand extends AdminCommand {

    /** The width for a file or a pipe, whose lines are not wrapped. */
    private static final int COLUMNS_WITHOUT_TERMINAL = 200;

    @Option(names = "--once", description = "Show all of it once; so too if the output is no terminal, or a dumb one.")
    private boolean once;

    @Option(names = "--json", description = "Print it as JSON, as the admin API has it, once.")
    private boolean json;

    @Option(names = "--interval", paramLabel = "TIME", converter = Quantity.Time.class, defaultValue = "1s",
            description = "Between two readings (default: ${DEFAULT-VALUE}).")
    private Duration interval;

    @Override
    void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
        if (json) {
            out.println(client.get("/status").json().toPrettyString());
        } else if (!Terminal.isThere()) {
            read(client, false).lines(COLUMNS_WITHOUT_TERMINAL).forEach(out::println);
        } else if (once) {
            read(client, true).lines(Terminal.size().columns()).forEach(out::println);
        } else {
            refresh(client, out);
        }
    }

    /** Refreshes until a signal ends the program; goes on while Sluice cannot be reached. */
    private void refresh(AdminClient client, PrintWriter out)
            throws IOException, InterruptedException, RefusedException {
        TopScreen screen = read(client, true);
        try (Terminal terminal = new Terminal(out)) {
            for (;;) {
                Terminal.Size size = Terminal.size();
                terminal.show(screen.lines(size.columns(), size.rows()));
                Thread.sleep(interval);
                try {
                    screen = read(client, true);
                } catch (IOException e) {
                    screen = screen.outdated("the Sluice that runs cannot be reached");
                }
            }
        }
    }

    private static TopScreen read(AdminClient client, boolean coloured)
            throws IOException, InterruptedException, RefusedException {
        return new TopScreen(JsonMapper.shared().readValue(client.get("/status").body(), Readings.class), coloured);
    }
}
