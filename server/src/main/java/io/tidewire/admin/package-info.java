/** The admin listener: liveness, readiness, metrics. */
@NullMarked
package io.tidewire.admin;

import org.jspecify.annotations.NullMarked;
