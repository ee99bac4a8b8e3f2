/** What the clients of both services have in common: their clocks, the way back to a session, the origins of their pages. */
@NullMarked
package io.tidewire.service.client;

import org.jspecify.annotations.NullMarked;
