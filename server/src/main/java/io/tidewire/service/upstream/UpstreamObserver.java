package io.tidewire.service.upstream;

/** Hears of every call of an upstream when it is over. On event loops: counts or keeps, and returns. */
@FunctionalInterface
public interface UpstreamObserver {
    void called(UpstreamCall call);
}
