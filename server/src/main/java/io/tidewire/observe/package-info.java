/** What operators see: metrics of the hubs, the listeners and the runtime, and the log. Knows the hub's port alone. */
@NullMarked
package io.tidewire.observe;

import org.jspecify.annotations.NullMarked;
