package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import io.tidewire.http.Budget;
import org.jspecify.annotations.Nullable;

/**
 * Finds the frames in what one client sends (RFC 6455, 5), holds them to the rules and takes off their mask where they lie: a frame that
 * came in one read is neither copied nor made an object. One whose end has not come is kept, counted in the node's budget, and what
 * is kept grows with what arrives, never with what is announced. Between whole frames the reader holds nothing. Event loop only.
 */
final class FrameReader {
    /** What a frame is for (5.2); all other numbers are reserved. */
    enum Opcode {
        CONTINUATION(0x0),
        TEXT(0x1),
        BINARY(0x2),
        CLOSE(0x8),
        PING(0x9),
        PONG(0xA);

        private static final @Nullable Opcode[] BY_NUMBER = new Opcode[16];

        static {
            for (Opcode opcode : values()) {
                BY_NUMBER[opcode.number] = opcode;
            }
        }

        private final int number;

        Opcode(int number) {
            this.number = number;
        }

        boolean isControl() {
            return number >= 0x8;
        }
    }

    /** Hears what was read, in order. Each of these may stop the reader. */
    interface Listener {
        /**
         * One whole frame, by itself right and in its place: a continuation comes inside of a message and nowhere else.
         *
         * @param last whether its message ends with it
         * @param payload without mask; borrowed until this returns, even for those who would retain it
         * @param ascii whether all of it is
         */
        void onFrame(Opcode opcode, boolean last, ByteBuf payload, boolean ascii);

        /** The client broke a rule. The reader has stopped. */
        void onViolation(WireClose answer);

        /** There is no room in the node's budget for the part of a frame. The reader has stopped. */
        void onNoRoom();
    }

    private static final int FIN = 0x80;
    private static final int RESERVED_BITS = 0x70;
    private static final int OPCODE = 0x0F;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7F;

    /** Length fields that say: the length stands in the next two bytes, or eight. */
    private static final int TWO_BYTES = 126;

    private static final int EIGHT_BYTES = 127;

    private static final int MASK_BYTES = 4;
    private static final int MAX_CONTROL_PAYLOAD = 125;

    /** Of {@link #check}: more bytes of the header are needed. */
    private static final int INCOMPLETE = 0;

    /** Of {@link #check}: a rule is broken and the listener knows. */
    private static final int BROKEN = -1;

    private static final long EIGHT_HIGH_BITS = 0x8080808080808080L;

    private final Listener listener;
    private final int maxPayload;
    private final Budget budget;

    /** The frame that has begun and not ended, from its first byte on; all of it is counted. */
    private @Nullable ByteBuf begun;

    /** What is taken from the budget for it. */
    private int counted;

    /** What came while the listener heard of what came before it. */
    private @Nullable ByteBuf next;

    private boolean reading;
    private boolean insideMessage;
    private boolean stopped;

    /**
     * For one client.
     *
     * @param maxPayload bytes of a frame, without its header
     * @param budget that of the node
     */
    FrameReader(Listener listener, int maxPayload, Budget budget) {
        this.listener = listener;
        this.maxPayload = maxPayload;
        this.budget = budget;
    }

    /**
     * Reads on. A failure in here or in the listener stops the reader, because nobody knows any more where a frame begins.
     *
     * @param input borrowed, but its bytes and indexes are ours: nobody else may look at them any more
     */
    void read(ByteBuf input) {
        if (reading) {
            // None of the transports reads on while it hands over what it has read; if one did, the order must still be
            // kept.
            keepForLater(input);
            return;
        }
        boolean failed = true;
        reading = true;
        try {
            readFrames(input);
            readWhatCameMeanwhile();
            failed = false;
        } finally {
            reading = false;
            if (failed) {
                stop();
            }
        }
    }

    /** Nothing more is read, and what was kept is given back. */
    void stop() {
        stopped = true;
        ByteBuf frame = begun;
        begun = null;
        if (frame != null) {
            frame.release();
        }
        budget.give(counted);
        counted = 0;
        ByteBuf rest = next;
        next = null;
        if (rest != null) {
            rest.release();
        }
    }

    private void keepForLater(ByteBuf input) {
        if (!stopped) {
            if (next == null) {
                next = input.alloc().buffer(input.readableBytes());
            }
            next.writeBytes(input);
        }
    }

    private void readWhatCameMeanwhile() {
        while (next != null) {
            ByteBuf input = next;
            next = null;
            try {
                readFrames(input);
            } finally {
                input.release();
            }
        }
    }

    /** The listener moves the indexes of what it is handed, so the places are kept here. */
    private void readFrames(ByteBuf input) {
        int at = input.readerIndex();
        int end = input.writerIndex();
        while (at < end && !stopped) {
            if (begun != null) {
                at = goOn(begun, input, at, end);
                continue;
            }
            int header = check(input, at, end - at);
            if (header == BROKEN) {
                return;
            }
            int payload = header == INCOMPLETE ? 0 : payloadLength(input, at);
            if (header == INCOMPLETE || end - at - header < payload) {
                begin(input, at, end - at);
                return;
            }
            handOn(input, at, header, payload);
            at += header + payload;
        }
    }

    private void begin(ByteBuf input, int at, int length) {
        ByteBuf frame = input.alloc().buffer(length);
        begun = frame;
        frame.writeBytes(input, at, length);
        count(length);
    }

