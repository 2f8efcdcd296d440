using System.Collections.Immutable;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Tests.Analysis.Studies;

/// <summary>A plan that runs from some second on: both streets in turn, 3 s of amber and 2 s of red after each.</summary>
internal sealed record RunningPlan(double FromSeconds, double MainGreen, double SideGreen)
{
    public double Cycle => MainGreen + SideGreen + 10;
}

/// <summary>
/// A junction as textbooks have it, one lane on each arm: Poisson arrivals wait, the first passes 2 s after its green begins, one more each 2 s, amber is used for 2 s. Delay and queue are those of
/// a queue that stands on a point.
/// </summary>
internal sealed class QueuedJunction(int seed, DateTimeOffset start, double seconds, params RunningPlan[] plans)
{
    public static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
    public static readonly ApproachId North = new("north");
    public static readonly ApproachId East = new("east");
    public static readonly ApproachId South = new("south");
    public static readonly ApproachId West = new("west");

    private const double Headway = 2;
    private const double SpeedMetres = 11.1;

    private static readonly ApproachId[] s_arms = [North, East, South, West];

    private readonly Random _random = new(seed);
    private readonly List<Journey> _journeys = [];
    private readonly Dictionary<ApproachId, double[]> _queued = [];

    /// <summary>Part of the vehicles whose exit nobody saw.</summary>
    public double UnknownExits { get; init; } = 0.02;

    public double HeavyShare { get; init; } = 0.1;

    /// <summary>Part that turns across the opposite traffic.</summary>
    public double AcrossShare { get; init; } = 0.15;

    /// <param name="perHour">At a second.</param>
    public QueuedJunction Add(ApproachId approach, Func<double, double> perHour)
    {
        var arm = Array.IndexOf(s_arms, approach);
        var isMain = arm % 2 == 0;
        var queued = new double[(int)(seconds / 60) + 2];
        _queued[approach] = queued;
        var arrival = NextArrival(0, perHour);
        foreach (var (from, to) in Greens(isMain))
        {
            var next = from + 2;
            while (Math.Max(arrival, next) is var at && at <= to + 2 && at < seconds)
            {
                Pass(approach, arm, arrival, at + (0.2 * Normal()));
                for (var t = arrival; t < at; t += 1) queued[Math.Min(queued.Length - 1, (int)(t / 60))]++;
                next = at + Headway;
                arrival = NextArrival(arrival, perHour);
            }
        }

        return this;
    }

    /// <param name="blind">When an approach was not watched, seconds; its vehicles are in no list then.</param>
    public JunctionRecord Record(params (ApproachId Approach, double From, double To)[] blind)
    {
        var span = new Interval(start, start.AddSeconds(seconds));
        ImmutableArray<ApproachRecord> approaches =
        [
            .. s_arms.Where(_queued.ContainsKey).Select(a => new ApproachRecord(
                a, a.Value, Watched(a), [.. _queued[a].Take((int)(seconds / 60)).Select((q, i) => new QueueReading(a, start.AddMinutes(i), new QueueSums(60, q * 7, Math.Ceiling(q / 30) * 7, q, (int)Math.Ceiling(q / 30))))
                    .Where(q => Watched(a).Contains(q.From))], 50)),
        ];
        return new JunctionRecord(
            new SiteId("kokandori"), "鋼管通り", Zone, span, approaches,
            [.. approaches.Select(a => new CameraRecord(new CameraId($"cam-{a.Approach}"), a.Watched, IntervalSet.Empty, [a.Approach]))],
            [.. _journeys.Where(j => Watched(j.Approach!.Value).Contains(j.EnteredAt!.Value) && j.LastSeenAt < span.To).OrderBy(j => j.LastSeenAt)]);

        IntervalSet Watched(ApproachId approach)
        {
            var set = IntervalSet.Empty;
            var from = 0.0;
            foreach (var (_, begin, end) in blind.Where(b => b.Approach == approach).OrderBy(b => b.From))
            {
                set = set.Add(new Interval(start.AddSeconds(from), start.AddSeconds(begin)));
                from = end;
            }

            return set.Add(new Interval(start.AddSeconds(from), span.To));
        }
    }

    /// <summary>What a controller would note: begin and end of each green, main phase 2, side phase 4.</summary>
    public IEnumerable<string> Log(double clockSeconds)
    {
        var lines = new List<(DateTimeOffset At, string Event)>();
        foreach (var isMain in new[] { true, false })
        {
            foreach (var (from, to) in Greens(isMain))
            {
                foreach (var (at, code) in new[] { (from, 1), (to, 8), (to + 3, 9) }) lines.Add((start.AddSeconds(at + clockSeconds), FormattableString.Invariant($"{code},{(isMain ? 2 : 4)}")));
            }
        }

        return lines.OrderBy(l => l.At).Select(l => FormattableString.Invariant($"7,{l.At:yyyy-MM-dd'T'HH:mm:ss.fzzz},{l.Event}")).Prepend("SignalId,Timestamp,EventCode,EventParam");
    }

    private IEnumerable<(double From, double To)> Greens(bool isMain)
    {
        var at = 0.0;
        for (var p = 0; p < plans.Length; p++)
        {
            var end = p + 1 < plans.Length ? plans[p + 1].FromSeconds : seconds;
            for (; at < end; at += plans[p].Cycle)
            {
                var begin = isMain ? at : at + plans[p].MainGreen + 5;
                yield return (begin, begin + (isMain ? plans[p].MainGreen : plans[p].SideGreen));
            }
        }
    }

    private void Pass(ApproachId approach, int arm, double arrival, double at)
    {
        var turn = _random.NextDouble();
        var exit = s_arms[(arm + (turn < 0.2 ? 1 : turn < 1 - AcrossShare ? 2 : 3)) & 3];
        var delay = Math.Max(0, at - arrival);
        _journeys.Add(new Journey(_journeys.Count + 1, approach, _random.NextDouble() < UnknownExits ? null : exit, start.AddSeconds(at), start.AddSeconds(at + 4), _random.NextDouble() < HeavyShare ? VehicleClass.HeavyGoods : VehicleClass.PassengerCar, 0.9)
        {
            FirstSeenAt = start.AddSeconds(arrival - (50 / SpeedMetres)),
            LastSeenAt = start.AddSeconds(at + 5),
            DistanceMetres = 90,
            DelaySeconds = delay,
            Stops = delay > 3 ? 1 : 0,
            EnterSpeedKmh = 40,
            LateralMetres = 0,
            Cameras = 1,
        });
    }

    private double NextArrival(double from, Func<double, double> perHour)
    {
        // Thinning: the rate changes over the day.
        const double Most = 2_000;
        for (; ; )
        {
            from -= 3600 / Most * Math.Log(1 - _random.NextDouble());
            if (from > seconds || _random.NextDouble() * Most < perHour(from)) return from;
        }
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
