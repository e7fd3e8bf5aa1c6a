package dev.rondo.examples;

import java.util.Arrays;
import java.util.List;

/** Runs a sample by its name; without a name, lists them. */
public final class Examples {
    /** A sample's main; what it throws ends the program with its trace and status 1. */
    private interface Main {
        void run(List<String> args) throws Exception;
    }

    private record Sample(String name, String description, Main main) {}

    private static final List<Sample> SAMPLES =
            List.of(
                    new Sample("hello", "one coroutine, and what making one does", Hello::main),
                    new Sample("say-after", "two tasks that overlap", SayAfter::main),
                    new Sample("gather", "many at once, results in order", Gather::main),
                    new Sample(
                            "echo",
                            "each line of a file or of standard input, all at once",
                            Echo::main),
                    new Sample(
                            "timeouts",
                            "a slow service, a fast one, a fallback, a shield",
                            Timeouts::main),
                    new Sample(
                            "task-group",
                            "a batch in which one job fails and the others clean up",
                            TaskGroups::main),
                    new Sample(
                            "producer-consumer",
                            "a bounded queue, two workers, a graceful end",
                            ProducerConsumer::main),
                    new Sample("rate-limit", "so many at once, so many a second", RateLimit::main),
                    new Sample(
                            "mono-interop",
                            "Monos awaited, coroutines as Monos, zip, cancel, context",
                            MonoInterop::main),
                    new Sample(
                            "webclient",
                            "a Reactor Netty server and client in plain code",
                            WebClient::main),
                    new Sample(
                            "pipeline",
                            "a file of JSON lines through operators and coroutines",
                            Pipeline::main),
                    new Sample(
                            "sse",
                            "server-sent events from a generator, read in a for-loop",
                            ServerSentEvents::main),
                    new Sample(
                            "hosted",
                            "a server with a loop on each of Netty's threads, state by key",
                            Hosted::main),
                    new Sample(
                            "scheduler",
                            "a Reactor pipeline and coroutines on one loop",
                            SchedulerOperators::main),
                    new Sample("graceful", "runs until Ctrl-C, then cleans up", Graceful::main));

    private Examples() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            list();
            return;
        }
        for (Sample sample : SAMPLES) {
            if (sample.name.equals(args[0])) {
                sample.main.run(Arrays.asList(args).subList(1, args.length));
                return;
            }
        }
        System.err.println("There is no sample '" + args[0] + "'. There are:");
        list();
        System.exit(2);
    }

    private static void list() {
        for (Sample sample : SAMPLES) {
            System.out.printf("%-18s %s%n", sample.name, sample.description);
        }
    }
}
