package io.sluice.bench.load;

import java.nio.ByteBuffer;

/** Finds out when an answer is complete, and whether it is good. One for each client. Owned by one event loop. */
sealed interface Conversation permits HttpConversation, EchoConversation {

    int NO_STATUS = 0;

    /** Called when a request is sent. */
    void begin();

    /** Takes bytes received. Bytes behind the answer make it {@code BROKEN}, since nothing else was requested. */
    Answer onBytes(ByteBuffer in);

    /** The server has closed. */
    Answer onEnd();

    /** After an answer: whether the connection can take another request. */
    boolean isPersistent();

    /** After an answer: its status, or {@link #NO_STATUS}. */
    int status();
}
