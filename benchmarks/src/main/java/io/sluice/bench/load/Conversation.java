package io.sluice.bench.load;

import java.nio.ByteBuffer;

/** Knows when an answer is complete, and whether it is good. One for each client. Owned by one event loop. */
sealed interface Conversation permits HttpConversation, EchoConversation {

    int NO_STATUS = 0;

    /** A request is being sent. */
    void begin();

    /** Takes what has come; bytes behind the answer break it, as nothing else was asked for. */
    Answer onBytes(ByteBuffer in);

    /** The server has closed. */
    Answer onEnd();

    /** After an answer: whether the connection takes another request. */
    boolean isPersistent();

    /** After an answer: its status, or {@link #NO_STATUS}. */
    int status();
}
