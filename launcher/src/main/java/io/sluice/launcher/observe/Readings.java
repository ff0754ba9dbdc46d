package io.sluice.launcher.observe;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * All readings of a running Sluice at one moment. The components are the members of the admin API's JSON, so renaming
 * one changes the API. Durations are in seconds; rates are per second, over the last few seconds. What does not apply
 * is null. Immutable.
 *
 * @param state    {@code serving} or {@code draining}
 * @param counters the workers' counters by name, without those that are zero
 * @param events   the last lines of the operational log, oldest first
 */
public record Readings(String version, Instant startedAt, double uptimeSeconds, Instant at, String state,
                       GenerationReading generation, ConnectionReading connections, List<WorkerReading> workers,
                       Map<String, Long> counters, List<ListenerReading> listeners, List<PoolReading> pools,
                       List<CertificateReading> certificates, List<EventReading> events) {

    /** The configuration in force. @param origin a file, a rollback, the API */
    public record GenerationReading(int number, Instant at, String origin) { }

    /**
     * Connections of clients; {@link ServerConnections} are the other side.
     *
     * @param limit null if there is none
     * @param rate  new connections per second
     */
    public record ConnectionReading(long now, long peak, long total, Integer limit, double rate) { }

    /**
     * @param busy the share of a core's time that the worker's thread uses, without busy-polling; null if the JVM does
     *             not measure it
     */
    public record WorkerReading(String name, int connections, Double busy) { }

    /** Bytes that Sluice has received and sent. */
    public record ByteReading(long received, long sent, double receivedRate, double sentRate) { }

    /** HTTP requests that have ended. @param byClass by the class of the status; {@code none} is without a response */
    public record RequestReading(long total, double rate, Map<String, Long> byClass) { }

    /**
     * @param state   {@code accepting} or {@code stopped}
     * @param refused clients and requests that Sluice did not take, by reason
     */
    public record ListenerReading(String name, String protocol, List<String> binds, String state,
                                  ConnectionReading connections, ByteReading bytes, RequestReading requests,
                                  Map<String, Long> refused, ListenerLatency latency, List<RouteReading> routes) { }

    public record ListenerLatency(LatencyReading total) { }

    /** @param requests for a TCP route, the number of sessions */
    public record RouteReading(String name, long requests, double rate, ListenerLatency latency) { }

    /**
     * @param up       servers that take new connections
     * @param size     servers in all
     * @param retries  further attempts after failed ones
     * @param noServer clients and requests that found no server to take them
     */
    public record PoolReading(String name, String protocol, String balance, int up, int size, QueueReading queue,
                              long retries, long noServer, List<ServerReading> servers) { }

    /** @param total clients that have waited @param full clients that were refused because the queue was full */
    public record QueueReading(int now, int peak, long total, long timeouts, long full) { }

    /**
     * @param address   host and port as configured
     * @param state     {@code up}, {@code down}, {@code draining}, {@code maintenance} or {@code ejected}
     * @param adminState what the operator wants: {@code ready}, {@code drain} or {@code maintenance}
     * @param role      {@code primary}, {@code replica} or {@code none}
     * @param requests  null unless the server gets HTTP requests
     * @param retries   attempts on this server that failed and were followed by another attempt
     * @param queue     sessions and requests that reached the server through the queue
     * @param errors    failures of the server, by the causes that the session log names
     */
    public record ServerReading(String name, String address, String state, String adminState, String role, int weight,
                                boolean backup, ServerConnections connections, ByteReading bytes,
                                RequestReading requests, long retries, long queue, Map<String, Long> errors,
                                CheckReading check, ChangeReading lastChange, ServerLatency latency) { }

    /**
     * @param now   sessions and requests that the server has now, and attempts to connect to it
     * @param total connections that were opened to the server
     * @param idle  open connections that wait for a request
     */
    public record ServerConnections(int now, int peak, long total, Integer limit, double rate, long idle) { }

    /** The last health check. @param result {@code ok} or {@code failed} @param reason what the check found */
    public record CheckReading(Instant at, String result, String reason, double seconds) { }

    /** The last change of a server's state. */
    public record ChangeReading(Instant at, String from, String to, String reason) { }

    /**
     * @param connect   from the first attempt to an established connection
     * @param queue     in the pool's queue; mostly zero
     * @param firstByte HTTP: from the request sent to the response's head; TCP: from the connection to the first byte
     * @param total     of a request, or of a session
     */
    public record ServerLatency(LatencyReading connect, LatencyReading queue, LatencyReading firstByte,
                                LatencyReading total) { }

    public record LatencyReading(Quantiles lastMinute, Quantiles sinceStart) { }

    /** Without values, all components but the count are null. */
    public record Quantiles(long count, Double mean, Double p50, Double p90, Double p99, Double p999, Double p9999,
                            Double max) {

        static final Quantiles NONE = new Quantiles(0, null, null, null, null, null, null, null);
    }

    /** A certificate that is shown to peers. @param owner such as {@code listener shop} @param notAfter of its chain */
    public record CertificateReading(String owner, String subject, Instant notAfter) { }

    /** @param level {@code info}, {@code warn} or {@code error} */
    public record EventReading(Instant at, String level, String text) { }
}
