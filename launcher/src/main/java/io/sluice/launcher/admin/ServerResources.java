package io.sluice.launcher.admin;

import io.sluice.config.ServerConfig;
import io.sluice.config.ServerConfig.AdminState;
import io.sluice.core.pool.Directive;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.Server;
import io.sluice.launcher.admin.Route.Takes;
import io.sluice.launcher.control.ControlPlane;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** Changes the state and the weight of a server at run time. Safe from any thread. */
final class ServerResources {

    private static final Set<String> MEMBERS = Set.of("state", "weight");

    private final ControlPlane control;
    private final Versions versions;
    private final ReentrantLock changing = new ReentrantLock();

    ServerResources(ControlPlane control) {
        this.control = control;
        versions = new Versions(control);
    }

    List<Route> routes() {
        return List.of(Route.of("PATCH", "/api/v1/pools/{pool}/servers/{server}", this::change).taking(Takes.JSON));
    }

    /** @param state the state in force @param weight the weight in force @param configured both as configured */
    private record Outcome(String pool, String server, String state, int weight, Configured configured) { }

    private record Configured(String state, int weight) { }

    /** Applies a merge patch (RFC 7396): an absent member stays; a null member goes back to the configured value. */
    private Answer change(Call call) throws InterruptedException {
        Map<String, Object> wanted = Json.object(call.body());
        wanted.keySet().stream().filter(member -> !MEMBERS.contains(member)).findFirst().ifPresent(member -> {
            throw Problem.badRequest("unknown member " + member + ": state and weight can be changed");
        });
        Answer answer;
        // Not the lock of reloads: a reload that waits for health checks must not delay a drain.
        changing.lock();
        try {
            versions.check(call);
            answer = change(call, wanted);
        } finally {
            changing.unlock();
        }
        control.directing().settle(call.part("pool"), call.part("server"));
        return answer;
    }

    private Answer change(Call call, Map<String, Object> wanted) {
        String pool = call.part("pool");
        Server server = find(pool, call.part("server"));
        Directive before = server.directive();
        Directive after = new Directive(
                wanted.containsKey("state") ? state(wanted.get("state")) : before.state(),
                wanted.containsKey("weight") ? weight(wanted.get("weight")) : before.weight());
        String was = describe(server);
        try {
            control.directing().direct(pool, server.name(), after);
        } catch (NoSuchElementException e) {
            // A reload has just removed it.
            throw Problem.notFound(e.getMessage());
        }
        Audit.changed(call, "sets server " + pool + "/" + server.name() + ": " + was + " -> " + describe(server));
        return versions.tagged(Answer.json(outcome(pool, server)), versions.tag());
    }

    private Server find(String pool, String name) {
        Pool found = control.pools().get(pool);
        if (found == null) {
            throw Problem.notFound("no pool is named " + pool);
        }
        return found.servers().stream().filter(server -> server.name().equals(name)).findFirst()
                .orElseThrow(() -> Problem.notFound("no server of pool " + pool + " is named " + name));
    }

    private static Optional<AdminState> state(Object value) {
        if (value == null) {
            return Optional.empty();
        }
        return Optional.of(Stream.of(AdminState.values()).filter(state -> word(state).equals(value)).findFirst()
                .orElseThrow(() -> Problem.badRequest("state is ready, drain, maintenance or null")));
    }

    private static Optional<Integer> weight(Object value) {
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Integer weight && weight >= 0 && weight <= ServerConfig.MAX_WEIGHT) {
            return Optional.of(weight);
        }
        throw Problem.badRequest("weight is a number from 0 to " + ServerConfig.MAX_WEIGHT + ", or null");
    }

    private static Outcome outcome(String pool, Server server) {
        return new Outcome(pool, server.name(), word(server.adminState()), server.weight(),
                new Configured(word(server.config().state()), server.config().weight()));
    }

    private static String describe(Server server) {
        return word(server.adminState()) + " weight " + server.weight();
    }

    private static String word(AdminState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
