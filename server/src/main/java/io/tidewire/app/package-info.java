/** The one composition root: plain constructors, start order, stop order. The only room that knows everyone. */
@NullMarked
package io.tidewire.app;

import org.jspecify.annotations.NullMarked;
