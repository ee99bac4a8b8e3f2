/**
 * The OData filter with which REST callers choose connections. Both services share it. Text goes in, a hub's
 * {@link io.tidewire.hub.Filter} comes out; it knows nothing of HTTP.
 */
@NullMarked
package io.tidewire.filter;

import org.jspecify.annotations.NullMarked;
