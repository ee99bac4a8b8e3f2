/**
 * What both services have in common beside the hub: each room of theirs ({@code access}, {@code client}, {@code protocol},
 * {@code rest}, {@code upstream}) may have its shared part here under the same name. Knows neither service.
 */
@NullMarked
package io.tidewire.service;

import org.jspecify.annotations.NullMarked;
