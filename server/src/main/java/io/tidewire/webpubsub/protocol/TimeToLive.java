package io.tidewire.webpubsub.protocol;

/** How long a message may wait for a client that is away (reference C.2, D.3); 0 for no limit of its own. */
public final class TimeToLive {
    public static final int MAX_SECONDS = 300;

    private TimeToLive() {}

    /**
     * The seconds, which are within the limit.
     *
     * @throws InvalidContent otherwise
     */
    public static int checked(long seconds) {
        if (seconds < 0 || seconds > MAX_SECONDS) {
            throw new InvalidContent("Invalid ttlSeconds. It is a number from 0 to " + MAX_SECONDS + ".");
        }
        return (int) seconds;
    }
}
