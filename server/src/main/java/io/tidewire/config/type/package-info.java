/**
 * The kinds of values that settings have: how each is written, read and bounded. Knows no single setting.
 */
@NullMarked
package io.tidewire.config.type;

import org.jspecify.annotations.NullMarked;
