using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Akka.Actor;
using TrafficFlow.Benchmarks.Cameras;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Server;
using TrafficFlow.Synthetic;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Motion;
using TrafficFlow.Vision.Recording;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Membership;

namespace TrafficFlow.Benchmarks.Recording;

/// <summary>What encrypting costs where four cameras record, and what recording costs those that count.</summary>
internal sealed class RecordingBenchmark : IBenchmark
{
    private const int Pairs = 5;
    private const int QuickPairs = 2;
    private const int RecordedSeconds = 30;
    private const int FramesPerSecond = 10;

    private static readonly DateTimeOffset s_start = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_stall = TimeSpan.FromSeconds(10);
    private static readonly RecordingSettings s_settings = new(new RecordingPlan(RecordingMode.On, TimeZoneInfo.Utc)) { SegmentLength = TimeSpan.FromSeconds(10) };

    public string Name => "recording";

    public string Description =>
        """
        Four cameras of 640x360 at 10 frames/s record: frames of the simulated junction through coarsening and ffmpeg, once into plain files and once into a vault, in pairs; CPU time of the machine,
        which must do nothing else. Then four live cameras count, without recording and with it, and with a disk that stands still for 10 s.
          cpu_ratio_to_unencrypted          median of the pairs; at most 1.05 is meant
          aes_ratio_to_openssl              bytes a second of the vault's construction against `openssl speed` of AES-256-GCM with blocks of 16 KiB; at least 0.8 is meant
          frames_lost_by_counting           dropped by four live cameras while they record, beyond those dropped without: 0 is meant
          frames_lost_by_counting_in_stall  the same while the disk stands still: 0 is meant
          frames_lost_by_recording_in_stall what the recording lost meanwhile: more than 0, or the stall was none
          recorded_mb                       in one run of the vault
        """;

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => MeasureAsync(isQuick, cancellation);

