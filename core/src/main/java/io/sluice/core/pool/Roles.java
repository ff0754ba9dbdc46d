package io.sluice.core.pool;

import io.sluice.config.FailoverConfig.SplitBrain;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Decides which role each server of a pool has. Health checks report what servers say of themselves; of those that
 * claim to be primary, at most one is believed:
 *
 * <ul>
 * <li>A server that is down keeps its role until another one is primary: not answering is no role change.
 * <li>A claim is never believed if another server has a newer one, even if that server is down now: writes to the older
 * primary would be lost once the newer one is followed. The claim with the higher timeline is newer; among equal
 * timelines, with {@link SplitBrain#LATEST}, the claim that began last.
 * <li>Among several claims of servers that are not down, the newest wins unless {@link SplitBrain} says otherwise; if
 * several are equally new, none is believed. But since checks do not see all servers at the same moment, this counts as
 * a split brain only once each server has repeated its claim after the latest one was made. Until then the newest claim
 * is believed, or, if several are equally new, the present primary stays.
 * </ul>
 *
 * <p>Each change is logged. Guarded by its {@link ServerStates}.
 */
final class Roles {

    private static final Logger LOG = LoggerFactory.getLogger(Roles.class);

    private final Pool pool;
    private final LongSupplier nanoClock;
    private final Consumer<Server> askToCheck;
    private final Map<Server, Report> reports = new LinkedHashMap<>();
    /** How many times servers were seen to become primary. */
    private long promotions;
    /** The conflict of claims that was last logged; empty if there is none. */
    private String conflict = "";

    /** @param askToCheck has a server checked soon; must not block */
    Roles(Pool pool, LongSupplier nanoClock, Consumer<Server> askToCheck) {
        this.pool = pool;
        this.nanoClock = nanoClock;
        this.askToCheck = askToCheck;
        pool.servers().forEach(server -> reports.put(server, new Report()));
    }

    /** Adds a server, which need not be in the pool yet. */
    void add(Server server) {
        reports.put(server, new Report());
    }

    /** Forgets all servers but these, and also what these have reported if checks no longer tell roles. */
    void keep(Set<Server> members, boolean told) {
        reports.keySet().retainAll(members);
        if (!told) {
            reports.replaceAll((_, _) -> new Report());
        }
    }

    /** What a report has changed. @param demoted servers that were primary */
    record Change(boolean any, List<Server> demoted) { }

    /**
     * A check has told a server's role.
     *
     * @param told      null to repeat what was told last
     * @param startedNs when the check began
     */
    Change report(Server server, Role told, long timeline, String detail, long startedNs) {
        Report report = reports.get(server);
        Role role = told == null ? report.role : told;
        String late = report.isFirst() ? "" : ", noticed within " + millis(nanoClock.getAsLong() - report.startedNs);
        if (role == Role.PRIMARY && report.role != Role.PRIMARY) {
            report.claimedNs = nanoClock.getAsLong();
            report.promotion = report.isFirst() ? 0 : ++promotions;
        }
        report.role = role;
        report.timeline = told == null ? report.timeline : timeline;
        report.startedNs = startedNs;
        return settle(server, (detail.isEmpty() ? "its health check says so" : detail) + late);
    }

    /** Servers may have gone up or down. */
    Change review() {
        return settle(null, "");
    }

    /** @param reporter whose report is the reason, or null */
    private Change settle(Server reporter, String reason) {
        Server primary = primary();
        boolean any = false;
        List<Server> demoted = new ArrayList<>();
        for (Map.Entry<Server, Report> entry : reports.entrySet()) {
            Server server = entry.getKey();
            Role before = server.role();
            Role claimed = entry.getValue().role;
            Role now = claimed == Role.PRIMARY && server != primary ? Role.NONE : claimed;
            if (now != before) {
                any = true;
                server.role(now);
                tell(server, before, server == reporter && now == claimed ? reason : byOthers(now, primary));
                if (before == Role.PRIMARY) {
                    demoted.add(server);
                }
            }
        }
        return new Change(any, demoted);
    }

    /** The one that is believed to be primary, or null. */
    private Server primary() {
        List<Server> claimants = pool.servers().stream().filter(this::claims).toList();
        List<Server> present = claimants.stream().filter(server -> server.state() != ServerState.DOWN).toList();
        Server incumbent = claimants.stream().filter(server -> server.role() == Role.PRIMARY).findFirst().orElse(null);
        if (present.isEmpty()) {
            Server last = incumbent == null && claimants.size() == 1 ? claimants.getFirst() : incumbent;
            agree(last);
            return last;
        }
        Comparator<Report> age = age();
        Report newest = claimants.stream().map(reports::get).max(age).orElseThrow();
        List<Server> best = present.stream().filter(server -> age.compare(reports.get(server), newest) == 0).toList();
        Server winner = best.size() == 1 ? best.getFirst() : null;
        if (present.size() == 1 && winner != null) {
            agree(winner);
            return winner;
        }
        List<Server> unheard = unheard(present);
        if (!unheard.isEmpty()) {
            unheard.forEach(askToCheck);
            return winner != null ? winner : present.contains(incumbent) ? incumbent : null;
        }
        Server chosen = rule() == SplitBrain.REFUSE ? null : winner;
        disagree(claimants, chosen);
        return chosen;
    }

    /** The rule of the configuration in force at this moment. */
    private SplitBrain rule() {
        return pool.config().failover().splitBrain();
    }

    /** The newer of two claims is the greater. */
    private Comparator<Report> age() {
        Comparator<Report> byTimeline = Comparator.comparingLong(report -> report.timeline);
        return rule() == SplitBrain.LATEST ? byTimeline.thenComparingLong(report -> report.promotion) : byTimeline;
    }

    private boolean claims(Server server) {
        return reports.get(server).role == Role.PRIMARY;
    }

    /** Those that have not repeated their claims since the latest claim was made. */
    private List<Server> unheard(List<Server> present) {
        Server latest = present.stream().max((one, other) ->
                Long.signum(reports.get(one).claimedNs - reports.get(other).claimedNs)).orElseThrow();
        long sinceNs = reports.get(latest).claimedNs;
        return present.stream()
                .filter(server -> server != latest && reports.get(server).startedNs - sinceNs < 0).toList();
    }

    private void disagree(List<Server> claimants, Server chosen) {
        String claims = claimants.stream().map(this::claim).collect(Collectors.joining(", "));
        String text = claims + "; " + (chosen == null ? "none of them is believed" : "believed is " + name(chosen));
        if (!text.equals(conflict)) {
            LOG.error("pool {}: split brain: several servers claim to be primary: {}", pool.name(), text);
        }
        conflict = text;
    }

    private void agree(Server primary) {
        if (!conflict.isEmpty()) {
            LOG.info("pool {}: the split brain is over: {}", pool.name(),
                    primary == null ? "no server claims to be primary" : name(primary) + " is the primary");
        }
        conflict = "";
    }

    private String claim(Server server) {
        long timeline = reports.get(server).timeline;
        return name(server) + (timeline == 0 ? "" : " on timeline " + timeline)
                + (server.state() == ServerState.DOWN ? ", now down" : "");
    }

    /** Why a server's role changes although it says nothing new. */
    private String byOthers(Role now, Server primary) {
        if (now == Role.PRIMARY) {
            return "its claim is believed now";
        }
        return primary == null ? "another server claims to be primary, too" : name(primary) + " is the primary";
    }

    private void tell(Server server, Role before, String reason) {
        boolean lost = before == Role.PRIMARY || server.role() == Role.NONE;
        LOG.atLevel(lost ? Level.WARN : Level.INFO).log("server {} is {}{}: {}", name(server), word(server.role()),
                before == Role.UNKNOWN ? "" : " (was " + word(before) + ")", reason);
    }

    private String name(Server server) {
        return pool.name() + "/" + server.name();
    }

    private static String word(Role role) {
        return switch (role) {
            case PRIMARY -> "primary";
            case REPLICA -> "replica";
            case NONE -> "neither primary nor replica";
            case UNKNOWN -> "of unknown role";
        };
    }

    private static String millis(long lengthNs) {
        return TimeUnit.NANOSECONDS.toMillis(lengthNs) + " ms";
    }

    /** What a server has last reported of itself. */
    private static final class Report {

        private Role role = Role.UNKNOWN;
        private long timeline;
        /** When the check that reported this began. */
        private long startedNs;
        /** When it first claimed to be primary, without a break since. */
        private long claimedNs;
        /** Its number in the sequence of all promotions seen; 0 if it was primary in its first report. */
        private long promotion;

        boolean isFirst() {
            return role == Role.UNKNOWN;
        }
    }
}
