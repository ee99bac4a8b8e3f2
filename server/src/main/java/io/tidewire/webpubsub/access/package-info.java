/** Who may come in and what a client may do: claims, roles, and the rules of a hub. */
@NullMarked
package io.tidewire.webpubsub.access;

import org.jspecify.annotations.NullMarked;