    private static async Task<Figures> MeasureAsync(bool isQuick, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        var frames = await FramesAsync(cancellation);
        var (ratios, bytes) = (new List<double>(), 0L);
        try
        {
            await RecordAsync(frames, new PlainStore(Directory.CreateDirectory(folder.File("warm")).FullName), cancellation);
            for (var pair = 0; pair < (isQuick ? QuickPairs : Pairs); pair++)
            {
                using var keys = Keys(folder.File($"vault{pair}"));
                var plain = new PlainStore(Directory.CreateDirectory(folder.File($"plain{pair}")).FullName);
                var vault = new SegmentStore(keys, new SegmentStoreOptions { MinFreeBytes = 0 });
                // Now one first, now the other: a machine that grows slower favours neither.
                var first = await RecordAsync(frames, pair % 2 == 0 ? plain : vault, cancellation);
                var second = await RecordAsync(frames, pair % 2 == 0 ? vault : plain, cancellation);
                ratios.Add(pair % 2 == 0 ? second / first : first / second);
                bytes = new RecordedSegments(keys, new SegmentStoreOptions()).List().Sum(s => s.Bytes);
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"pair {pair}: {first:0.00} s, {second:0.00} s of CPU, ratio {ratios[^1]:0.000}"));
            }
        }
        finally
        {
            foreach (var frame in frames.SelectMany(f => f)) frame.Dispose();
        }

        var seconds = TimeSpan.FromSeconds(isQuick ? 20 : 60);
        using var live = Keys(folder.File("live"));
        var store = new StallingStore(new SegmentStore(live, new SegmentStoreOptions { MinFreeBytes = 0 }));
        var alone = await CountAsync(folder.File("alone.db"), null, seconds, null, cancellation);
        var beside = await CountAsync(folder.File("beside.db"), store, seconds, null, cancellation);
        var stalled = await CountAsync(folder.File("stalled.db"), store, seconds, store, cancellation);
        return new Figures()
            .Add("cpu_ratio_to_unencrypted", ratios.Median(), 3)
            .Add("aes_ratio_to_openssl", Vault(TimeSpan.FromSeconds(3)) / await OpensslAsync(cancellation), 3)
            .Add("frames_lost_by_counting", Math.Max(0, beside.Dropped - alone.Dropped))
            .Add("frames_lost_by_counting_in_stall", Math.Max(0, stalled.Dropped - alone.Dropped))
            .Add("frames_lost_by_recording_in_stall", stalled.Lost)
            .Add("frames_per_s_alone", alone.FramesPerSecond, 2)
            .Add("frames_per_s_recording", beside.FramesPerSecond, 2)
            .Add("frames_per_s_stalled", stalled.FramesPerSecond, 2)
            .Add("recorded_mb", bytes / 1e6, 1);
    }

    private static VaultKeys Keys(string folder)
    {
        var keys = new VaultKeys(folder, TimeProvider.System);
        using var credential = new CredentialSecret(RandomNumberGenerator.GetBytes(32));
        keys.Create([SlotRequest.Of("benchmark", credential)]);
        return keys;
    }

    /// <summary>Half a minute of each of the four cameras, in memory, so that painting costs nothing later.</summary>
    private static async Task<IReadOnlyList<IReadOnlyList<AnonymizedFrame>>> FramesAsync(CancellationToken cancellation)
    {
        var readers = new FrameReaderFactory(s_start, FfmpegTimeouts.Default, TimeProvider.System);
        var all = new List<IReadOnlyList<AnonymizedFrame>>();
        foreach (var camera in SyntheticJunction.Site.Cameras)
        {
            await using var reader = await readers.OpenAsync(camera with { Source = $"{camera.Source}?seconds={RecordedSeconds}" }, cancellation);
            var frames = new List<AnonymizedFrame>();
            while (await reader.ReadAsync(cancellation) is { } frame) frames.Add(frame);
            all.Add(frames);
        }

        return all;
    }

    /// <returns>Seconds of CPU that the machine used.</returns>
    private static async Task<double> RecordAsync(IReadOnlyList<IReadOnlyList<AnonymizedFrame>> frames, ISegmentStore store, CancellationToken cancellation)
    {
        var detector = new DetectorIdentity("none", "1", new ScoreBands(0.1f, 0.5f, 0.6f), KnowsPersons: true);
        var before = Used();
        var recorders = new CameraRecorders(store, TimeProvider.System);
        await Task.WhenAll(SyntheticJunction.Site.Cameras.Select((camera, index) => Task.Run(async () =>
        {
            using var recorder = recorders.Create(camera, detector, new RecordingOrder(SyntheticJunction.Site.Id, SyntheticJunction.Site.Hash, s_settings));
            for (var given = 0; given < frames[index].Count; given++)
            {
                recorder.Observe(frames[index][given], []);
                // Never more than it has room for.
                while (given - recorder.Progress.Frames > 2.5 * FramesPerSecond && !recorder.Completion.IsCompleted) await Task.Delay(5, cancellation);
            }

            recorder.End();
            if (await recorder.Completion.WaitAsync(s_patience, cancellation) is { Length: > 0 } why) throw new BenchmarkException(BenchmarkException.Failed, $"camera {camera.Id}: {why}");
            if (recorder.Progress.Lost > 0) throw new BenchmarkException(BenchmarkException.Failed, $"camera {camera.Id} has lost {recorder.Progress.Lost} frames: the pairs cannot be compared");
        }, cancellation)));
        return (Used() - before).TotalSeconds;
    }

    private static async Task<(long Dropped, double FramesPerSecond, long Lost)> CountAsync(string journal, ISegmentStore? store, TimeSpan duration, StallingStore? stalls, CancellationToken cancellation)
    {
        var site = SyntheticJunction.Site;
        await using var node = await InProcessNode.StartAsync(
            journal,
            builder => builder.WithApproachAggregators(site).WithCameras(new CamerasSetup(() => [site], new FrameReaderFactory(TimeProvider.System.GetUtcNow(), FfmpegTimeouts.Default, TimeProvider.System), new Detectors())
            {
                Recorders = store is null ? null : new CameraRecorders(store, TimeProvider.System),
                Recording = _ => store is null ? RecordingSettings.Off : s_settings,
            }),
            TrafficFlowRoles.Roadside, TrafficFlowRoles.Server);
        var cameras = node.Registry.Get<CamerasActor>();
        var clock = Stopwatch.StartNew();
        while ((await AskAsync(cameras, cancellation)).Count(c => c.Frames > 20 * FramesPerSecond / 2) < site.Cameras.Count)
        {
            if (clock.Elapsed > s_patience) throw new BenchmarkException(BenchmarkException.Failed, "the cameras do not stream");
            await Task.Delay(200, cancellation);
        }

        var (before, start) = (await AskAsync(cameras, cancellation), Stopwatch.StartNew());
        if (stalls is not null)
        {
            await Task.Delay(duration / 4, cancellation);
            stalls.Stall();
            await Task.Delay(s_stall, cancellation);
            stalls.Go();
        }

        await Task.Delay(duration - start.Elapsed > TimeSpan.Zero ? duration - start.Elapsed : TimeSpan.Zero, cancellation);
        var (after, seconds) = (await AskAsync(cameras, cancellation), start.Elapsed.TotalSeconds);
        return (after.Sum(c => c.Dropped) - before.Sum(c => c.Dropped), (after.Sum(c => c.Frames) - before.Sum(c => c.Frames)) / seconds, after.Sum(c => c.Recording?.Lost ?? 0));
    }

    /// <returns>Of the cameras alone; the junction has no pictures.</returns>
    private static async Task<IReadOnlyList<CameraStatus>> AskAsync(IActorRef cameras, CancellationToken cancellation) =>
        [.. (await cameras.Ask<CameraStatuses>(GetCameras.Instance, s_patience, cancellation)).Cameras.Where(c => SyntheticJunction.Site.FindCamera(c.Camera) is not null)];

    /// <returns>Bytes a second of the vault's own construction, on one core.</returns>
    private static double Vault(TimeSpan duration)
    {
        using var key = LockedBytes.Random(KeyWrap.KeyBytes);
        using var writer = new ChunkedWriter(Stream.Null, ChunkedEncryption.Begin(key, "benchmark"u8));
        var block = RandomNumberGenerator.GetBytes(256 * 1024);
        writer.Begin();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < duration) writer.Write(block);
        return writer.Length / clock.Elapsed.TotalSeconds;
    }

    /// <returns>Bytes a second of AES-256-GCM by openssl, on one core.</returns>
    private static async Task<double> OpensslAsync(CancellationToken cancellation)
    {
        using var openssl = Process.Start(new ProcessStartInfo("openssl", ["speed", "-elapsed", "-mr", "-seconds", "3", "-bytes", "16384", "-evp", "aes-256-gcm"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var complaints = openssl.StandardError.ReadToEndAsync(cancellation);
        var told = await openssl.StandardOutput.ReadToEndAsync(cancellation);
        await openssl.WaitForExitAsync(cancellation);
        // +F:NUMBER:CIPHER:BYTES
        var line = told.Split('\n').FirstOrDefault(l => l.StartsWith("+F:", StringComparison.Ordinal)) ?? throw new BenchmarkException(BenchmarkException.CannotRun, $"openssl speed tells nothing: {told} {await complaints}");
        return double.Parse(line.Trim().Split(':')[^1], CultureInfo.InvariantCulture);
    }

    /// <summary>Of the whole machine: ffmpeg runs behind a sandbox, whose own time is nobody's who waits for it. Measure on a machine that does nothing else.</summary>
    private static TimeSpan Used() => MachineUse.Now().Machine;

    private sealed class Detectors : IVehicleDetectorFactory
    {
        public IVehicleDetector Create(CameraSetup camera) => new MotionDetector(camera.Frame, MotionSettings.Default);
    }
}
