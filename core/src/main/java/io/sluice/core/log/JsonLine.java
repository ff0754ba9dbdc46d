package io.sluice.core.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * Writes lines with a JSON object each, in printable ASCII alone, so that no value can end a line or hide part of it.
 *
 * <p>Owned by the log writer's thread.
 */
public final class JsonLine {

    private static final double NANOS_PER_SECOND = 1e9;

    private final JsonFactory json = JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .characterEscapes(new DeleteEscaped()).build();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);

    /** Builds the whole line before writing it, so that a failing target throws here and not in the JSON library. */
    public void write(Consumer<JsonGenerator> members, OutputStream out) throws IOException {
        line.reset();
        try (JsonGenerator object = json.createGenerator(ObjectWriteContext.empty(), line, JsonEncoding.UTF8)) {
            object.writeStartObject();
            members.accept(object);
            object.writeEndObject();
        }
        line.write('\n');
        line.writeTo(out);
    }

    /** Adds a text, unless it is null. */
    public static void addText(JsonGenerator object, String name, String text) {
        if (text != null) {
            object.writeStringProperty(name, text);
        }
    }

    /** Adds a time in seconds, unless it is negative: never reached. */
    public static void addSeconds(JsonGenerator object, String name, long nanos) {
        if (nanos >= 0) {
            object.writeNumberProperty(name, nanos / NANOS_PER_SECOND);
        }
    }

    /** Escapes DEL, the one control character that JSON leaves as it is. */
    private static final class DeleteEscaped extends CharacterEscapes {

        private static final long serialVersionUID = 1;
        private static final int DELETE = 0x7f;

        private final int[] codes = standardAsciiEscapesForJSON();

        private DeleteEscaped() {
            codes[DELETE] = ESCAPE_STANDARD;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return codes;
        }

        @Override
        public SerializableString getEscapeSequence(int character) {
            return null;
        }
    }
}
