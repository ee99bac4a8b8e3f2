/** Access keys, connection strings, tokens and their audiences. Knows nothing else of ours. */
@NullMarked
package io.tidewire.auth;

import org.jspecify.annotations.NullMarked;
