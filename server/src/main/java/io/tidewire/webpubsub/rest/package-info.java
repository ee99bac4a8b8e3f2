/** The REST operations of Web PubSub Service, one route table for all versions, and the OpenAPI made from it. */
@NullMarked
package io.tidewire.webpubsub.rest;

import org.jspecify.annotations.NullMarked;
