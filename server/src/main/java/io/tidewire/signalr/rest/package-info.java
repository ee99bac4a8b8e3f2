/** The REST operations of SignalR Service, one route table for all versions, and the OpenAPI made from it. */
@NullMarked
package io.tidewire.signalr.rest;

import org.jspecify.annotations.NullMarked;
