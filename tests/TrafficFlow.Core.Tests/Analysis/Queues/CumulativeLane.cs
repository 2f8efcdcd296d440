using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Tests.Analysis.Queues;

/// <summary>
/// One lane by cumulative curves alone: Poisson arrivals, a headway of saturation, vehicles of 7 m that stand until the start has run back to them. No camera and no driver of the simulation is in it.
/// Seconds since <see cref="Zero"/>.
/// </summary>
internal sealed class CumulativeLane
{
    public static readonly DateTimeOffset Zero = new(2026, 6, 1, 7, 0, 0, TimeSpan.FromHours(9));
    public static readonly ApproachId North = new("north");
    public static readonly ApproachId South = new("south");

    public const double Spacing = 7;
    public const double GateToLine = 3;
    private const double Speed = 11;
    private const double Headway = 2;
    private const double Start = 2.5;
    private const double StopDelay = 6.4;
    private const double Wave = Spacing / (Headway - (Spacing / Speed));

    public required double CycleSeconds { get; init; }

    public required double GreenSeconds { get; init; }

    /// <summary>How far back from the stop line vehicles are seen.</summary>
    public required double SeenMetres { get; init; }

    public List<Journey> Journeys { get; } = [];

    /// <summary>By end of the cycle: rear of the last vehicle that queued.</summary>
    public Dictionary<DateTimeOffset, double> Backs { get; } = [];

    public double GreenBegin(int cycle) => (cycle * CycleSeconds) + CycleSeconds - GreenSeconds;

    /// <param name="lateral">Where the lane lies.</param>
    public CumulativeLane Run(int seed, double seconds, double perHour, double lateral, ApproachId approach)
    {
        var random = new Random(seed);
        var (arrival, before, cycle, stack) = (0.0, double.NegativeInfinity, 0, 0.0);
        for (var number = 1; ; number++)
        {
            arrival = Math.Max(arrival + 1, arrival + (-Math.Log(1 - random.NextDouble()) * 3600 / perHour));
            if (arrival > seconds) return this;
            var leaves = Math.Max(arrival, before + Headway + (0.3 * (random.NextDouble() - 0.5)));
            var waits = false;
            while (leaves > GreenBegin(cycle) + GreenSeconds + 2)
            {
                // What is left over stands there until the cycle ends.
                if (arrival < GreenBegin(cycle) + GreenSeconds) Note(cycle, stack + Spacing - 2 + 1);
                (cycle, stack) = (cycle + 1, 0);
            }

            if (leaves < GreenBegin(cycle) + Start) (leaves, waits) = (GreenBegin(cycle) + Start, true);
            var rear = stack + Spacing - 2 + 1;
            var queued = leaves - arrival > StopDelay;
            if (queued) Note(cycle, rear);
            else Note(cycle, 0);
            Add(number, approach, lateral, random, arrival, leaves, rear, queued || waits);
            (before, stack) = (leaves, stack + Spacing);
        }
    }

    public ISignalPhases Signals => new Phases(this);

    private void Note(int cycle, double rear)
    {
        var end = Zero.AddSeconds(GreenBegin(cycle) + GreenSeconds);
        Backs[end] = Math.Max(rear, Backs.GetValueOrDefault(end));
    }

    private void Add(int number, ApproachId approach, double lateral, Random random, double arrival, double leaves, double rear, bool queued)
    {
        var isSeenStanding = queued && rear < SeenMetres;
        var begin = leaves - (rear / Wave) - (rear / Speed);
        var comesIntoSight = !queued || isSeenStanding ? arrival - (SeenMetres / Speed) : Math.Max(arrival - (SeenMetres / Speed), begin + (rear / Wave) + ((rear - SeenMetres) / Speed));
        Journeys.Add(new Journey(number, approach, South, Second(leaves), Second(leaves + 3), VehicleClass.PassengerCar, 0.9)
        {
            FirstSeenAt = Second(Math.Min(leaves, comesIntoSight + (0.5 * random.NextDouble()))),
            LastSeenAt = Second(leaves + 4),
            LateralMetres = lateral + (0.4 * (random.NextDouble() - 0.5)),
            QueuedAt = isSeenStanding ? Second(arrival - (rear / Speed) + 2) : null,
            QueuedMetres = isSeenStanding ? rear + GateToLine + (random.NextDouble() - 0.5) : null,
            Cameras = 2,
        });
    }

    private static DateTimeOffset Second(double seconds) => Zero.AddSeconds(Math.Floor(seconds));

    private sealed class Phases(CumulativeLane lane) : ISignalPhases
    {
        public IEnumerable<SignalPhase> Overlapping(ApproachId approach, Interval interval)
        {
            for (var cycle = 0; ; cycle++)
            {
                var (begin, end) = (Zero.AddSeconds(lane.GreenBegin(cycle)), Zero.AddSeconds(lane.GreenBegin(cycle) + lane.GreenSeconds));
                if (begin >= interval.To) yield break;
                if (end > interval.From) yield return new SignalPhase(approach, [Movement.To(South)], SignalColour.Green, new Interval(begin, end));
            }
        }
    }
}
