package io.sluice.launcher.admin;

import io.sluice.config.parse.ConfigDiff;
import io.sluice.config.parse.ConfigDocument;
import io.sluice.config.parse.ConfigDump;
import io.sluice.config.parse.ConfigError;
import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.LoadedConfig;
import io.sluice.core.log.FileFailure;
import io.sluice.launcher.admin.Route.Takes;
import io.sluice.launcher.control.ControlPlane;
import io.sluice.launcher.control.Generation;
import io.sluice.launcher.control.LaunchException;
import io.sluice.launcher.control.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The configuration: shown, compared, replaced, edited, rolled back. Safe from any thread. */
final class ConfigResources {

    private static final String YAML = "application/yaml; charset=utf-8";

    private final ControlPlane control;
    private final Versions versions;

    ConfigResources(ControlPlane control) {
        this.control = control;
        versions = new Versions(control);
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/api/v1/config", this::show).asking("defaults", "secrets"),
                Route.of("PUT", "/api/v1/config", this::replace).taking(Takes.TEXT).asking("save"),
                Route.of("POST", "/api/v1/config/validate", this::validate).taking(Takes.TEXT),
                Route.of("POST", "/api/v1/config/diff", this::diff).taking(Takes.TEXT),
                Route.of("POST", "/api/v1/reload", this::reload),
                Route.of("GET", "/api/v1/generations", this::generations),
                Route.of("POST", "/api/v1/generations/{generation}/rollback", this::rollback),
                Route.of("POST", "/api/v1/listeners", call -> edit(call, "adds listener " + name(call), 201,
                        document -> document.withListener(call.text()))).taking(Takes.JSON),
                Route.of("DELETE", "/api/v1/listeners/{listener}", this::removeListener),
                Route.of("POST", "/api/v1/pools", call -> edit(call, "adds pool " + name(call), 201,
                        document -> withPool(document, call))).taking(Takes.JSON),
                Route.of("DELETE", "/api/v1/pools/{pool}", this::removePool),
                Route.of("POST", "/api/v1/pools/{pool}/servers", this::addServer).taking(Takes.JSON),
                Route.of("DELETE", "/api/v1/pools/{pool}/servers/{server}", this::removeServer));
    }

    /**
     * The result of a change.
     *
     * @param file       the one that was read, by its absolute path; empty if none was
     * @param generation the one in force now
     * @param changes    empty if nothing has changed
     */
    private record Outcome(Optional<String> file, int generation, List<String> changes, List<String> warnings) {

        Outcome of(Path read) {
            return new Outcome(Optional.of(read.toAbsolutePath().toString()), generation, changes, warnings);
        }
    }

    private record Verdict(boolean valid, List<ConfigError> errors, List<ConfigError> warnings) { }

    private record Difference(List<String> lines) { }

    private record Past(int number, Instant at, String origin, boolean inForce, List<String> changes) { }

    private interface Edit {
        ConfigDocument of(ConfigDocument document) throws ConfigException;
    }

    private interface Source {
        ConfigDocument read() throws ConfigException;
    }

    private Answer show(Call call) throws ConfigException {
        String tag = versions.tag();
        String text = call.flag("defaults") ? ConfigDump.toYaml(control.config())
                : call.flag("secrets") ? control.document().text() : control.document().textWithoutSecrets();
        return versions.tagged(Answer.text(200, YAML, text), tag);
    }

    private Answer replace(Call call) throws Exception {
        Optional<Path> file = call.flag("save") ? Optional.of(file()) : Optional.empty();
        ConfigDocument document = control.document().withText(call.text());
        String what = "replaces the configuration";
        return control.exclusively(() -> {
            versions.require(call);
            LoadedConfig loaded = load(call, what, document);
            Outcome outcome = change(call, what, loaded, "the API, " + call.who());
            file.ifPresent(path -> saveInForce(call, path));
            return answer(200, outcome);
        });
    }

    private static void saveInForce(Call call, Path file) {
        String what = "writes the configuration into " + file;
        try {
            save(file, call.text());
            Audit.changed(call, what);
        } catch (IOException e) {
            String reason = FileFailure.reasonWithFile(e);
            Audit.refused(call, what, reason);
            throw Problem.of(500, "Not saved", "the configuration is in force, but the file is as it was: " + reason);
        }
    }

    /** Replaces the file atomically and keeps the old one beside it. */
    private static void save(Path file, String text) throws IOException {
        Path target = file.toRealPath();
        FileAttribute<?> permissions = PosixFilePermissions.asFileAttribute(Files.getPosixFilePermissions(target));
        WholeFile.replace(target.resolveSibling(target.getFileName() + ".before"), Files.readAllBytes(target),
                permissions);
        WholeFile.replace(target, text.getBytes(StandardCharsets.UTF_8), permissions);
    }

    private Answer validate(Call call) {
        try {
            LoadedConfig loaded = control.document().withText(call.text()).load();
            return Answer.json(new Verdict(true, List.of(), loaded.warnings()));
        } catch (ConfigException e) {
            return Answer.json(new Verdict(false, e.errors(), List.of()));
        }
    }

    private Answer diff(Call call) {
        LoadedConfig wanted = load(call, "compares a configuration", control.document().withText(call.text()));
        String tag = versions.tag();
        ConfigDiff diff = ConfigDiff.between(control.config(), wanted.config());
        return versions.tagged(Answer.json(new Difference(diff.lines())), tag);
    }

    /** Reloads the file as HUP does: the file has what the operator wants, so no version is required. */
    private Answer reload(Call call) throws Exception {
        Path file = file();
        return control.exclusively(() -> {
            versions.check(call);
            String what = "reloads " + file;
            try {
                LoadedConfig loaded = load(call, what, () -> ConfigDocument.read(file));
                return answer(200, change(call, what, loaded, file.toString()).of(file));
            } catch (Problem e) {
                throw e.in(file);
            }
        });
    }

    private Path file() {
        return control.document().file().orElseThrow(() -> Problem.of(409, "No configuration file",
                "Sluice was not started with a file"));
    }

    private Answer generations(Call call) {
        String tag = versions.tag();
        List<Generation> all = control.generations();
        List<Past> past = all.stream().map(generation -> new Past(generation.number(), generation.since(),
                generation.origin(), generation == all.getLast(), generation.changes().lines())).toList();
        return versions.tagged(Answer.json(past), tag);
    }

    private Answer rollback(Call call) throws Exception {
        int number;
        try {
            number = Integer.parseInt(call.part("generation"));
        } catch (NumberFormatException e) {
            throw Problem.badRequest("a generation is a number");
        }
        return control.exclusively(() -> {
            versions.require(call);
            Generation back = control.generations().stream().filter(one -> one.number() == number).findFirst()
                    .orElseThrow(() -> Problem.notFound("generation " + number + " is not remembered"));
            return answer(200, change(call, "rolls back to generation " + number, back.loaded(),
                    "rollback to generation " + number));
        });
    }

    private Answer removeListener(Call call) throws Exception {
        String listener = call.part("listener");
        return edit(call, "removes listener " + listener, 200, document -> document.withoutListener(listener)
                .orElseThrow(() -> Problem.notFound("no listener is named " + listener)));
    }

    private Answer removePool(Call call) throws Exception {
        String pool = call.part("pool");
        return edit(call, "removes pool " + pool, 200, document -> document.withoutPool(pool)
                .orElseThrow(() -> Problem.notFound("no pool is named " + pool)));
    }

    private Answer addServer(Call call) throws Exception {
        String pool = call.part("pool");
        return edit(call, "adds server " + pool + "/" + name(call), 201, document -> document
                .withServer(pool, call.text()).orElseThrow(() -> Problem.notFound("no pool is named " + pool)));
    }

    private Answer removeServer(Call call) throws Exception {
        String pool = call.part("pool");
        String server = call.part("server");
        return edit(call, "removes server " + pool + "/" + server, 200, document -> document.withoutServer(pool, server)
                .orElseThrow(() -> Problem.notFound("no server of pool " + pool + " is named " + server)));
    }

    private Answer edit(Call call, String what, int status, Edit edit) throws Exception {
        return control.exclusively(() -> {
            versions.require(call);
            ConfigDocument edited;
            try {
                edited = edit.of(control.document());
            } catch (IllegalArgumentException e) {
                throw Problem.badRequest(e.getMessage());
            }
            LoadedConfig loaded = load(call, what, edited);
            return answer(status, change(call, what, loaded, "the API, " + call.who()));
        });
    }

    private static ConfigDocument withPool(ConfigDocument document, Call call) throws ConfigException {
        Map<String, Object> keys = Json.object(call.body());
        String name = String.valueOf(keys.remove("name"));
        return document.withPool(name, new String(Json.bytes(keys), StandardCharsets.UTF_8));
    }

    private static String name(Call call) {
        Object name = Json.object(call.body()).get("name");
        if (!(name instanceof String text)) {
            throw Problem.badRequest("the member name is missing");
        }
        return text;
    }

    private static LoadedConfig load(Call call, String what, ConfigDocument document) {
        return load(call, what, () -> document);
    }

    private static LoadedConfig load(Call call, String what, Source source) {
        try {
            return source.read().load();
        } catch (ConfigException e) {
            Audit.refused(call, what, e.getMessage());
            throw Problem.invalid(e.errors().stream().map(ConfigError::render).toList());
        }
    }

    private Outcome change(Call call, String what, LoadedConfig loaded, String origin) throws InterruptedException {
        if (control.isDraining()) {
            throw Problem.of(409, "Sluice is ending", "no configuration is put in force any more");
        }
        int before = control.generations().getLast().number();
        try {
            Optional<Generation> made = control.reload(loaded, origin);
            int now = control.generations().getLast().number();
            Audit.changed(call, what + ": generation " + before + " -> " + now
                    + made.map(generation -> ": " + generation.changes().summary()).orElse(": nothing has changed"));
            Stream<ConfigError> warnings =
                    Stream.concat(loaded.warnings().stream(), control.awaitingRestart(loaded).stream());
            return new Outcome(Optional.empty(), now,
                    made.map(generation -> generation.changes().lines()).orElse(List.of()),
                    warnings.map(ConfigError::render).toList());
        } catch (LaunchException e) {
            Audit.refused(call, what, e.getMessage());
            throw Problem.invalid(List.of(e.getMessage()));
        }
    }

    private Answer answer(int status, Outcome outcome) {
        return versions.tagged(Answer.json(status, outcome), versions.tag());
    }
}
