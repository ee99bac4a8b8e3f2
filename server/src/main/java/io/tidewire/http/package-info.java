/**
 * HTTP on Netty: server, pipeline, router, exchange, problems and limits. Knows no service and nothing else of ours.
 */
@NullMarked
package io.tidewire.http;

import org.jspecify.annotations.NullMarked;
