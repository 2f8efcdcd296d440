using System.Diagnostics;
using System.Globalization;
using TrafficFlow.Core.Scene;

namespace TrafficFlow.Benchmarks.Scene;

/// <summary>How soon a camera that was moved or blinded is noticed, and how often one that was not is suspected.</summary>
internal sealed class SceneBenchmark : IBenchmark
{
    private const string Drifting = "car_park";
    private const double HealthySeconds = 60;
    private const double Patience = 20;

    private static readonly string[] s_clips =
    [
        "stuttgart", "suburb_37s", "elephant", "hydepark", "blackfriars", "road_barrier", "night", "radeberg_130000", Drifting,
    ];

    public string Name => "scene";

    public string Description =>
        """
        The scene watch on the shared clips, looped in event time. For an hour each it must be silent, across the loops' seams too. Then, after a
        minute, each fault in turn is done to the pictures (shift by 2 % of the width, turn, zoom, half covered, blurred, dark, exposure, frozen):
          found, faults                 told with the right kind within 10 s, of so many; car_park, which drifts by itself, is not among them
          slowest_s, median_s           from the fault to its being told
          false_alarms_in_clip_hours    in so many hours of looped clips: should be 0
          clip_hours
          car_park_drift_percent, car_park_drift_told_s, car_park_exposure_jumps_per_loop
          look_ms                       one look, of two a second, on this machine now
        """;

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        var hour = isQuick ? 600 : 3600;
        var (alarms, hours, looks, clock) = (0L, 0.0, 0L, new Stopwatch());
        var times = new List<double?>();
        var figures = new Figures();
        foreach (var name in s_clips.Where(c => !isQuick || c is "stuttgart" or "night" or Drifting))
        {
            cancellation.ThrowIfCancellationRequested();
            var clip = SceneClip.Read(RepositoryFiles.Shared($"data/clips/{name}.mp4"));
            var play = new Play(clip);
            clock.Start();
            var told = play.Until(hour);
            clock.Stop();
            looks += play.Looks;
            if (name == Drifting)
            {
                TellDrift(told, clip, hour, figures);
                continue;
            }

            var degraded = told.Where(t => t.Verdict.IsDegraded).ToList();
            alarms += degraded.Count;
            hours += hour / 3600.0;
            Note($"{name}: {hour} s, {degraded.Count} false alarms{string.Concat(degraded.Take(5).Select(d => $", {d.Verdict.State.Name()} at {d.Seconds:0.0} s"))}");
            foreach (var fault in PictureFault.All) times.Add(Time(clip, fault.Name, fault.Accepted, fault.Happen, isFrozen: false));
            times.Add(Time(clip, "frozen", [SceneState.Frozen], (p, _, _) => p, isFrozen: true));
        }

        var found = times.Where(t => t is <= 10).Select(t => t!.Value).ToList();
        figures
            .Add("found", (long)found.Count)
            .Add("faults", (long)times.Count)
            .Add("slowest_s", found.Count == 0 ? double.NaN : found.Max(), 1)
            .Add("median_s", found.Median(), 1)
            .Add("false_alarms_in_clip_hours", alarms)
            .Add("clip_hours", hours, 1)
            .Add("look_ms", clock.Elapsed.TotalMilliseconds / looks, 2);
        return Task.FromResult(figures);
    }

    private static double? Time(SceneClip clip, string name, IReadOnlyList<SceneState> accepted, Func<byte[], int, int, byte[]> happen, bool isFrozen)
    {
        var play = new Play(clip);
        play.Until(HealthySeconds);
        var still = clip.At(HealthySeconds);
        play.Change = p => happen(isFrozen ? still : p, SceneClip.Width, clip.Height);
        var told = play.Until(HealthySeconds + Patience);
        double? after = told.Where(t => accepted.Contains(t.Verdict.State)).Select(t => (double?)(t.Seconds - HealthySeconds)).FirstOrDefault();
        Note($"  {clip.Name} {name}: {(after is { } s ? string.Create(CultureInfo.InvariantCulture, $"{s:0.0} s") : "not told")} ({string.Join(", ", told.Select(t => t.Verdict.State.Name()))})");
        return after;
    }

    private static void TellDrift(IReadOnlyList<Told> told, SceneClip clip, double hour, Figures figures)
    {
        var moved = told.Where(t => t.Verdict.State == SceneState.Moved).ToList();
        var shift = moved.Count == 0 ? double.NaN : moved.Max(m => Math.Sqrt((m.Verdict.ShiftX * m.Verdict.ShiftX) + (m.Verdict.ShiftY * m.Verdict.ShiftY)));
        var jumps = told.Count(t => t.Verdict.State == SceneState.ExposureJump) / (hour / clip.Seconds);
        Note(string.Create(CultureInfo.InvariantCulture, $"{clip.Name}: moved told {moved.Count} times in {hour / clip.Seconds:0} loops, {jumps:0.0} exposure jumps a loop"));
        figures
            .Add("car_park_drift_percent", 100 * shift, 2)
            .Add("car_park_drift_told_s", moved.Count == 0 ? double.NaN : moved[0].Seconds, 1)
            .Add("car_park_exposure_jumps_per_loop", jumps, 2);
    }

    private static void Note(string text) => Console.Error.WriteLine(text);

    /// <param name="Seconds">When a state was told first.</param>
    private sealed record Told(double Seconds, SceneVerdict Verdict);

    private sealed class Play(SceneClip clip)
    {
        private readonly SceneJudge _judge = new(clip.Grid, SceneSettings.Default);
        private readonly ScenePicture _picture = new(clip.Grid);
        private readonly byte[] _fine = new byte[clip.Grid.FineWidth * clip.Grid.FineHeight];
        private SceneState _last;
        private double _time;

        public Func<byte[], byte[]> Change { get; set; } = p => p;

        public long Looks { get; private set; }

        /// <returns>Each change of the state.</returns>
        public IReadOnlyList<Told> Until(double end)
        {
            var told = new List<Told>();
            for (; _time < end; _time += SceneSettings.Default.LookEvery)
            {
                clip.Shrink(Change(clip.At(_time)), _fine);
                _picture.Take(_fine);
                var verdict = _judge.Judge(_picture, DateTimeOffset.UnixEpoch.AddSeconds(_time));
                Looks++;
                if (verdict.State != _last) told.Add(new Told(_time, verdict));
                _last = verdict.State;
            }

            return told;
        }
    }
}
