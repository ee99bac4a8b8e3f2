/** Measures Tidewire beside a floor and its peers: see bench/README.md. */
@NullMarked
package io.tidewire.bench;

import org.jspecify.annotations.NullMarked;
