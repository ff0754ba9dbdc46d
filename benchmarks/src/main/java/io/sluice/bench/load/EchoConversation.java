package io.sluice.bench.load;

import java.nio.ByteBuffer;

/** Expects as many bytes as were sent. Owned by one event loop. */
final class EchoConversation implements Conversation {

    private final int size;
    private int received;

    EchoConversation(int size) {
        this.size = size;
    }

    @Override
    public void begin() {
        received = 0;
    }

    @Override
    public Answer onBytes(ByteBuffer in) {
        received += in.remaining();
        if (received < size) {
            return Answer.INCOMPLETE;
        }
        return received == size ? Answer.GOOD : Answer.BROKEN;
    }

    @Override
    public Answer onEnd() {
        return Answer.INCOMPLETE;
    }

    @Override
    public boolean isPersistent() {
        return true;
    }

    @Override
    public int status() {
        return NO_STATUS;
    }
}
