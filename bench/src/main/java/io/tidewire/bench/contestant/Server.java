package io.tidewire.bench.contestant;

import io.tidewire.bench.machine.Program;
import java.util.List;

/**
 * A server that is ready.
 *
 * @param program the process that was started
 * @param pids of all its processes
 * @param port where clients connect
 * @param publishPort where messages are published
 */
public record Server(Program program, List<Long> pids, int port, int publishPort) {
    public Server {
        pids = List.copyOf(pids);
    }

    /** Of a program that is ready by now. */
    static Server of(Program program, int port) {
        return new Server(program, program.pids(), port, port);
    }
}
