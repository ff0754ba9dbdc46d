package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;

class ConfigSchemaTest {

    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(ConfigSchema.toJson(), InputFormat.JSON);

    @Test
    void theCheckedInSchemaIsCurrent() throws Exception {
        GeneratedFiles.assertCurrent(Path.of("sluice.schema.json"), ConfigSchema.toJson());
    }

    @ParameterizedTest
    @MethodSource("io.sluice.config.parse.ExampleFiles#all")
    void acceptsWhatSluiceShips(Path file) throws Exception {
        assertEquals(List.of(), validate(Files.readString(file)));
    }

    @ParameterizedTest
    @MethodSource("io.sluice.config.parse.ExampleFiles#all")
    void acceptsADump(Path file) throws Exception {
        assertEquals(List.of(), validate(ConfigDump.toYaml(ConfigParser.load(file).config())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"workers: 0", "workers: many", "wokers: 2", "drain-timeout: 30", "drain-timeout: 30 s",
        "buffers: { size: 1TiB }", "buffers: { size: 1 }", "demo-servers: [{ name: a }]",
        "demo-servers: [{ name: a, bind: nowhere }]", "demo-servers: [{ name: -a, bind: 127.0.0.1:1 }]"})
    void refusesALineTooMuch(String line) throws Exception {
        String good = Files.readString(Path.of("examples/postgresql.yaml"));
        assertFalse(validate(good + line).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"protocol: tcp", "name: orders-db", "bind: 0.0.0.0:5432"})
    void refusesAListenerWithoutARequiredKey(String line) throws Exception {
        String good = Files.readString(Path.of("examples/postgresql.yaml"));
        assertFalse(validate(good.replace(line, "backlog: 1")).isEmpty());
    }

    private static List<Error> validate(String yaml) {
        Object document = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        return SCHEMA.validate(JsonMapper.shared().writeValueAsString(document), InputFormat.JSON);
    }
}
