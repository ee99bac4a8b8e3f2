/** Event handlers and event listeners: who is told what clients do. */
@NullMarked
package io.tidewire.webpubsub.upstream;

import org.jspecify.annotations.NullMarked;