    /** Adds to the frame that has begun, and nothing of the one behind it. Returns where that one begins. */
    private int goOn(ByteBuf frame, ByteBuf input, int at, int end) {
        int header = check(frame, 0, frame.readableBytes());
        // Up to its last byte the header may still grow.
        int missing = header == INCOMPLETE ? 1 : header + payloadLength(frame, 0) - frame.readableBytes();
        int more = Math.min(missing, end - at);
        frame.writeBytes(input, at, more);
        if (!count(more)) {
            return end;
        }
        if (header == INCOMPLETE) {
            header = check(frame, 0, frame.readableBytes());
            if (header == BROKEN) {
                return end;
            }
        }
        if (header != INCOMPLETE && frame.readableBytes() == header + payloadLength(frame, 0)) {
            begun = null;
            budget.give(counted); // what is whole counts where it goes
            counted = 0;
            try {
                handOn(frame, 0, header, frame.readableBytes() - header);
            } finally {
                frame.release();
            }
        }
        return at + more;
    }

    /** Whether there was room for so much more of the frame that has begun. */
    private boolean count(int bytes) {
        if (!budget.take(bytes)) {
            stop();
            listener.onNoRoom();
            return false;
        }
        counted += bytes;
        return true;
    }

    private void handOn(ByteBuf bytes, int at, int header, int length) {
        int first = bytes.getByte(at);
        boolean last = (first & FIN) != 0;
        Opcode opcode = opcode(first);
        if (!opcode.isControl()) {
            insideMessage = !last;
        }
        int payload = at + header;
        boolean ascii = unmask(bytes, payload, length, bytes.getInt(payload - MASK_BYTES));
        bytes.setIndex(payload, payload + length);
        listener.onFrame(opcode, last, bytes, ascii);
    }

    private static Opcode opcode(int first) {
        Opcode opcode = Opcode.BY_NUMBER[first & OPCODE];
        if (opcode == null) {
            throw new IllegalStateException("not a checked frame");
        }
        return opcode;
    }

    /** Looks at as much of a header as is there. Returns its length, {@link #INCOMPLETE} or {@link #BROKEN}. */
    private int check(ByteBuf bytes, int at, int available) {
        if (available < 2) {
            return INCOMPLETE;
        }
        int first = bytes.getByte(at);
        int second = bytes.getByte(at + 1);
        Opcode opcode = Opcode.BY_NUMBER[first & OPCODE];
        int field = second & LENGTH;
        if ((first & RESERVED_BITS) != 0) {
            return broken("A reserved bit is set, though no extension was agreed on");
        } else if ((second & MASKED) == 0) {
            return broken("A frame of a client must be masked");
        } else if (opcode == null) {
            return broken("The opcode " + (first & OPCODE) + " is reserved");
        } else if (opcode.isControl()) {
            if ((first & FIN) == 0) {
                return broken("A control frame must not be fragmented");
            } else if (field > MAX_CONTROL_PAYLOAD) {
                return broken("A control frame has at most 125 bytes");
            } else if (opcode == Opcode.CLOSE && field == 1) {
                return broken("A close frame has no half of a code");
            }
        } else if ((opcode == Opcode.CONTINUATION) != insideMessage) {
            return broken(insideMessage ? "A message inside a message" : "A continuation of no message");
        }
        return checkLength(bytes, at, available, field);
    }

    private int checkLength(ByteBuf bytes, int at, int available, int field) {
        int header = MASK_BYTES
                + switch (field) {
                    case TWO_BYTES -> 2 + Short.BYTES;
                    case EIGHT_BYTES -> 2 + Long.BYTES;
                    default -> 2;
                };
        if (available < header - MASK_BYTES) {
            return INCOMPLETE;
        }
        long length = field;
        if (field == TWO_BYTES) {
            length = bytes.getUnsignedShort(at + 2);
        } else if (field == EIGHT_BYTES) {
            length = bytes.getLong(at + 2);
        }
        if (length < 0) {
            return broken("A length must not be negative");
        } else if ((field == TWO_BYTES && length < TWO_BYTES) || (field == EIGHT_BYTES && length < 1 << Short.SIZE)) {
            return broken("A length must have its shortest form");
        } else if (length > maxPayload) {
            stop();
            listener.onViolation(tooBig(maxPayload));
            return BROKEN;
        }
        return available < header ? INCOMPLETE : header;
    }

    /** Of a header that is whole and checked. */
    private static int payloadLength(ByteBuf bytes, int at) {
        int field = bytes.getByte(at + 1) & LENGTH;
        return switch (field) {
            case TWO_BYTES -> bytes.getUnsignedShort(at + 2);
            case EIGHT_BYTES -> (int) bytes.getLong(at + 2);
            default -> field;
        };
    }

    private int broken(String rule) {
        stop();
        listener.onViolation(new WireClose(1002, rule));
        return BROKEN;
    }

    /** For a message, in one frame or in many. */
    static WireClose tooBig(int maxMessageBytes) {
        return new WireClose(
                1009, "Message over the limit of " + maxMessageBytes + " bytes (websocket.maxMessageBytes)");
    }

    /** Returns whether all is ASCII, which is known on the way and saves a look at text. */
    private static boolean unmask(ByteBuf bytes, int from, int length, int mask) {
        long twice = (long) mask << Integer.SIZE | (mask & 0xFFFF_FFFFL);
        long seen = 0;
        int at = from;
        int end = from + length;
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            long plain = bytes.getLong(at) ^ twice;
            bytes.setLong(at, plain);
            seen |= plain;
        }
        // Seven at most. A shift counts modulo 32, so the mask begins anew behind its fourth byte.
        for (int shift = Integer.SIZE - Byte.SIZE; at < end; at++, shift -= Byte.SIZE) {
            byte plain = (byte) (bytes.getByte(at) ^ mask >>> shift);
            bytes.setByte(at, plain);
            seen |= plain;
        }
        return (seen & EIGHT_HIGH_BITS) == 0;
    }
}
