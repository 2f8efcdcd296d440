using TrafficFlow.Core.Detection;

namespace TrafficFlow.Core.Scoring;

/// <summary>The same count told by class, movement or lighting instead of by gate. Rows of which nobody knows it are "not known".</summary>
/// <param name="Seconds">For hourly volumes: how long this kind could be counted.</param>
public sealed record Breakdown(string Name, Tally Tally, double Seconds)
{
    public const string NotKnown = "not known";
    public const string SeenWell = "seen well";

    /// <summary>By the class that vehicles have; what no vehicle explains, by the class it was counted as.</summary>
    public static IReadOnlyList<Breakdown> ByClass(IReadOnlyCollection<CountScore> scores) =>
        Group(scores, t => t.Class?.Name(), (_, c) => c.Class == VehicleClass.Unclassified ? null : c.Class.Name(), Whole(scores));

    /// <summary>By movement; a vehicle counted under a wrong one is right here, see <see cref="Confusion"/> for what it was taken for.</summary>
    public static IReadOnlyList<Breakdown> ByMovement(IReadOnlyCollection<CountScore> scores) =>
        Group(scores, t => t.Movement, (_, c) => c.Movement, Whole(scores));

    /// <summary>
    /// By the lighting that the truth names; what no vehicle explains, and the time of recordings that saw several, by that of the nearest
    /// true row in time.
    /// </summary>
    public static IReadOnlyList<Breakdown> ByLighting(IReadOnlyCollection<CountScore> scores)
    {
        var seconds = scores.SelectMany(SecondsOfLightings).ToLookup(l => l.Lighting, l => l.Seconds);
        return Group(scores, t => t.Lighting, NearestLighting, name => seconds[name].Sum());
    }

    /// <summary>By what was said of the scene when the vehicle passed: how good counts are that were marked as degraded, and for each reason.</summary>
    public static IReadOnlyList<Breakdown> ByScene(IReadOnlyCollection<CountScore> scores)
    {
        if (!scores.Any(s => s.Degraded.Count > 0)) return [];
        var rows = new List<Breakdown>();
        foreach (var name in scores.SelectMany(s => s.Degraded).Select(d => d.Reason).Distinct().Order(StringComparer.Ordinal).Append(SeenWell))
        {
            var (tally, seconds) = (Tally.Empty, 0.0);
            foreach (var score in scores)
            {
                foreach (var (truth, counted) in score.Matched)
                {
                    var shift = counted.TimeSeconds - truth.TimeSeconds;
                    if (score.ReasonAt(truth.TimeSeconds) == name) tally += new Tally(1, 1, 0, 0, shift, Math.Abs(shift), Math.Abs(shift));
                }

                tally += new Tally(score.Missed.Count(m => score.ReasonAt(m.TimeSeconds) == name), 0, score.Extra.Count(e => score.ReasonAt(e.TimeSeconds) == name));
                var degraded = score.Degraded.Where(d => name == SeenWell || d.Reason == name).Sum(d => d.ToSeconds - d.FromSeconds);
                seconds += name == SeenWell ? Math.Max(0, score.Seconds - degraded) : degraded;
            }

            rows.Add(new Breakdown(name, tally, seconds));
        }

        return rows;
    }

    private static IReadOnlyList<Breakdown> Group(
        IReadOnlyCollection<CountScore> scores,
        Func<TruthCrossing, string?> ofTruth,
        Func<CountScore, CountedCrossing, string?> ofExtra,
        Func<string, double> seconds)
    {
        // Where the truth names none there is nothing to tell apart.
        if (!scores.SelectMany(Truth).Any(t => ofTruth(t) is not null)) return [];
        var tallies = new SortedDictionary<string, Tally>(StringComparer.Ordinal);
        foreach (var score in scores)
        {
            foreach (var (truth, counted) in score.Matched)
            {
                var shift = counted.TimeSeconds - truth.TimeSeconds;
                Add(ofTruth(truth), new Tally(1, 1, 0, 0, shift, Math.Abs(shift), Math.Abs(shift)));
            }

            foreach (var missed in score.Missed) Add(ofTruth(missed), new Tally(1, 0, 0));
            foreach (var extra in score.Extra) Add(ofExtra(score, extra), new Tally(0, 0, 1));
        }

        return [.. tallies.OrderBy(t => t.Key == NotKnown).Select(t => new Breakdown(t.Key, t.Value, seconds(t.Key)))];

        void Add(string? name, Tally tally) =>
            tallies[name ?? NotKnown] = tallies.GetValueOrDefault(name ?? NotKnown, Tally.Empty) + tally;
    }

    private static Func<string, double> Whole(IReadOnlyCollection<CountScore> scores) => _ => scores.Sum(s => s.Seconds);

    private static IEnumerable<TruthCrossing> Truth(CountScore score) => score.Matched.Select(m => m.Truth).Concat(score.Missed);

    /// <summary>The time of a recording, each moment under the lighting of the true row that is nearest to it.</summary>
    private static IEnumerable<(string Lighting, double Seconds)> SecondsOfLightings(CountScore score)
    {
        var rows = Truth(score).OrderBy(t => t.TimeSeconds).ToList();
        if (rows.Count == 0) yield return (NotKnown, score.Seconds);
        var from = 0.0;
        for (var i = 0; i < rows.Count; i++)
        {
            var to = i + 1 < rows.Count ? (rows[i].TimeSeconds + rows[i + 1].TimeSeconds) / 2 : score.Seconds;
            yield return (rows[i].Lighting ?? NotKnown, Math.Max(0, to - from));
            from = Math.Max(from, to);
        }
    }

    private static string? NearestLighting(CountScore score, CountedCrossing extra) =>
        Truth(score).MinBy(t => Math.Abs(t.TimeSeconds - extra.TimeSeconds))?.Lighting;
}
