package io.tidewire.backplane.embedded;

import io.tidewire.backplane.GroupStatesContract;
import io.tidewire.hub.Backplane;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.GroupStates;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

class EmbeddedGroupStatesTest extends GroupStatesContract {
    @Override
    protected Backplane create(Fanout local, List<ScheduledExecutorService> loops, GroupStates.Messages messages) {
        return new EmbeddedBackplane(local, loops, InstantSource.system(), messages);
    }
}
