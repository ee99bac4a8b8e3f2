/** Who may come in, and how many: what REST callers and clients of both services have in common. */
@NullMarked
package io.tidewire.service.access;

import org.jspecify.annotations.NullMarked;
