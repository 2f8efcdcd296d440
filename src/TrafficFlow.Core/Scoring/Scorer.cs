using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Scoring;

/// <summary>Compares a count with the truth, crossing by crossing, for each gate and direction.</summary>
public static class Scorer
{
    /// <param name="truth">Where a gate's rows hold one of any direction, all of that gate are scored together, as forward.</param>
    /// <param name="toleranceSeconds">How far a counted crossing may lie from the true one, earlier or later.</param>
    /// <param name="seconds">Length of the recording; null takes the time of the last row of either side.</param>
    public static CountScore Score(
        IReadOnlyCollection<TruthCrossing> truth,
        IReadOnlyCollection<CountedCrossing> counted,
        double toleranceSeconds,
        double? seconds = null)
    {
        var undirected = truth.Where(t => t.IsAnyDirection).Select(t => t.Gate).ToHashSet();
        var truthOf = truth.ToLookup(t => (t.Gate, Direction: Told(t.Gate, t.Direction)));
        var countedOf = counted.ToLookup(c => (c.Gate, Direction: Told(c.Gate, c.Direction)));
        var gates = new List<GateScore>();
        var matched = new List<MatchedCrossing>();
        var missed = new List<TruthCrossing>();
        var extra = new List<CountedCrossing>();
        var keys = truthOf.Select(g => g.Key).Union(countedOf.Select(g => g.Key))
            .OrderBy(k => k.Gate.Value, StringComparer.Ordinal).ThenBy(k => k.Direction);
        foreach (var key in keys)
        {
            var tally = ScoreGate(
                [.. truthOf[key].OrderBy(t => t.TimeSeconds)], [.. countedOf[key].OrderBy(c => c.TimeSeconds)], toleranceSeconds,
                matched, missed, extra);
            gates.Add(new GateScore(key.Gate, key.Direction, tally));
        }

        var last = truth.Select(t => t.TimeSeconds).Concat(counted.Select(c => c.TimeSeconds)).DefaultIfEmpty().Max();
        return new CountScore(
            seconds ?? last,
            gates,
            matched,
            [.. missed.OrderBy(m => m.TimeSeconds)],
            [.. extra.OrderBy(e => e.TimeSeconds)]);

        CrossingDirection Told(GateId gate, CrossingDirection direction) => undirected.Contains(gate) ? CrossingDirection.Forward : direction;
    }

    private static Tally ScoreGate(
        TruthCrossing[] truth,
        CountedCrossing[] counted,
        double tolerance,
        List<MatchedCrossing> matched,
        List<TruthCrossing> missed,
        List<CountedCrossing> extra)
    {
        var matches = CrossingMatcher.Match(
            [.. truth.Select(t => (t.TimeSeconds, t.IsOptional))], [.. counted.Select(c => c.TimeSeconds)], tolerance);
        var tally = Tally.Empty;
        for (var i = 0; i < truth.Length; i++)
        {
            tally += (truth[i].IsOptional, matches[i]) switch
            {
                (true, < 0) => Tally.Empty,
                (true, _) => new Tally(0, 0, 0, SetAside: 1),
                (false, < 0) => Missed(truth[i]),
                (false, var j) => Matched(truth[i], counted[j]),
            };
        }

        var explained = matches.ToHashSet();
        var unexplained = counted.Where((_, j) => !explained.Contains(j)).ToList();
        extra.AddRange(unexplained);
        return tally + new Tally(0, 0, unexplained.Count);

        Tally Missed(TruthCrossing vehicle)
        {
            missed.Add(vehicle);
            return new Tally(1, 0, 0);
        }

        Tally Matched(TruthCrossing vehicle, CountedCrossing crossing)
        {
            matched.Add(new MatchedCrossing(vehicle, crossing));
            var shift = crossing.TimeSeconds - vehicle.TimeSeconds;
            return new Tally(1, 1, 0, 0, shift, Math.Abs(shift), Math.Abs(shift));
        }
    }
}
