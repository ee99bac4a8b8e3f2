package io.tidewire.app;

import io.tidewire.config.Settings;
import io.tidewire.http.Budget;
import io.tidewire.http.EventLoops;
import io.tidewire.observe.Metrics;
import java.time.InstantSource;

/** What all services of this process share. */
record Node(Settings settings, InstantSource clock, EventLoops loops, Budget budget, Metrics metrics) {}
