package io.tidewire.cli;

/**
 * The name of a hub as it travels.
 *
 * @param value lower case, as the vendor's SDKs send it
 */
record HubName(String value) {}
