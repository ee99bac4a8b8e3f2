package io.tidewire.cli;

/** What the commands need from the rooms behind them; filled in by {@link Main}. */
record Seams(ServerLauncher launcher, ConfigTool config) {}
