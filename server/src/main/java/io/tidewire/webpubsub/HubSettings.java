package io.tidewire.webpubsub;

import io.tidewire.webpubsub.access.AdmissionSettings;
import io.tidewire.webpubsub.upstream.EventHandlerSettings;
import io.tidewire.webpubsub.upstream.EventListenerSettings;
import java.util.List;

/** What is set for one hub (reference A.3). A hub without settings is there all the same. */
public record HubSettings(
        AdmissionSettings admission,
        List<EventHandlerSettings> eventHandlers,
        List<EventListenerSettings> eventListeners) {
    public HubSettings {
        eventHandlers = List.copyOf(eventHandlers);
        eventListeners = List.copyOf(eventListeners);
    }
}
