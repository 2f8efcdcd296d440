using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Signals.Performance;

/// <summary>A dot of the Purdue coordination diagram: when a vehicle comes to the stop line, or would if nothing held it up.</summary>
/// <param name="SecondsInCycle">Since the begin of red.</param>
public readonly record struct CoordinationPoint(DateTimeOffset Arrival, int Cycle, double SecondsInCycle, SignalColour Colour);

/// <summary>
/// Data of the Purdue coordination diagram of one movement (Day, Bullock and others, Performance Measures for Traffic Signal Systems, Purdue University 2014):
/// cycles from red to red, and arrivals in them. Only cycles that were watched whole have arrivals, so that none seem empty that nobody saw.
/// </summary>
/// <param name="Cycles">Of these, whether each was watched whole.</param>
public sealed record CoordinationDiagram(ImmutableArray<(MovementCycle Cycle, bool IsWatched)> Cycles, ImmutableArray<CoordinationPoint> Points)
{
    /// <summary>Arrivals on green (amber is none) of all.</summary>
    public Share OnGreen => new(Points.Count(p => p.Colour == SignalColour.Green), Points.Length);

    public Share OnRed => new(Points.Count(p => p.Colour == SignalColour.Red), Points.Length);

    /// <summary>Green of the watched cycles over their length; null without any.</summary>
    public double? GreenRatio => Cycles.Where(c => c.IsWatched).Sum(c => c.Cycle.CycleSeconds) is > 0 and var all ? Cycles.Where(c => c.IsWatched).Sum(c => c.Cycle.GreenSeconds) / all : null;

    /// <summary>R_p of HCM 2000: part arriving on green over the green ratio; 1 where arrivals do not depend on the signal, above where they come in its green.</summary>
    public Estimate? PlatoonRatio => OnGreen.Value is { } share && GreenRatio is > 0 and var ratio ? new Estimate(share / ratio, OnGreen.Low / ratio, OnGreen.High / ratio) : null;

    /// <param name="arrivals">At the stop line, as <see cref="Arrival"/> tells or a detector upstream and the way from there.</param>
    public static CoordinationDiagram Of(IReadOnlyList<MovementCycle> cycles, IEnumerable<DateTimeOffset> arrivals, IntervalSet watched)
    {
        var seen = cycles.Select(c => watched.Covers(c.Span)).ToArray();
        var points = ImmutableArray.CreateBuilder<CoordinationPoint>();
        var i = 0;
        foreach (var arrival in arrivals.Order())
        {
            while (i < cycles.Count && cycles[i].EndOfAmber <= arrival) i++;
            if (i == cycles.Count) break;
            if (arrival >= cycles[i].Red && seen[i]) points.Add(new CoordinationPoint(arrival, i, cycles[i].Within(arrival), cycles[i].ColourAt(arrival)));
        }

        return new CoordinationDiagram([.. cycles.Zip(seen)], points.ToImmutable());
    }

    /// <summary>Arrivals on green and red of each watched cycle.</summary>
    public IEnumerable<(MovementCycle Cycle, int OnGreen, int OnAmber, int OnRed)> ByCycle()
    {
        var points = Points.ToLookup(p => p.Cycle);
        for (var i = 0; i < Cycles.Length; i++)
        {
            if (!Cycles[i].IsWatched) continue;
            var of = points[i].ToList();
            yield return (Cycles[i].Cycle, of.Count(p => p.Colour == SignalColour.Green), of.Count(p => p.Colour == SignalColour.Amber), of.Count(p => p.Colour == SignalColour.Red));
        }
    }

    /// <summary>
    /// When a vehicle would have come to its stop line without the delay that it had, which is taken as had before it: at the earliest when it was first seen.
    /// Null where nobody saw it enter.
    /// </summary>
    public static DateTimeOffset? Arrival(Journey journey)
    {
        if (journey.EnteredAt is not { } entered) return null;
        var free = entered.AddSeconds(-Math.Max(0, journey.DelaySeconds));
        return free < journey.FirstSeenAt && journey.FirstSeenAt <= entered ? journey.FirstSeenAt : free;
    }
}
