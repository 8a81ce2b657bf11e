package com.example;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.RetryInfo;
import com.tidewaiter.v1.ScreenBatchRequest;
import com.tidewaiter.v1.Screening;
import com.tidewaiter.v1.ScreeningServiceGrpc;
import com.tidewaiter.v1.ScreeningServiceGrpc.ScreeningServiceBlockingStub;
import com.tidewaiter.v1.Shipment;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Has a running service screen a file of shipments, one JSON a line; answers stand in the same order.
 *
 * <p>At most {@link #WINDOW} calls are open, and the file is read no faster than answers come. A call that the service refused
 * because it is busy or stopping is made again, when {@code RetryInfo} says or after a pause that doubles; a screening changes
 * nothing, so that a call may be made twice. A call that fails for good ends the job: nothing is left out in silence, and the
 * output appears whole or not at all.
 */
public final class ScreenJob {
  private static final int BATCH = 256;
  private static final int WINDOW = 8;
  private static final int TRIES = 8;
  private static final long PAUSE_MS = 200;
  private static final long LONGEST_MS = 30_000;
  private static final long DEADLINE_SECONDS = 120;
  private static final Set<Status.Code> RETRIED =
      EnumSet.of(Status.Code.UNAVAILABLE, Status.Code.RESOURCE_EXHAUSTED, Status.Code.DEADLINE_EXCEEDED);

  private final ScreeningServiceBlockingStub stub;
  private final Map<String, Long> counts = new TreeMap<>();

  private ScreenJob(ScreeningServiceBlockingStub stub) {
    this.stub = stub;
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 3) {
      System.err.println("usage: screen-job HOST:PORT IN.jsonl OUT.jsonl");
      System.exit(2);
    }
    ManagedChannel channel =
        ManagedChannelBuilder.forTarget(arguments[0]).usePlaintext().maxInboundMessageSize(Integer.MAX_VALUE).build();
    try {
      ScreenJob job = new ScreenJob(ScreeningServiceGrpc.newBlockingStub(channel));
      job.run(Path.of(arguments[1]), Path.of(arguments[2]));
      System.out.println(job.counts);
    } finally {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  private void run(Path input, Path output) throws Exception {
    Path partial = output.resolveSibling(output.getFileName() + ".partial");
    ExecutorService calls = Executors.newFixedThreadPool(WINDOW);
    Deque<Future<List<Screening>>> waiting = new ArrayDeque<>();
    try (BufferedReader lines = Files.newBufferedReader(input, StandardCharsets.UTF_8);
        BufferedWriter out = Files.newBufferedWriter(partial, StandardCharsets.UTF_8)) {
      List<Shipment> batch = new ArrayList<>();
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        batch.add(shipment(line, number));
        if (batch.size() == BATCH) {
          List<Shipment> full = batch;
          waiting.add(calls.submit(() -> screen(full)));
          batch = new ArrayList<>();
          if (waiting.size() == WINDOW) {
            write(waiting.remove(), out);
          }
        }
      }
      if (!batch.isEmpty()) {
        List<Shipment> last = batch;
        waiting.add(calls.submit(() -> screen(last)));
      }
      while (!waiting.isEmpty()) {
        write(waiting.remove(), out);
      }
    } finally {
      calls.shutdownNow();
    }
    Files.move(partial, output, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Shipment shipment(String line, long number) throws IOException {
    Shipment.Builder shipment = Shipment.newBuilder();
    try {
      JsonFormat.parser().merge(line, shipment);
    } catch (IOException e) {
      throw new IOException("line " + number + ": " + e.getMessage(), e);
    }
    return shipment.build();
  }

  private void write(Future<List<Screening>> answers, BufferedWriter out) throws Exception {
    try {
      for (Screening screening : answers.get()) {
        counts.merge(screening.getOutcome().name(), 1L, Long::sum);
        out.write(JsonFormat.printer().omittingInsignificantWhitespace().print(screening));
        out.newLine();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private List<Screening> screen(List<Shipment> shipments) throws InterruptedException {
    ScreenBatchRequest request = ScreenBatchRequest.newBuilder().addAllShipments(shipments).build();
    for (int tried = 1; ; tried++) {
      try {
        List<Screening> answers =
            stub.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS).screenBatch(request).getScreeningsList();
        if (answers.size() != shipments.size()) {
          throw new IllegalStateException(answers.size() + " answers to " + shipments.size() + " shipments");
        }
        return answers;
      } catch (StatusRuntimeException e) {
        if (!RETRIED.contains(e.getStatus().getCode()) || tried == TRIES) {
          throw e;
        }
        // Jobs that were refused together must not come back together.
        long pause = Math.min(LONGEST_MS, PAUSE_MS << (tried - 1));
        pause = ThreadLocalRandom.current().nextLong(pause / 2, pause + 1);
        Thread.sleep(Math.max(pause, asked(e)));
      }
    }
  }

  /** Milliseconds that the service asks to wait; 0 where it does not say. */
  private static long asked(StatusRuntimeException error) {
    com.google.rpc.Status status = StatusProto.fromThrowable(error);
    if (status == null) {
      return 0;
    }
    for (com.google.protobuf.Any detail : status.getDetailsList()) {
      if (detail.is(RetryInfo.class)) {
        try {
          return Durations.toMillis(detail.unpack(RetryInfo.class).getRetryDelay());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
          return 0;
        }
      }
    }
    return 0;
  }
}
