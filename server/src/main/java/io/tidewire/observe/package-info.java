/** What operators see: metrics of the hub and the listeners. */
@NullMarked
package io.tidewire.observe;

import org.jspecify.annotations.NullMarked;
