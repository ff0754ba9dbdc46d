package io.sluice.l7.http;

/** Says which fields of a message are not passed on. */
public interface FieldFilter {

    /** Whether the field must not be passed on as received. */
    boolean drops(HeaderFields fields, int index);
}
