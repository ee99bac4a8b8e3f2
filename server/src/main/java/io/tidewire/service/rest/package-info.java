/**
 * What the REST APIs of both services have in common: operations as data, the routes and the OpenAPI made of them, and how a call
 * is read and answered.
 */
@NullMarked
package io.tidewire.service.rest;

import org.jspecify.annotations.NullMarked;
