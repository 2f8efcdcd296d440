using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Simulators;

/// <summary>Lanes that some turns of an approach share.</summary>
public sealed record SharedLanes(ApproachId Approach, ImmutableArray<ApproachId> Exits, int Lanes);

/// <summary>A junction model made from a site file and from what was measured, and what it assumes because neither tells it.</summary>
/// <param name="Assumptions">Sentences for whoever reads the results.</param>
public sealed record SiteJunction(JunctionModel Model, ImmutableArray<string> Assumptions)
{
    /// <summary>Long enough for most queues; who queues beyond it waits before it, and that is delay too.</summary>
    private const double ArmMetres = 300;

    private static readonly string[] s_compass = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"];

    /// <summary>Where one drives on the left: IANA names or what they begin with.</summary>
    private static readonly string[] s_left =
    [
        "Asia/Tokyo", "Japan", "Europe/London", "Europe/Dublin", "Europe/Malta", "Asia/Nicosia", "Australia/", "Pacific/Auckland", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Kuala_Lumpur", "Asia/Bangkok",
        "Asia/Jakarta", "Asia/Kolkata", "Asia/Calcutta", "Asia/Karachi", "Asia/Colombo", "Asia/Dhaka", "Asia/Kathmandu", "Africa/Johannesburg", "Africa/Nairobi",
    ];

    /// <summary>Whether one drives on the left where a time zone is; the site file does not say it.</summary>
    public static bool DrivesOnLeft(TimeZoneInfo zone) => s_left.Any(z => zone.Id.StartsWith(z, StringComparison.Ordinal));

    /// <param name="lanes">Of every approach on which somebody arrives.</param>
    /// <param name="speedKmh">By approach: what is driven there; without it 40 is assumed.</param>
    /// <exception cref="SimulatorException">No junction can be made of it.</exception>
    public static SiteJunction Of(Site site, IReadOnlyList<SharedLanes> lanes, IReadOnlyDictionary<ApproachId, double> speedKmh, IReadOnlyDictionary<ApproachId, double> seenMetres)
    {
        var assumptions = ImmutableArray.CreateBuilder<string>();
        var isLeft = DrivesOnLeft(site.TimeZone);
        assumptions.Add($"traffic drives on the {(isLeft ? "left" : "right")}, as in {site.TimeZone.Id}");
        var arms = site.Approaches.Select(a => a.Id).Where(a => lanes.Any(l => l.Approach == a || l.Exits.Contains(a))).ToList();
        if (arms.Count < 3) throw new SimulatorException($"{site.Id} has {arms.Count} arms with traffic, and a junction that is simulated has at least three");
        var bearings = BearingsOf(site, arms, assumptions);
        assumptions.Add(string.Create(CultureInfo.InvariantCulture, $"each arm is {ArmMetres:0} m long, without a turn lane that begins later, and level; people who cross are not simulated"));
        var bare = new JunctionModel(isLeft, [.. arms.Select(a => new ArmModel(a, bearings[a], [], ExitLanesOf(a), SpeedOf(a), ArmMetres) { SeenMetres = seenMetres.TryGetValue(a, out var seen) ? Math.Min(seen, ArmMetres - 10) : null })]);
        if (arms.Any(a => !speedKmh.ContainsKey(a))) assumptions.Add("where no speed was measured 40 km/h is driven");
        assumptions.Add("on each arm as many lanes leave as its fullest turn needs, at least one");
        var model = bare with { Arms = [.. bare.Arms.Select(a => a with { Lanes = LanesOf(bare, a.Approach, lanes) })] };
        return new SiteJunction(model.Validated(), assumptions.ToImmutable());

        double SpeedOf(ApproachId arm) => speedKmh.TryGetValue(arm, out var speed) ? Math.Clamp(speed, 20, 80) : 40;

        int ExitLanesOf(ApproachId arm) => lanes.Where(l => l.Exits.Contains(arm)).Select(l => l.Lanes).DefaultIfEmpty(0).Max();
    }

    private static Dictionary<ApproachId, double> BearingsOf(Site site, List<ApproachId> arms, ImmutableArray<string>.Builder assumptions)
    {
        var gates = GroundGates.Of(site).Where(g => arms.Contains(g.Approach)).GroupBy(g => g.Approach).ToDictionary(g => g.Key, g => MiddleOf([.. g]));
        if (arms.TrueForAll(gates.ContainsKey))
        {
            var (x, y) = (gates.Values.Average(g => g.X), gates.Values.Average(g => g.Y));
            var measured = gates.ToDictionary(g => g.Key, g => ((Math.Atan2(g.Value.X - x, g.Value.Y - y) * 180 / Math.PI) + 360) % 360);
            assumptions.Add("arms lie where the calibrated gates do, with y of the ground towards the north");
            return measured;
        }

        if (arms.TrueForAll(a => s_compass.Contains(a.Value)))
        {
            assumptions.Add("arms lie as their names say: not every gate is calibrated");
            return arms.ToDictionary(a => a, a => 45.0 * Array.IndexOf(s_compass, a.Value));
        }

        assumptions.Add("arms lie at equal angles, clockwise in the order of the site file: not every gate is calibrated");
        return arms.Select((a, i) => (a, 360.0 * i / arms.Count)).ToDictionary(a => a.a, a => a.Item2);
    }

    private static (double X, double Y) MiddleOf(IReadOnlyList<GroundGate> gates) => (gates.Average(g => g.Middle.X), gates.Average(g => g.Middle.Y));

    /// <summary>From the kerb: turns round the kerb, ahead, over the opposite lanes. Of several lanes that turns share the outer ones serve them, and all serve who goes ahead.</summary>
    private static ImmutableArray<ArrivingLane> LanesOf(JunctionModel junction, ApproachId approach, IReadOnlyList<SharedLanes> all)
    {
        var arriving = ImmutableArray.CreateBuilder<ArrivingLane>();
        foreach (var shared in all.Where(l => l.Approach == approach).OrderBy(l => l.Exits.Average(e => (double)junction.SideOf(new TurnId(approach, e)))))
        {
            var bySide = shared.Exits.ToLookup(e => junction.SideOf(new TurnId(approach, e)));
            for (var i = 0; i < shared.Lanes; i++)
            {
                ImmutableArray<ApproachId> exits =
                [
                    .. i == 0 || !bySide[TurnSide.Through].Any() ? bySide[TurnSide.Near] : [], .. bySide[TurnSide.Through], .. i == shared.Lanes - 1 || !bySide[TurnSide.Through].Any() ? bySide[TurnSide.Across] : [],
                ];
                arriving.Add(new ArrivingLane(exits));
            }
        }

        return arriving.ToImmutable();
    }
}
