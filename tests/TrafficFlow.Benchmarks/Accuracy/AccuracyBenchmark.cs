using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;
using TrafficFlow.SystemTests.Accuracy;

namespace TrafficFlow.Benchmarks.Accuracy;

/// <summary>How right the counts of the real clips are, with every detector that is at hand.</summary>
internal sealed class AccuracyBenchmark : IBenchmark
{
    private const string Only = "--detector";

    public string Name => "accuracy";

    public string Description =>
        """
        The nine clips with truth made by people, each true crossing matched with one counted one within 0.8 s (pentonville, tooley and
        blackfriars_0628: 1.5 s, their truth is of fronts and rears). Counted as `trafficflow count` does, with the detector in the box in both
        precisions, with the shared models and by motion. Tables go to standard error: by detector and clip, for the detector in the box with
        every vehicle missed or invented.
          precision, recall                of the default detector over all clips: at least 0.99 and 0.98
          worst_precision, worst_recall    of any one clip: at least 0.9
          motorcycles_true, motorcycles_counted, true_count, counted, missed, extra
          DETECTOR_precision, DETECTOR_recall
        --quick measures the default detector alone and leaves out the longest clip.
        """;

    public IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string> { [Only] = "NAME    one row of the table, for example \"in-box int8\"" };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public async Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var clips = ClipAccuracy.WithTruth.Concat(ClipAccuracy.WithRoughTruth).Where(c => !isQuick || c != "suburb_37s").ToList();
        var all = CountingSetting.All(RepositoryFiles.Shared);
        var settings = options.TryGetValue(Only, out var only)
            ? all.Where(s => s.Name == only).ToList()
            : isQuick ? [CountingSetting.Default] : all;
        if (settings.Count == 0) throw new BenchmarkException(BenchmarkException.CannotRun, $"there is no detector \"{only}\": name one of {string.Join(", ", all.Select(s => s.Name))}");
        var figures = new Figures();
        foreach (var setting in settings)
        {
            Console.Error.WriteLine($"\n{setting.Name}");
            var scores = new List<CountScore>();
            foreach (var clip in clips)
            {
                var score = (await ClipAccuracy.MeasureAsync(clip, setting, RepositoryFiles.Shared, [], cancellation)).Score;
                scores.Add(score);
                Tell(clip, score, setting.Name.StartsWith("in-box", StringComparison.Ordinal) || only is not null);
            }

            Add(figures, setting, scores, isFirst: setting == settings[0]);
        }

        return figures;
    }

    private static void Add(Figures figures, CountingSetting setting, List<CountScore> scores, bool isFirst)
    {
        var total = scores.Aggregate(Tally.Empty, (sum, score) => sum + score.Total);
        Tell("all", total);
        if (!isFirst)
        {
            var key = setting.Name.Replace(' ', '_').Replace('-', '_');
            figures.Add($"{key}_precision", total.Precision ?? double.NaN, 4).Add($"{key}_recall", total.Recall ?? double.NaN, 4);
            return;
        }

        var missed = scores.Sum(s => s.Missed.Count(ClipAccuracy.IsMotorcycle));
        var counted = scores.Sum(s => s.Matched.Count(m => ClipAccuracy.IsMotorcycle(m.Truth)));
        figures
            .Add("precision", total.Precision ?? double.NaN, 4)
            .Add("recall", total.Recall ?? double.NaN, 4)
            .Add("worst_precision", scores.Min(s => s.Total.Precision) ?? double.NaN, 3)
            .Add("worst_recall", scores.Min(s => s.Total.Recall) ?? double.NaN, 3)
            .Add("motorcycles_true", missed + counted)
            .Add("motorcycles_counted", counted)
            .Add("true_count", total.True)
            .Add("counted", total.Counted)
            .Add("missed", total.Missed)
            .Add("extra", total.Extra);
    }

    private static void Tell(string clip, CountScore score, bool withVehicles)
    {
        Tell(clip, score.Total);
        if (!withVehicles) return;
        foreach (var vehicle in score.Missed) Console.Error.WriteLine(FormattableString.Invariant($"  missed {vehicle.Gate} {vehicle.Direction} at {vehicle.TimeSeconds:0.00} s {vehicle.Class?.Name()}"));
        foreach (var crossing in score.Extra) Console.Error.WriteLine(FormattableString.Invariant($"  extra  {crossing.Gate} {crossing.Direction} at {crossing.TimeSeconds:0.00} s {crossing.Class.Name()}"));
    }

    private static void Tell(string what, Tally tally) => Console.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what,-16} true {tally.True,3}  counted {tally.Counted,3}  missed {tally.Missed,2}  extra {tally.Extra,2}  precision {tally.Precision:0.000}  recall {tally.Recall:0.000}"));
}
