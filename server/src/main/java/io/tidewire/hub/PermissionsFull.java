package io.tidewire.hub;

/** A connection's {@link Permissions} name as many groups as they can, and nothing was changed. */
public final class PermissionsFull extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PermissionsFull() {
        super(
                "a connection can be allowed " + Permissions.MAX_GROUPS + " groups by name, and be refused as many",
                null,
                false,
                false);
    }
}
