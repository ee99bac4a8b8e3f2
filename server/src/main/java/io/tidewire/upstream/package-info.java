/**
 * Calls the web hooks of applications: HTTP out of this server, kept from harming it or others. Guards which addresses are
 * dialled, pools, limits and breaks per host. Knows no service and no protocol of ours.
 */
@NullMarked
package io.tidewire.upstream;

import org.jspecify.annotations.NullMarked;
