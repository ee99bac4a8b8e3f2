package io.tidewire.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What processes have used so far: CPU time in microseconds, resident memory in bytes. */
public record Usage(double userMicros, double systemMicros, double residentBytes) {
    /** USER_HZ, which Linux shows to programs whatever its own clock is. */
    private static final double MICROS_PER_TICK = 10_000;

    private static final int USER = 11; // of the words behind the name, from 0
    private static final int SYSTEM = 12;

    public static Usage of(List<Long> pids) {
        double user = 0;
        double system = 0;
        double resident = 0;
        for (long pid : pids) {
            String stat = read(Path.of("/proc", Long.toString(pid), "stat"));
            // The name in parentheses may have spaces.
            String[] words = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
            user += Double.parseDouble(words[USER]) * MICROS_PER_TICK;
            system += Double.parseDouble(words[SYSTEM]) * MICROS_PER_TICK;
            resident += read(Path.of("/proc", Long.toString(pid), "status"))
                    .lines()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1024)
                    .sum();
        }
        return new Usage(user, system, resident);
    }

    public double cpuMicros() {
        return userMicros + systemMicros;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IllegalStateException("The server has gone: " + file, e);
        } catch (IOException e) {
            throw new IllegalStateException("Could not read " + file, e);
        }
    }
}
