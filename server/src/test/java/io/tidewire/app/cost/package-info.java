/** What a delivery allocates and what an idle connection holds, exactly and for each kind of client: red when it grows. */
@NullMarked
package io.tidewire.app.cost;

import org.jspecify.annotations.NullMarked;
