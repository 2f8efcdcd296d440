using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Simulation;

/// <summary>A vehicle's front passed the stop line of its approach.</summary>
/// <param name="Time">Since time zero of the simulation.</param>
public sealed record StopLinePassage(long Vehicle, VehicleClass Class, ApproachId Approach, ApproachId Exit, TimeSpan Time, double SpeedKmh);

/// <summary>A vehicle's whole way over the junction, known once its front has passed the exit line.</summary>
/// <param name="EnteredAt">Its front passed the stop line; negative for a vehicle that was on the junction at time zero.</param>
/// <param name="LeftAt">Its front passed the exit line.</param>
public sealed record VehicleJourney(
    long Vehicle,
    VehicleClass Class,
    ApproachId Approach,
    ApproachId Exit,
    TimeSpan EnteredAt,
    TimeSpan LeftAt,
    double EnterSpeedKmh,
    double LeaveSpeedKmh);

/// <summary>One stream that is counted.</summary>
public readonly record struct TrueStream(ApproachId Approach, Movement Movement, VehicleClass Class);

/// <summary>What really happened since time zero, in order of time: what a counter is measured against.</summary>
public sealed class JunctionTruth
{
    private readonly List<StopLinePassage> _entries = [];
    private readonly List<VehicleJourney> _journeys = [];

    public IReadOnlyList<StopLinePassage> Entries => _entries;

    public IReadOnlyList<VehicleJourney> Journeys => _journeys;

    /// <summary>
    /// Vehicles per stream before <paramref name="end"/>, in Core's words: entering at the stop line, "to EXIT" and exiting at the exit
    /// line. A vehicle that was already on the junction at time zero exits, but belongs to no movement.
    /// </summary>
    public IReadOnlyDictionary<TrueStream, int> Counts(TimeSpan end) => Counts(TimeSpan.Zero, end);

    /// <summary>As above, within [<paramref name="start"/>, <paramref name="end"/>); a movement belongs to the time of its end.</summary>
    public IReadOnlyDictionary<TrueStream, int> Counts(TimeSpan start, TimeSpan end)
    {
        var counts = new Dictionary<TrueStream, int>();
        foreach (var entry in _entries)
        {
            if (IsWithin(entry.Time)) Add(entry.Approach, Movement.Entering, entry.Class);
        }

        foreach (var journey in _journeys)
        {
            if (!IsWithin(journey.LeftAt)) continue;
            Add(journey.Exit, Movement.Exiting, journey.Class);
            if (journey.EnteredAt >= TimeSpan.Zero) Add(journey.Approach, Movement.To(journey.Exit), journey.Class);
        }

        return counts;

        bool IsWithin(TimeSpan time) => time >= start && time < end;

        void Add(ApproachId approach, Movement movement, VehicleClass vehicleClass)
        {
            var stream = new TrueStream(approach, movement, vehicleClass);
            counts[stream] = counts.GetValueOrDefault(stream) + 1;
        }
    }

    /// <summary>As above, but a movement belongs to the time of its beginning.</summary>
    public IReadOnlyDictionary<TrueStream, int> CountsByEntry(TimeSpan start, TimeSpan end)
    {
        var counts = Counts(start, end).Where(c => c.Key.Movement == Movement.Entering || c.Key.Movement == Movement.Exiting).ToDictionary();
        foreach (var journey in _journeys.Where(j => j.EnteredAt >= start && j.EnteredAt < end))
        {
            var stream = new TrueStream(journey.Approach, Movement.To(journey.Exit), journey.Class);
            counts[stream] = counts.GetValueOrDefault(stream) + 1;
        }

        return counts;
    }

    internal void Add(StopLinePassage entry) => _entries.Add(entry);

    internal void Add(VehicleJourney journey) => _journeys.Add(journey);
}
