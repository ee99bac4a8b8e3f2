package io.tidewire.service.access;

/**
 * Quotas of the service (reference G). The vendor sells these; here they are off unless somebody sets them.
 *
 * @param connections clients at one time; over it 429; 0 for no limit
 * @param diagnosticClients clients at one time whose token says {@code asrs.s.dc}; over it 429; 0 for no limit
 * @param connectsPerSecond negotiations and new transports; over it 429; 0 for no limit
 * @param messagesPerDay outbound messages in pieces of 2 KiB, per UTC day; over it 429; 0 for no limit
 */
public record LimitSettings(int connections, int diagnosticClients, int connectsPerSecond, int messagesPerDay) {
    public static final LimitSettings DEFAULT = new LimitSettings(0, 100, 0, 0);
}
