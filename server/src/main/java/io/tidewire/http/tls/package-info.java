/** TLS of a listener: the certificate's files, their renewal, and what a handshake may choose. Knows no HTTP. */
@NullMarked
package io.tidewire.http.tls;

import org.jspecify.annotations.NullMarked;
