package io.tidewire.backplane.embedded;

import io.tidewire.backplane.BackplaneContract;
import io.tidewire.hub.Backplane;
import io.tidewire.hub.Fanout;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

class EmbeddedBackplaneTest extends BackplaneContract {
    @Override
    protected Backplane create(Fanout local, List<ScheduledExecutorService> loops) {
        return new EmbeddedBackplane(local, loops);
    }
}
