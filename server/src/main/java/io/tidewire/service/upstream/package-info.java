/** What both services need to tell applications of their clients: URLs, headers, turns, and the log of calls. */
@NullMarked
package io.tidewire.service.upstream;

import org.jspecify.annotations.NullMarked;
