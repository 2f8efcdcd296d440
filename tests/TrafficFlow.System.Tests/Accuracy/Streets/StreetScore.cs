using TrafficFlow.Core;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;
using TrafficFlow.Synthetic.Views;

namespace TrafficFlow.SystemTests.Accuracy.Streets;

/// <summary>A count of one film against what really passed, one to one.</summary>
internal sealed record StreetScore(
    StreetFilm Film,
    IReadOnlyList<(StreetCrossing True, Crossing Counted)> Matched,
    IReadOnlyList<StreetCrossing> Missed,
    IReadOnlyList<Crossing> Extra)
{
    public const double ToleranceSeconds = 1;

    /// <summary>Optional rows are in neither sum, counted or not.</summary>
    public int Right => Matched.Count(m => !m.True.IsOptional);

    public IEnumerable<(StreetCrossing True, Crossing Counted)> Classed =>
        Matched.Where(m => !m.True.IsOptional && m.Counted.Class != VehicleClass.Unclassified);

    public static double Seconds(Crossing crossing) => (crossing.Time - StreetFilm.CountedFrom).TotalSeconds;

    /// <summary>Tracks and counts what a detector found.</summary>
    /// <param name="seen">Told after each picture, with its number.</param>
    public static StreetScore Of(StreetFilm film, ScoreBands? scores = null, Action<int, PipelineOutput>? seen = null)
    {
        var pipeline = new CameraPipeline(film.Camera, scores ?? film.Found.Scores);
        var (output, counted) = (new PipelineOutput(), new List<Crossing>());
        for (var i = 0; i < film.Found.Frames.Count; i++)
        {
            pipeline.Process(film.Found.Frames[i].Time, film.Found.Frames[i].Detections, output);
            counted.AddRange(output.Crossings);
            seen?.Invoke(i, output);
        }

        pipeline.Finish(output);
        counted.AddRange(output.Crossings);
        return Match(film, counted);
    }

    public static StreetScore Match(StreetFilm film, IReadOnlyList<Crossing> counted)
    {
        var matched = new List<(StreetCrossing, Crossing)>();
        var (missed, extra) = (new List<StreetCrossing>(), new List<Crossing>());
        var truthOf = film.Truth.ToLookup(t => (t.Gate, t.Direction));
        var countedOf = counted.ToLookup(c => (c.Gate, c.Direction));
        foreach (var key in truthOf.Select(t => t.Key).Union(countedOf.Select(c => c.Key)))
        {
            var truth = truthOf[key].OrderBy(t => t.TimeSeconds).ToList();
            var found = countedOf[key].OrderBy(c => c.Time).ToList();
            var pairs = CrossingMatcher.Match([.. truth.Select(t => (t.TimeSeconds, t.IsOptional))], [.. found.Select(Seconds)], ToleranceSeconds);
            var free = Enumerable.Range(0, found.Count).Except(pairs).ToList();
            for (var i = 0; i < truth.Count; i++)
            {
                // Who stood on the line is counted rightly at any time from when it came to when it went.
                var j = pairs[i] >= 0 ? pairs[i] : free.FindIndex(k => IsWithin(truth[i], Seconds(found[k]))) is var at and >= 0 ? free[at] : -1;
                free.Remove(j);
                if (j >= 0) matched.Add((truth[i], found[j]));
                else if (!truth[i].IsOptional) missed.Add(truth[i]);
            }

            extra.AddRange(free.Select(f => found[f]));
        }

        return new StreetScore(film, matched, missed, [.. extra.OrderBy(e => e.Time)]);
    }

    private static bool IsWithin(StreetCrossing truth, double seconds) =>
        seconds >= truth.FromSeconds - ToleranceSeconds && seconds <= truth.ToSeconds + ToleranceSeconds;
}
