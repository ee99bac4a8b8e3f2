package io.tidewire.cli;

import io.tidewire.config.Profile;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The program with {@link FakeService} for a server; for tests that need a process. */
final class FakeMain {
    private FakeMain() {}

    public static void main(String[] args) {
        ServerLauncher launcher = (_, _, _) -> new Loud(new FakeService());
        var config = new ConfigTool() {
            @Override
            public List<String> check(Profile profile, Optional<Path> configFile, List<String> sets) {
                return List.of();
            }

            @Override
            public String reference() {
                return "";
            }
        };
        System.exit(new Program(new Seams(launcher, config), Stdio.system()).run(args));
    }

    /** Says when it is closed. */
    private record Loud(FakeService service) implements RunningServer {
        @Override
        public List<String> describe() {
            return service.describe();
        }

        @Override
        public Optional<String> signalr() {
            return service.signalr();
        }

        @Override
        public Optional<String> webPubSub() {
            return service.webPubSub();
        }

        @Override
        public URI admin() {
            return service.admin();
        }

        @Override
        public void awaitStop() throws InterruptedException {
            service.awaitStop();
        }

        @Override
        public void close() {
            System.out.println("closing");
            service.close();
        }
    }
}
