using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;

namespace TrafficFlow.Analysis.Congestion;

/// <summary>What was measured of one approach over one interval, as sums, so that longer intervals come from shorter ones.</summary>
/// <param name="Vehicles">Journeys that ended within it.</param>
/// <param name="Metres">Way of them all, as far as they were seen.</param>
/// <param name="Seconds">Time that they took for it.</param>
/// <param name="DelaySeconds">Of this, beyond what free flow takes.</param>
/// <param name="Observed">For how long the approach was watched.</param>
public sealed record ApproachInterval(Interval Span, int Vehicles, double Metres, double Seconds, double DelaySeconds, int Stops, TimeSpan Observed)
{
    /// <summary>The queue before the approach; null where nothing measured it.</summary>
    public QueueSums? Queue { get; init; }

    /// <summary>How far back from the stop line the cameras see, metres; null where it is not known. A queue that reaches so far may be longer.</summary>
    public double? SeenMetres { get; init; }

    public double ObservedShare => Span.Length > TimeSpan.Zero ? Observed / Span.Length : 0;

    /// <summary>The longest queue reached as far back as the cameras see, but for a car's length: its end was out of sight.</summary>
    public bool IsBeyondSight => Queue is { } queue && SeenMetres is { } seen && queue.MaxMetres >= seen - CarMetres;

    /// <summary>
    /// A queue stood all the time: its mean comes near its longest, or as far as anybody sees. One that is gone once a cycle has a mean of half of its longest at the most.
    /// </summary>
    public bool NeverCleared => Queue is { Seconds: > 0, MaxVehicles: > 0 } queue
        && queue.MeanMetres >= StandingShare * (SeenMetres is { } seen ? Math.Min(queue.MaxMetres, seen - CarMetres) : queue.MaxMetres);

    /// <summary>Edie's space-mean speed over what was seen, km/h; null where nothing moved.</summary>
    public double? SeenSpeedKmh => Seconds > 0 ? Metres / Seconds * 3.6 : null;

    // A standing car with the gap behind it.
    private const double CarMetres = 7;

    // Between the half of a queue that clears and the whole of one that stands, near the whole: cut by the end of sight, a queue that clears may come to three quarters.
    private const double StandingShare = 0.9;

    /// <summary>From journeys that ended within the interval; those that were still on the way belong to the next.</summary>
    /// <param name="observed">For how long the approach was watched.</param>
    public static ApproachInterval Of(Interval span, IEnumerable<Journey> journeys, TimeSpan observed)
    {
        var sums = new ApproachInterval(span, 0, 0, 0, 0, 0, observed);
        foreach (var journey in journeys)
        {
            // A part that is counted ahead has no way yet: it comes with the rest.
            if (journey.Part == JourneyPart.EntryAhead || journey.LastSeenAt < span.From || journey.LastSeenAt >= span.To) continue;
            var seconds = ((journey.LeftAt ?? journey.LastSeenAt) - journey.FirstSeenAt).TotalSeconds;
            if (seconds <= 0 || journey.DistanceMetres <= 0) continue;
            sums = sums with
            {
                Vehicles = sums.Vehicles + 1,
                Metres = sums.Metres + journey.DistanceMetres,
                Seconds = sums.Seconds + seconds,
                DelaySeconds = sums.DelaySeconds + journey.DelaySeconds,
                Stops = sums.Stops + journey.Stops,
            };
        }

        return sums;
    }
}
