package io.sluice.launcher.admin;

import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes the API's JSON; a record's components are its members. Safe from any thread. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() { }

    static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** The members of an object, in its order. @throws Problem if the JSON is not an object */
    static Map<String, Object> object(byte[] json) {
        try {
            @SuppressWarnings("unchecked") // What it is read as has keys of no other type.
            Map<String, Object> members = MAPPER.readValue(json, Map.class);
            if (members == null) {
                throw Problem.badRequest("the body is not an object");
            }
            return members;
        } catch (JacksonException e) {
            throw Problem.badRequest("the body is not an object in JSON");
        }
    }
}
