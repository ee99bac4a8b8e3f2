/** File, environment and command line, read into the settings records of the other rooms. */
@NullMarked
package io.tidewire.config;

import org.jspecify.annotations.NullMarked;
