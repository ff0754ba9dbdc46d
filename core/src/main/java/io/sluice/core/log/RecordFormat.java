package io.sluice.core.log;

import java.io.IOException;
import java.io.OutputStream;

/** Formats records of one type. Used by the writer's thread alone. */
public interface RecordFormat<R> {

    /** Writes one record, with the line end. */
    void write(R record, OutputStream out) throws IOException;
}
