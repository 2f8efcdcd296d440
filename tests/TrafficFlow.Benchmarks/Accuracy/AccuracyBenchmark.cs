using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;
using TrafficFlow.SystemTests.Accuracy;

namespace TrafficFlow.Benchmarks.Accuracy;

/// <summary>How right the counts of the real clips are.</summary>
internal sealed class AccuracyBenchmark : IBenchmark
{
    public string Name => "accuracy";

    public string Description =>
        """
        The six clips with truth made by people, counted with the best shipped setting: person-vehicle-bike 2004 finds, NanoDet-Plus looks
        again. A table by clip goes to standard error, with every vehicle missed or invented.
          precision, recall                        over all clips; should be 1.0 and at least 0.98
          recall_without_motorcycles, motorcycles_true, motorcycles_counted
          true_count, counted, missed, extra
        --quick leaves out the longest clip.
        """;

    public async Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        var setting = CountingSetting.Best(RepositoryFiles.Shared);
        var (total, motorcycles, motorcyclesCounted) = (Tally.Empty, 0, 0);
        foreach (var clip in ClipAccuracy.WithTruth)
        {
            if (isQuick && clip == "suburb_37s") continue;
            var accuracy = await ClipAccuracy.MeasureAsync(clip, setting, RepositoryFiles.Shared, [], cancellation);
            var score = accuracy.Score;
            total += score.Total;
            var missed = score.Missed.Count(ClipAccuracy.IsMotorcycle);
            var counted = score.Matched.Count(m => ClipAccuracy.IsMotorcycle(m.Truth));
            motorcycles += missed + counted;
            motorcyclesCounted += counted;
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{clip,-14} true {score.Total.True,3}  counted {score.Total.Counted,3}  missed {score.Total.Missed}  extra {score.Total.Extra}  precision {score.Total.Precision:0.000}  recall {score.Total.Recall:0.000}"));
            foreach (var vehicle in score.Missed) Console.Error.WriteLine(FormattableString.Invariant($"  missed {vehicle.Gate} {vehicle.Direction} at {vehicle.TimeSeconds:0.00} s {vehicle.Class?.Name()}"));
            foreach (var crossing in score.Extra) Console.Error.WriteLine(FormattableString.Invariant($"  extra  {crossing.Gate} {crossing.Direction} at {crossing.TimeSeconds:0.00} s {crossing.Class.Name()}"));
        }

        var others = total.True - motorcycles;
        return new Figures()
            .Add("precision", total.Precision ?? double.NaN, 4)
            .Add("recall", total.Recall ?? double.NaN, 4)
            .Add("recall_without_motorcycles", (double)(total.Matched - motorcyclesCounted) / others, 4)
            .Add("motorcycles_true", motorcycles)
            .Add("motorcycles_counted", motorcyclesCounted)
            .Add("true_count", total.True)
            .Add("counted", total.Counted)
            .Add("missed", total.Missed)
            .Add("extra", total.Extra);
    }
}
