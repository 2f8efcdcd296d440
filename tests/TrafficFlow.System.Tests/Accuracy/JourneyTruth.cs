using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Scoring;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;

namespace TrafficFlow.SystemTests.Accuracy;

/// <summary>A journey and the vehicle that made it.</summary>
internal sealed record MatchedJourney(VehicleJourney True, Journey Counted);

/// <summary>What really happened on the simulated junction, with each vehicle's speed at every instant.</summary>
internal sealed class JourneyTruth
{
    private const double SamplesPerSecond = 20;
    private const double ToleranceSeconds = 4;

    private readonly Dictionary<long, (double From, List<float> Kmh)> _speeds = [];
    private readonly JunctionSimulation _junction;
    private readonly double _seconds;

    public JourneyTruth(JunctionSettings settings, double seconds)
    {
        _seconds = seconds;
        _junction = new JunctionSimulation(settings);
        var before = new Dictionary<long, GroundPoint>();
        for (var t = 0.0; t <= seconds; t += 1 / SamplesPerSecond)
        {
            _junction.AdvanceTo(TimeSpan.FromSeconds(t));
            LongestQueue = Math.Max(LongestQueue, JunctionLayout.Approaches.Max(_junction.QueueOn));
            foreach (var vehicle in _junction.Vehicles)
            {
                if (!_speeds.TryGetValue(vehicle.Id, out var known)) _speeds[vehicle.Id] = known = (t, []);
                // Of the middle, as it is measured: in a bend the middle of a long vehicle goes on a shorter way than its front.
                if (before.TryGetValue(vehicle.Id, out var place)) known.Kmh.Add((float)(place.DistanceTo(vehicle.Centre) * SamplesPerSecond * 3.6));
                before[vehicle.Id] = vehicle.Centre;
            }
        }
    }

    /// <summary>Vehicles that stood or crawled on one approach at once.</summary>
    public int LongestQueue { get; }

    public double? SpeedKmh(long vehicle, DateTimeOffset at)
    {
        if (!_speeds.TryGetValue(vehicle, out var known)) return null;
        var sample = (((at - SyntheticObservations.Start).TotalSeconds - known.From) * SamplesPerSecond) - 0.5;
        var before = (int)Math.Floor(sample);
        if (before < 0 || before + 1 >= known.Kmh.Count) return null;
        return known.Kmh[before] + ((sample - before) * (known.Kmh[before + 1] - known.Kmh[before]));
    }

    /// <summary>
    /// What the vehicle did while it was seen, until it left: stops (below 5 km/h until above 10), seconds standing and seconds lost against
    /// 40 km/h; null where the truth does not reach so far.
    /// </summary>
    public (int Stops, double StoppedSeconds, double DelaySeconds)? Way(long vehicle, DateTimeOffset from, DateTimeOffset to)
    {
        if (!_speeds.TryGetValue(vehicle, out var known)) return null;
        var first = (int)Math.Round(((from - SyntheticObservations.Start).TotalSeconds - known.From) * SamplesPerSecond);
        var last = (int)Math.Round(((to - SyntheticObservations.Start).TotalSeconds - known.From) * SamplesPerSecond);
        if (first < 0 || last > known.Kmh.Count) return null;
        var (stops, standing, metres, stands) = (0, 0, 0.0, known.Kmh[first] < 5);
        foreach (var kmh in known.Kmh.Take(first..last))
        {
            metres += kmh / 3.6 / SamplesPerSecond;
            if (stands) standing++;
            if (!stands && kmh < 5) (stands, stops) = (true, stops + 1);
            else if (stands && kmh > 10) stands = false;
        }

        return (stops, standing / SamplesPerSecond, Math.Max(0, ((last - first) / SamplesPerSecond) - (metres / (40 / 3.6))));
    }

    /// <summary>Whole journeys that ended within the time, but for those that had begun when the cameras were switched on.</summary>
    public IReadOnlyList<VehicleJourney> Journeys =>
        [.. _junction.Truth.Journeys.Where(j => j.EnteredAt >= TimeSpan.FromSeconds(SettleSeconds) && j.LeftAt <= TimeSpan.FromSeconds(_seconds - EndSeconds))];

    /// <summary>Cameras and trackers need a moment: what began before is neither right nor wrong.</summary>
    private const double SettleSeconds = 3;

    private const double EndSeconds = 3;

    public JourneyScore Score(IReadOnlyList<Journey> journeys)
    {
        var counted = journeys.Where(j => j.IsWhole).ToLookup(j => (j.Approach!.Value, j.Exit!.Value));
        var happened = _junction.Truth.Journeys.ToLookup(j => (j.Approach, j.Exit));
        var judged = Journeys.ToHashSet();
        var matched = new List<MatchedJourney>();
        var missed = new List<VehicleJourney>();
        var extra = new List<Journey>();
        foreach (var key in counted.Select(c => c.Key).Union(happened.Select(h => h.Key)))
        {
            var rows = counted[key].OrderBy(j => j.EnteredAt).ToList();
            var truths = happened[key].OrderBy(j => j.EnteredAt).ToList();
            var matches = CrossingMatcher.Match(
                [.. truths.Select(t => (t.EnteredAt.TotalSeconds + AtTheGateAfter, !judged.Contains(t)))],
                [.. rows.Select(r => (r.EnteredAt!.Value - SyntheticObservations.Start).TotalSeconds)], ToleranceSeconds);
            for (var t = 0; t < truths.Count; t++)
            {
                if (!judged.Contains(truths[t])) continue;
                if (matches[t] >= 0) matched.Add(new MatchedJourney(truths[t], rows[matches[t]]));
                else missed.Add(truths[t]);
            }

            // Of vehicles that have not left yet, or not whole within the time, nothing is judged.
            extra.AddRange(rows.Where((r, i) => !matches.Contains(i) && IsJudged(r)));
        }

        return new JourneyScore(matched, missed, extra);
    }

    // The gate lies behind the stop line, and the middle of a vehicle behind its front.
    private const double AtTheGateAfter = 0.7;

    private bool IsJudged(Journey journey) =>
        (journey.EnteredAt - SyntheticObservations.Start)!.Value.TotalSeconds >= SettleSeconds + 2 && (journey.LeftAt - SyntheticObservations.Start)!.Value.TotalSeconds <= _seconds - EndSeconds - 2;

    public static VehicleClass ClassOf(VehicleJourney journey) => journey.Class;

    /// <summary>Of vehicles that passed the stop line within the time.</summary>
    public int Entered(ApproachId approach) => _junction.Truth.Entries.Count(e => e.Approach == approach && e.Time.TotalSeconds <= _seconds);
}

internal sealed record JourneyScore(IReadOnlyList<MatchedJourney> Matched, IReadOnlyList<VehicleJourney> Missed, IReadOnlyList<Journey> Extra)
{
    public double Precision => Matched.Count + Extra.Count == 0 ? double.NaN : (double)Matched.Count / (Matched.Count + Extra.Count);

    public double Recall => Matched.Count + Missed.Count == 0 ? double.NaN : (double)Matched.Count / (Matched.Count + Missed.Count);
}
