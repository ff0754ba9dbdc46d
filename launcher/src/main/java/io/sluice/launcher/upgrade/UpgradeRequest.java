package io.sluice.launcher.upgrade;

import io.sluice.launcher.control.LaunchException;
import io.sluice.launcher.upgrade.Conversation.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Asks the running process to start the next one and to hand over to it. Safe from any thread. */
public final class UpgradeRequest {

    private UpgradeRequest() { }

    /**
     * Returns when the next process has taken over.
     *
     * @param command the command that starts the next process
     * @param progress takes one line for each step
     * @throws LaunchException if the next process has not taken over
     */
    public static void send(Path socket, List<String> command, Consumer<String> progress) throws LaunchException {
        try (Conversation running = Conversation.with(socket)) {
            List<String> words = new ArrayList<>(List.of("upgrade"));
            words.addAll(command);
            running.say(words, List.of());
            Line started = hear(running, "started");
            progress.accept("process " + started.words().getLast() + " has been started");
            Line end = hear(running, "done");
            progress.accept("process " + end.words().getLast() + " accepts all clients; the one before it drains");
        } catch (IOException e) {
            throw new LaunchException("no upgrade: nobody hands over at " + socket + ": " + e.getMessage());
        }
    }

    private static Line hear(Conversation running, String expected) throws IOException, LaunchException {
        Line line = running.hear(expected, "failed");
        if (line.first().equals("failed")) {
            throw new LaunchException("no upgrade: " + line.words().getLast());
        }
        return line;
    }
}
