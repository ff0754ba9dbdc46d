package io.sluice.l7.log;

import io.sluice.config.AccessLogConfig;
import io.sluice.config.AccessLogTemplate;
import io.sluice.core.log.LogRing;
import io.sluice.core.log.LogWriter;
import io.sluice.core.log.RecordFormat;
import java.io.IOException;

/** Opens the access log of HTTP requests. Safe from any thread. */
public final class AccessLog {

    private AccessLog() { }

    /**
     * Makes one worker's ring for the records of an access log, which must not be off. Equal configurations share a
     * target.
     *
     * @throws IOException if the file cannot be opened for appending
     */
    public static LogRing<AccessRecord> ring(AccessLogConfig config, LogWriter writer) throws IOException {
        return writer.ring(config, config.file(), format(config), AccessRecord::new);
    }

    private static RecordFormat<AccessRecord> format(AccessLogConfig config) {
        return switch (config.format()) {
            case COMBINED -> template(TemplateFormat.COMBINED);
            case JSON -> new JsonFormat();
            case TEMPLATE -> template(config.template().orElseThrow());
        };
    }

    private static RecordFormat<AccessRecord> template(String template) {
        return new TemplateFormat(AccessLogTemplate.of(template));
    }
}
