/** The REST API of Web PubSub Service. */
@NullMarked
package io.tidewire.webpubsub.rest;

import org.jspecify.annotations.NullMarked;
