/**
 * The domain: connections, users, groups, audiences, commands and delivery.
 *
 * <p>Belongs here: what is true of every hub, whatever speaks to it. Does not belong here: any wire format, any library,
 * anything of ours from another room. It imports the JDK and nothing else.
 */
@NullMarked
package io.tidewire.hub;

import org.jspecify.annotations.NullMarked;
